"""Where what portals tell is taken in: who says it, how often they may, and of what."""

import hashlib
import hmac
import secrets
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from starlette.requests import Request
from starlette.responses import Response

from hub.feed.rpde import opportunity_address
from hub.model.opportunity import utc
from hub.store import Connection, pages
from hub.store.feedback import reports, usage
from hub.store.feedback.reports import ANONYMOUS, Reader, Said
from hub.store.feedback.usage import Batch, Count
from hub.store.keys import KeyRow
from hub.store.views import extents
from hub.web.access.callers import caller
from hub.web.access.gate import holder, refused
from hub.web.access.limit_fields import fields
from hub.web.access.quota import Quota, Taken, Windows
from hub.web.access.readers import Readers
from hub.web.pages.opportunities import gone
from hub.web.problems import problem
from hub.web.reports.words import MOST_DAYS, RecordReport, UsageBatch
from hub.web.site import Site

BY_ADDRESS = Quota("reports-by-address", 10, 3600)
BY_KEY = Quota("reports-by-key", 600, 3600)
BATCHES = Quota("usage", 600, 3600)

_BRUSSELS = ZoneInfo("Europe/Brussels")
_THIS_MACHINE = "this machine"


class Desk:
    """Where what portals tell is taken in."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._readers = Readers(site)
        self._secret = secrets.token_bytes(32)  # kept nowhere, so that marks lead back to no address
        self._windows = Windows()
        self._lock = threading.Lock()

    def file(self, request: Request, identifier: str, told: RecordReport) -> Response:
        """Keep what a reader says to be wrong with an opportunity."""
        reader, taken, quota = self._reader(request, identifier)
        if taken and not taken.granted:
            return _too_often(quota, taken)
        answer = self._filed(identifier, told, reader, holder(request))
        return _limited(answer, quota, taken) if taken else answer

    def count(self, request: Request, told: UsageBatch) -> Response:
        """Add counts, once."""
        key = holder(request)
        if key is None:
            return _unknown_portal()
        taken = self._take(key.id, BATCHES)
        if not taken.granted:
            return _too_often(BATCHES, taken)
        return _limited(self._counted(key, told), BATCHES, taken)

    # Reports ----------------------------------------------------------------------------------------------------

    def _reader(self, request: Request, identifier: str) -> tuple[Reader, Taken | None, Quota]:
        """Return who reports, by key or by a mark of this opportunity only, and what that took of which quota."""
        key = holder(request)
        if key:
            return Reader(key.id, key.id), self._take(key.id, BY_KEY), BY_KEY
        address = caller(request.scope, self._site.access.proxies)
        taken = self._take(address, BY_ADDRESS) if address else None
        said = f"{identifier} {address or _THIS_MACHINE}".encode()
        mark = hmac.new(self._secret, said, hashlib.sha256).hexdigest()[:16]
        return Reader(ANONYMOUS, mark), taken, BY_ADDRESS

    def _filed(self, identifier: str, told: RecordReport, reader: Reader, key: KeyRow | None) -> Response:
        other = self._named(told.duplicate_of)
        with self._site.database.read() as connection:  # what is refused costs no turn to write
            refusal = self._refusal(connection, key, identifier, other)
        if refusal:
            return refusal
        said = Said(identifier, told.reason, told.position, other, told.note)
        with self._site.database.write() as connection:
            filed = reports.add(connection, said, reader, _now())
        if filed is None:
            return problem(409, code="enough-reports")
        return _json({"id": filed.id, "state": filed.state, "repeated": filed.repeated}, 202)

    def _refusal(
        self, connection: Connection, key: KeyRow | None, identifier: str, other: str | None
    ) -> Response | None:
        found = pages.item(connection, identifier)
        if kept := self._readers.admit(connection, key, found).refusal:
            return refused(kept)
        if found is None:
            return problem(404, "There is no opportunity with this id.", code="no-such-opportunity")
        if found.reason is not None:
            return gone(self._site, found)
        if other == identifier:
            return _impossible("duplicateOf", "That is this very opportunity; name the other one.")
        if other is not None and not self._is_known(connection, key, other):
            return _impossible("duplicateOf", "There is no opportunity with this id or address.")
        return None

    def _is_known(self, connection: Connection, key: KeyRow | None, identifier: str) -> bool:
        found = pages.item(connection, identifier)
        return found is not None and self._readers.admit(connection, key, found).refusal is None

    def _named(self, said: str | None) -> str | None:
        """Return the id of an opportunity that is named by its id or its address."""
        return said.removeprefix(opportunity_address(self._site.address, "")) if said is not None else None

    # Counts -----------------------------------------------------------------------------------------------------

    def _counted(self, key: KeyRow, told: UsageBatch) -> Response:
        today = datetime.now(_BRUSSELS).date()
        earliest = today - timedelta(days=MOST_DAYS)
        if not earliest.isoformat() <= told.day <= today.isoformat():
            return _impossible("day", f"Counts are taken of {earliest} to {today}, by days in Brussels.")
        rows = [Count(row.opportunity, row.shown, row.opened, row.applied) for row in told.counts]
        digest = hashlib.sha256(orjson.dumps([told.day, *map(list, sorted(rows))])).digest()
        extent = self._readers.extent(key)
        with self._site.database.write() as connection:
            known = None if extent.is_whole else extents.told(connection, extent, {row.opportunity for row in rows})
            found = usage.add(connection, Batch(key.id, told.batch, told.day, digest), rows, _now(), known=known)
        if found is None:
            return problem(409, code="batch-differs")
        return _json({"counted": found.counted, "ignored": found.ignored, "repeated": found.repeated})

    def _take(self, reader: str, quota: Quota) -> Taken:
        with self._lock:
            return self._windows.take(f"{quota.name} {reader}", quota, time.monotonic())


def _unknown_portal() -> Response:
    answer = problem(401, "Counts are taken from who has a key of this hub.", code="key-required")
    answer.headers["www-authenticate"] = "Bearer"
    return answer


def _too_often(quota: Quota, taken: Taken) -> Response:
    whose = "An address without a key" if quota is BY_ADDRESS else "A key"
    violated: dict[str, Any] = {"violated-policies": [quota.name]}
    detail = f"{whose} may send {quota.requests:,} of these an hour, and has; go on in {taken.seconds:,} seconds."
    answer = problem(429, detail, **violated)
    answer.headers["retry-after"] = str(taken.seconds)
    return _limited(answer, quota, taken)


def _limited(answer: Response, quota: Quota, taken: Taken) -> Response:
    """Tell of the quota, beside that of all requests."""
    answer.raw_headers.extend(fields(quota, taken))
    return answer


def _impossible(field: str, said: str) -> Response:
    """Say which value is possible by its form, but not as things are."""
    return problem(409, said, errors=[{"pointer": f"#/{field}", "detail": said}])


def _json(said: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(said), status, {"cache-control": "no-store"}, "application/json")


def _now() -> str:
    return utc(datetime.now(UTC))
