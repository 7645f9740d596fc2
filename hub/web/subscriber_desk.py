"""Where subscribers are registered and managed: each its own, with its own token."""

import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from fastapi.security import HTTPAuthorizationCredentials
from starlette.requests import Request
from starlette.responses import Response

from hub.model.opportunity import utc
from hub.push import is_token, new_identifier, new_secret, new_token
from hub.store import Connection, deliveries, push, subscribers
from hub.store.subscribers import SubscriberRow, Wanted
from hub.views import View
from hub.web.access import barred
from hub.web.gate import holder
from hub.web.hooks import Hooks
from hub.web.problem import problem
from hub.web.site import Site
from hub.web.subscriber_words import Change, Registration, shown, shown_deliveries

ROTATION_SECONDS = 24 * 3600
"""How long the old secret signs beside the new one."""

_UNPROVED = 10
_PROOFS = 6
_PAGE = 50
_DIGITS = 15

Credentials = HTTPAuthorizationCredentials | None


class Refused(Exception):
    """What was asked for cannot be done."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


class Desk:
    """Where subscribers are registered and managed; what cannot be done is raised as a refusal."""

    def __init__(self, site: Site, hooks: Hooks) -> None:
        self._site = site
        self._hooks = hooks

    def register(self, request: Request, said: Registration) -> Response:
        """Add a subscriber."""
        self._require_welcome(request)
        url = self._judged(said.url)
        view = self._view(said.view)
        key = self._opening(request, view, None)
        secret, token, identifier = new_secret(), new_token(), new_identifier()
        sealed = self._hooks.vault().seal(secret)
        wanted = Wanted(url, view.id, tuple(said.events), key)
        with self._site.database.write() as connection:
            if subscribers.unproved_at(connection, self._hooks.site_of(url)) >= _UNPROVED:
                raise Refused(
                    problem(409, f"{_UNPROVED} addresses at this host have not proved themselves yet; let these do so.")
                )
            subscribers.add(connection, identifier, wanted, token=token.digest, secret=sealed, now=_now())
            row = subscribers.get(connection, identifier)
        answer = _json({**_shown(row), "secret": secret, "token": token.text}, 201)
        answer.headers["location"] = f"{self._site.address}/subscribers/{identifier}"
        return answer

    def show(self, identifier: str, token: Credentials) -> Response:
        """Return a subscriber."""
        with self._site.database.read() as connection:
            return _json(shown(_own(connection, identifier, token)))

    def change(self, request: Request, identifier: str, token: Credentials, said: Change) -> Response:
        """Change what a subscriber asks for."""
        with self._site.database.read() as connection:
            _own(connection, identifier, token)  # nobody else has addresses judged here
        url = None if said.url is None else self._judged(said.url)
        with self._site.database.write() as connection:
            before = _own(connection, identifier, token).wanted
            view = self._view(before.view if said.view is None else said.view)
            same = view.id == before.view
            key = self._opening(request, view, before.key if same else None, kept=same)
            events = before.events if said.events is None else tuple(said.events)
            subscribers.change(connection, identifier, Wanted(url or before.url, view.id, events, key), now=_now())
            return _json(_shown(subscribers.get(connection, identifier)))

    def remove(self, identifier: str, token: Credentials) -> Response:
        """Forget a subscriber."""
        with self._site.database.write() as connection:
            _own(connection, identifier, token)
            subscribers.remove(connection, identifier, now=_now())
        return Response(status_code=204)

    def verify(self, identifier: str, token: Credentials) -> Response:
        """Have the address asked to prove itself."""
        hour_ago = utc(datetime.now(UTC) - timedelta(hours=1))
        with self._site.database.write() as connection:
            row = _own(connection, identifier, token)
            if row.disabled_by == "operator":
                raise Refused(problem(409, f"This hub's operator disabled the subscriber: {row.why}; ask there."))
            asked, waiting = deliveries.asked_to_prove(connection, identifier, hour_ago)
            if waiting is None and asked >= _PROOFS:
                raise Refused(_too_often())
            challenge = {"challenge": secrets.token_urlsafe(24)}
            number = waiting or push.tell_one(connection, identifier, push.ENDPOINT_VERIFY, challenge, _now())
        return _json({"state": row.state, "delivery": number}, 202)

    def rotate(self, identifier: str, token: Credentials) -> Response:
        """Replace the secret."""
        secret, until = new_secret(), time.time() + ROTATION_SECONDS
        sealed = self._hooks.vault().seal(secret)
        with self._site.database.write() as connection:
            _own(connection, identifier, token)
            subscribers.rotate(connection, identifier, sealed, until=until)
            row = subscribers.get(connection, identifier)
        return _json({"secret": secret, "oldSecretEnds": _shown(row).get("oldSecretEnds")})

    def deliveries(self, identifier: str, token: Credentials, before: str | None) -> Response:
        """Return what was sent, the newest first."""
        if before is not None and not _is_number(before):
            raise Refused(problem(400, "before must be the number of a delivery.", code="wrong-parameter"))
        with self._site.database.read() as connection:
            _own(connection, identifier, token)
            rows = deliveries.latest(connection, identifier, _PAGE, int(before) if before else None)
            tried = deliveries.attempts(connection, [row.id for row in rows])
        more = f"{self._site.address}/subscribers/{identifier}/deliveries?before={rows[-1].id}" if rows else ""
        following = {"next": more} if len(rows) == _PAGE else {}
        return _json({"deliveries": shown_deliveries(rows, tried), **following})

    def replay(self, identifier: str, token: Credentials, number: str) -> Response:
        """Have a delivery sent once more."""
        with self._site.database.write() as connection:
            subscriber = _own(connection, identifier, token)
            row = deliveries.get(connection, identifier, int(number)) if _is_number(number) else None
            if row is None:
                raise Refused(problem(404, code="no-such-delivery"))
            if subscriber.state != "active":
                raise Refused(
                    problem(409, f"The subscriber is {subscriber.state}; let its address prove itself first.")
                )
            if not deliveries.replay(connection, row, now=time.time()):
                raise Refused(problem(409, f"An event {row.type} is not sent again."))
            again = deliveries.get(connection, identifier, row.id)
            tried = deliveries.attempts(connection, [row.id])
        return _json(shown_deliveries([again] if again else [], tried)[0], 202)

    # Judging ----------------------------------------------------------------------------------------------------

    def _require_welcome(self, request: Request) -> None:
        if self._hooks.register == "nobody":
            raise Refused(problem(403, "Subscribers are registered by this hub's operator; ask there."))
        if self._hooks.register == "key" and holder(request) is None:
            answer = problem(401, "On this hub only who holds a key registers.", code="key-required")
            answer.headers["www-authenticate"] = "Bearer"
            raise Refused(answer)

    def _judged(self, url: str) -> str:
        refusal = self._hooks.refusal(url)
        if refusal:
            raise Refused(problem(403, f"The address cannot be used: {refusal}."))
        return self._hooks.written(url)

    def _view(self, name: str) -> View:
        found = self._site.view(name)
        if found is None:
            known = ", ".join(view.id for view in self._site.views)
            raise Refused(problem(404, f"There is no such view to follow; there are {known}.", code="no-such-feed"))
        return found

    @staticmethod
    def _opening(request: Request, view: View, before: str | None, *, kept: bool = False) -> str | None:
        """Return the id of the key that opens a view; None where it needs none."""
        key = holder(request)
        if view.access == "public":
            return None
        if kept and key is None:
            return before
        if refusal := barred(view, key):
            answer = problem(refusal.status, refusal.detail, code=refusal.kind)
            if refusal.challenge:
                answer.headers["www-authenticate"] = refusal.challenge
            raise Refused(answer)
        return key.id if key else None


def _own(connection: Connection, identifier: str, token: Credentials) -> SubscriberRow:
    """Return a subscriber to who has its token; to others it does not exist."""
    if token is None:
        answer = problem(401, code="token-required")
        answer.headers["www-authenticate"] = "Bearer"
        raise Refused(answer)
    row = subscribers.get(connection, identifier)
    if row is None or not is_token(token.credentials, row.token):
        raise Refused(problem(404, code="no-such-subscriber"))
    return row


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) <= _DIGITS


def _too_often() -> Response:
    answer = problem(429, f"An address is asked to prove itself {_PROOFS} times an hour at most; wait, then ask again.")
    answer.headers["retry-after"] = "3600"
    return answer


def _shown(row: SubscriberRow | None) -> dict[str, Any]:
    return shown(row) if row else {}


def _json(said: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(said), status, media_type="application/json")


def _now() -> str:
    return utc(datetime.now(UTC))
