"""Who looks at every request: whose it is, whether its key holds, and what it takes of whose quota."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from starlette.types import Scope

from hub.model.opportunity import utc
from hub.store.keys import KeyRow
from hub.store.keys.keyring import Keyring
from hub.views import View
from hub.web.access import NOTHING, UNKNOWN, Refusal, Sent, judged, sent
from hub.web.access.callers import caller, forwarded_by_a_proxy
from hub.web.access.limit_fields import Field, fields
from hub.web.access.quota import Quota, Taken, Windows
from hub.web.access.usage import Usage
from hub.web.site import Site

_PASSED = "schakel.passed"

_log = logging.getLogger(__name__)


class Passed(NamedTuple):
    """What is known of a request once it was looked at: its key, or why it is refused, and what it took of a quota."""

    key: KeyRow | None = None
    refusal: Refusal | None = None
    quota: Quota | None = None
    taken: Taken | None = None

    @property
    def exhausted(self) -> bool:
        """Whether there was nothing left of the quota."""
        return self.taken is not None and not self.taken.granted

    @property
    def fields(self) -> Sequence[Field]:
        """The header fields that tell of the quota."""
        return fields(self.quota, self.taken) if self.quota and self.taken else ()


def passed(scope: Scope) -> Passed | None:
    """Return what is known of a request; None while nobody has looked at it."""
    found: Passed | None = scope.get(_PASSED)
    return found


def _now() -> str:
    return _written(int(time.time()))


@lru_cache(maxsize=2)
def _written(second: int) -> str:
    return utc(datetime.fromtimestamp(second, UTC))


class Porter:
    """Looks at requests.

    Args:
        site: whose views these are, and how often readers may ask.
        clock: seconds that only go forward.
        now: the moment, ISO 8601 in UTC.
    """

    def __init__(
        self, site: Site, *, clock: Callable[[], float] = time.monotonic, now: Callable[[], str] = _now
    ) -> None:
        self._proxies = site.access.proxies
        self._clock = clock
        self._now = now
        self._ring = Keyring(site.database)
        self._usage = Usage(self._ring.note_used)
        self._windows = Windows()
        self._anonymous = Quota.of("address", site.access.rate)
        self._keyed = Quota.of("key", site.access.keyed_rate)
        self._warned = False

    def look(self, scope: Scope) -> Passed:
        """Return what is known of a request, and keep it with the request: it takes from a quota only once."""
        found: Passed | None = scope.get(_PASSED)
        if found is None:
            found = scope[_PASSED] = self._look(scope)
        return found

    def opens(self, key: KeyRow | None, view: View) -> bool:
        """Tell whether a key opens a view now, where it did when the answer began."""
        found = self._ring.find(key.id) if key else None
        return found is not None and found.state(self._now()) == "live" and found.opens(view.id)

    def _look(self, scope: Scope) -> Passed:
        """Return whose request it is; one without a key that holds takes from what its address may ask."""
        given = sent(scope["headers"], scope["query_string"])
        if given is NOTHING or given.refusal:
            return self._take_by_address(scope, given.refusal)
        return self._look_up(scope, given)

    def _look_up(self, scope: Scope, given: Sent) -> Passed:
        """Return the key of a request; one that is not in memory costs a query, so its address pays for that."""
        paid = None if self._ring.known(given.id) else self._take_by_address(scope, UNKNOWN)
        if paid and paid.exhausted:
            return paid
        key = self._ring.find(given.id)
        refusal = judged(key, given.text, self._now())
        if key and not refusal:
            self._usage.note(key.id)
            return self._take_by_key(key)
        if key and refusal is not UNKNOWN:
            _log.info("a request with %r was refused: its key does not hold any more", key)
        return paid._replace(refusal=refusal) if paid else self._take_by_address(scope, refusal)

    def _take_by_key(self, key: KeyRow) -> Passed:
        own = key.grant.rate
        quota = Quota.of("key", own) if own else self._keyed
        return Passed(key, None, quota, self._windows.take(f"key {key.id}", quota, self._clock()))

    def _take_by_address(self, scope: Scope, refusal: Refusal | None) -> Passed:
        address = caller(scope, self._proxies)
        if address is None:
            return Passed(None, refusal)
        if not (self._proxies or self._warned) and forwarded_by_a_proxy(scope):
            self._warned = True
            _log.warning(
                "requests come through a proxy, so all readers without a key share one quota; say how many proxies of "
                "yours stand before the hub: access.proxies in hub.toml"
            )
        quota = self._anonymous
        return Passed(None, refusal, quota, self._windows.take(address, quota, self._clock()))
