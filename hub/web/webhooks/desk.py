"""Where subscribers are registered and managed: each its own, with its own token.

The addresses for programs and the pages for people are answered by the same desk.
"""

import hashlib
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hub.model.opportunity import utc
from hub.push import PREFIX, digest, is_token, new_identifier, new_secret, new_token
from hub.store import Connection, push
from hub.store.keys import KeyRow
from hub.store.push import deliveries, subscribers
from hub.store.push.deliveries import AttemptRow, DeliveryRow
from hub.store.push.subscribers import SubscriberRow, Wanted
from hub.views import View
from hub.web.access import barred
from hub.web.hooks import Hooks
from hub.web.site import Site
from hub.web.webhooks.refusal import Refused
from hub.web.webhooks.words import Change, Registration

ROTATION_SECONDS = 24 * 3600
"""How long the old secret signs beside the new one."""

_UNPROVED = 10
_PROOFS = 6
_PAGE = 50
_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Registered:
    """A new subscriber, with what is shown this once."""

    row: SubscriberRow
    secret: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rotated:
    """A subscriber with its new secret, which is shown this once."""

    row: SubscriberRow
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent to a subscriber, the newest first, and the number to go on before if there is more."""

    rows: Sequence[DeliveryRow]
    attempts: Mapping[int, Sequence[AttemptRow]]
    following: int | None = None


class Desk:
    """Where subscribers are registered and managed; what cannot be done is raised as a refusal."""

    def __init__(self, site: Site, hooks: Hooks) -> None:
        self._site = site
        self._hooks = hooks

    def register(self, key: KeyRow | None, said: Registration, form: str | None = None) -> Registered:
        """Add a subscriber.

        Args:
            key: what it came with, if anything.
            said: what it asks for.
            form: random text of the form that was sent; sent again, it registers nobody a second time.
        """
        self._require_welcome(key)
        url = self._judged(said.url)
        view = self._view(said.view)
        opening = _opening(key, view, None)
        secret, token = new_secret(), new_token()
        identifier = _identifier_of(form) if form else new_identifier()
        wanted = Wanted(url, view.id, tuple(said.events), opening)
        with self._site.database.write() as connection:
            if form and subscribers.get(connection, identifier):
                raise Refused(409, "already", "This form was sent before.")
            if subscribers.unproved_at(connection, self._hooks.site_of(url)) >= _UNPROVED:
                detail = f"{_UNPROVED} addresses at this host have not proved themselves yet; let these do so."
                raise Refused(409, "unproved", detail)
            sealed = self._hooks.vault().seal(secret)  # here, so that no rotation of keys passes it by
            subscribers.add(connection, identifier, wanted, token=token.digest, secret=sealed, now=_now())
            return Registered(_known(connection, identifier), secret, token.text)

    def find(self, token: str) -> SubscriberRow:
        """Return the subscriber that is managed with a token."""
        if not token:
            raise _no_token()
        with self._site.database.read() as connection:
            row = subscribers.managed_with(connection, digest(token)) if token.startswith(PREFIX) else None
        if row is None:
            raise _no_subscriber()
        return row

    def show(self, identifier: str, token: str | None) -> SubscriberRow:
        """Return a subscriber."""
        with self._site.database.read() as connection:
            return _own(connection, identifier, token)

    def change(self, key: KeyRow | None, identifier: str, token: str | None, said: Change) -> SubscriberRow:
        """Change what a subscriber asks for."""
        with self._site.database.read() as connection:
            _own(connection, identifier, token)  # nobody else has addresses judged here
        url = None if said.url is None else self._judged(said.url)
        with self._site.database.write() as connection:
            before = _own(connection, identifier, token).wanted
            view = self._view(before.view if said.view is None else said.view)
            same = view.id == before.view
            opening = _opening(key, view, before.key if same else None, kept=same)
            events = before.events if said.events is None else tuple(said.events)
            subscribers.change(connection, identifier, Wanted(url or before.url, view.id, events, opening), now=_now())
            return _known(connection, identifier)

    def remove(self, identifier: str, token: str | None) -> SubscriberRow:
        """Forget a subscriber, and return it as it was."""
        with self._site.database.write() as connection:
            row = _own(connection, identifier, token)
            subscribers.remove(connection, identifier, now=_now())
        return row

    def verify(self, identifier: str, token: str | None) -> tuple[SubscriberRow, int]:
        """Have the address asked to prove itself; return the subscriber, and the number of the delivery that asks."""
        hour_ago = utc(datetime.now(UTC) - timedelta(hours=1))
        with self._site.database.write() as connection:
            row = _own(connection, identifier, token)
            if row.disabled_by == "operator":
                detail = f"This hub's operator disabled the subscriber: {row.why}; ask there."
                raise Refused(409, "operator", detail)
            asked, waiting = deliveries.asked_to_prove(connection, identifier, hour_ago)
            if waiting is None and asked >= _PROOFS:
                raise _too_often()
            challenge = {"challenge": secrets.token_urlsafe(24)}
            number = waiting or push.tell_one(connection, identifier, push.ENDPOINT_VERIFY, challenge, _now())
        return row, number

    def rotate(self, identifier: str, token: str | None, seen: str | None = None) -> Rotated:
        """Replace the secret.

        Args:
            identifier: of the subscriber.
            token: what it is managed with.
            seen: the mark of the secret to replace (`secret_mark`), so that what is sent twice replaces it once.
        """
        secret, until = new_secret(), time.time() + ROTATION_SECONDS
        with self._site.database.write() as connection:
            row = _own(connection, identifier, token)
            if seen is not None and seen != secret_mark(row):
                raise Refused(409, "replaced", "The secret was replaced meanwhile.")
            subscribers.rotate(connection, identifier, self._hooks.vault().seal(secret), until=until)
            return Rotated(_known(connection, identifier), secret)

    def deliveries(self, identifier: str, token: str | None, before: str | None = None) -> Sent:
        """Return what was sent, the newest first, from before the delivery of that number on."""
        if before is not None and not _is_number(before):
            raise Refused(400, "number", "before must be the number of a delivery.", code="wrong-parameter")
        with self._site.database.read() as connection:
            _own(connection, identifier, token)
            rows = deliveries.latest(connection, identifier, _PAGE, int(before) if before else None)
            tried = deliveries.attempts(connection, [row.id for row in rows])
        return Sent(rows, tried, rows[-1].id if len(rows) == _PAGE else None)

    def replay(self, identifier: str, token: str | None, number: str) -> Sent:
        """Have a delivery sent once more, and return it."""
        with self._site.database.write() as connection:
            subscriber = _own(connection, identifier, token)
            row = deliveries.get(connection, identifier, int(number)) if _is_number(number) else None
            if row is None:
                raise Refused(404, "no_delivery", code="no-such-delivery")
            if subscriber.state != "active":
                detail = f"The subscriber is {subscriber.state}; let its address prove itself first."
                raise Refused(409, "not_active", detail)
            if not deliveries.replay(connection, row, now=time.time()):
                raise Refused(409, "never_again", f"An event {row.type} is not sent again.")
            again = deliveries.get(connection, identifier, row.id)
            return Sent([again] if again else [], deliveries.attempts(connection, [row.id]))

    # Judging ----------------------------------------------------------------------------------------------------

    def _require_welcome(self, key: KeyRow | None) -> None:
        if self._hooks.register == "nobody":
            raise Refused(403, "nobody", "Subscribers are registered by this hub's operator; ask there.")
        if self._hooks.register == "key" and key is None:
            detail = "On this hub only who holds a key registers."
            headers = {"www-authenticate": "Bearer"}
            raise Refused(401, "key_needed", detail, code="key-required", headers=headers)

    def _judged(self, url: str) -> str:
        refusal = self._hooks.refusal(url)
        if refusal:
            raise Refused(403, "address", f"The address cannot be used: {refusal}.")
        return self._hooks.written(url)

    def _view(self, name: str) -> View:
        views = {view.id: view for view in self._site.followed}
        found = views.get(name)
        if found is None:
            detail = f"There is no such view to follow; there are {', '.join(views)}."
            raise Refused(404, "no_view", detail, code="no-such-feed")
        return found


def secret_mark(row: SubscriberRow) -> str:
    """Return what tells the secret of a subscriber from others, and nothing of it: a digest of how it is sealed."""
    return hashlib.sha256(row.secret).hexdigest()[:20]


def _identifier_of(form: str) -> str:
    """Return the id of who registers with a form; whoever would take that of somebody else finds no form for it."""
    return f"sub_{hashlib.sha256(form.encode()).hexdigest()[:20]}"


def _opening(key: KeyRow | None, view: View, before: str | None, *, kept: bool = False) -> str | None:
    """Return the id of the key that opens a view; None where it needs none."""
    if view.access == "public":
        return None
    if kept and key is None:
        return before
    if refusal := barred(view, key):
        raise Refused.by_key(refusal)
    return key.id if key else None


def _own(connection: Connection, identifier: str, token: str | None) -> SubscriberRow:
    """Return a subscriber to who has its token; to others it does not exist."""
    if token is None:
        raise _no_token()
    row = subscribers.get(connection, identifier)
    if row is None or not is_token(token, row.token):
        raise _no_subscriber()
    return row


def _known(connection: Connection, identifier: str) -> SubscriberRow:
    row = subscribers.get(connection, identifier)
    if row is None:
        raise _no_subscriber()
    return row


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) <= _DIGITS


def _no_token() -> Refused:
    return Refused(401, "token_needed", code="token-required", headers={"www-authenticate": "Bearer"})


def _no_subscriber() -> Refused:
    return Refused(404, "no_subscriber", code="no-such-subscriber")


def _too_often() -> Refused:
    detail = f"An address is asked to prove itself {_PROOFS} times an hour at most; wait, then ask again."
    return Refused(429, "too_often", detail, headers={"retry-after": "3600"})


def _now() -> str:
    return utc(datetime.now(UTC))
