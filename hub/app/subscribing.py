"""Looking after subscribers, as an admin does: on one's own word, where over HTTP an address has to prove itself."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hub.app.hub import Hub
from hub.app.pushing import reach, vault
from hub.client.posting import judge_address, written
from hub.errors import HubError, StoreError
from hub.model.opportunity import utc
from hub.push import ASKABLE, new_identifier, new_secret, new_token
from hub.store import Connection, keys
from hub.store.keys.data_key import FILE, add_key
from hub.store.push import deliveries, subscribers
from hub.store.push.deliveries import AttemptRow, DeliveryRow
from hub.store.push.subscribers import SubscriberRow, Wanted
from hub.web.webhooks.words import shown, shown_deliveries

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Registered:
    """A new subscriber, with what is shown this once."""

    row: SubscriberRow
    secret: str = field(repr=False)
    token: str = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        return {**shown(self.row), "secret": self.secret, "token": self.token}


@dataclass(frozen=True, slots=True)
class Shown:
    """A subscriber with what was sent to it last."""

    row: SubscriberRow
    deliveries: Sequence[DeliveryRow]
    attempts: dict[int, list[AttemptRow]]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        return {**shown(self.row), "deliveries": shown_deliveries(self.deliveries, self.attempts)}


@dataclass(frozen=True, slots=True)
class Sealing:
    """What the secrets that sign now are encrypted with.

    Args:
        newest: how many with the first key in the file.
        older: how many with one of those below it.
        lost: the subscribers with a secret that none of them opens.
    """

    newest: int = 0
    older: int = 0
    lost: Sequence[str] = ()


def find(hub: Hub) -> list[SubscriberRow]:
    """Return all subscribers, the oldest first."""
    with hub.database.read() as connection:
        return subscribers.find(connection)


def add(hub: Hub, url: str, *, view: str, events: Sequence[str], key: str | None = None) -> Registered:
    """Add a subscriber; HubError says what of it cannot be."""
    if refusal := judge_address(url, reach(hub)):
        raise HubError(f"{url}: {refusal}; hosts that are not may be named in push.private_hosts of hub.toml")
    _require("view", view, [each.id for each in hub.config.followed])
    for event in events:
        _require("event", event, ASKABLE)
    secret, token, identifier = new_secret(), new_token(), new_identifier()
    wanted = Wanted(written(url), view, tuple(dict.fromkeys(events)), key)
    with hub.database.write() as connection:
        if key is not None:
            keys.get(connection, key)
        sealed = vault(hub).seal(secret)  # here, so that no rotation of keys passes it by
        subscribers.add(connection, identifier, wanted, token=token.digest, secret=sealed, now=_now())
        return Registered(_found(connection, identifier), secret, token.text)


def show(hub: Hub, identifier: str, limit: int) -> Shown:
    """Return a subscriber and its newest deliveries."""
    with hub.database.read() as connection:
        rows = deliveries.latest(connection, _found(connection, identifier).id, limit)
        return Shown(_found(connection, identifier), rows, deliveries.attempts(connection, [row.id for row in rows]))


def enable(hub: Hub, identifier: str) -> SubscriberRow:
    """Send to a subscriber from here on, though its address has not proved itself."""
    return _changed(hub, identifier, lambda connection: subscribers.activate(connection, identifier, now=_now()))


def disable(hub: Hub, identifier: str, why: str) -> SubscriberRow:
    """Send nothing more to a subscriber, until `enable`."""

    def change(connection: Connection) -> None:
        subscribers.disable(connection, identifier, why, now=_now(), by="operator")

    return _changed(hub, identifier, change)


def remove(hub: Hub, identifier: str) -> SubscriberRow:
    """Forget a subscriber, and return it as it was."""
    with hub.database.write() as connection:
        row = _found(connection, identifier)
        subscribers.remove(connection, identifier, now=_now())
    return row


def reseal(hub: Hub) -> int:
    """Encrypt the subscribers' secrets with a new key, the first in the file from now on; return how many they are.

    All of them or none, and nobody seals meanwhile. StoreError where one cannot be read: then no key is added.
    """
    with hub.database.write() as connection:
        if lost := sealing(hub).lost:
            raise StoreError(unreadable(lost))
        vault(hub)  # makes the file where there are no secrets yet
        add_key(hub.data / FILE)
        return subscribers.reseal(connection, vault(hub).reseal, now=time.time())


def sealing(hub: Hub) -> Sealing:
    """Return what the subscribers' secrets are encrypted with; StoreError where the file of keys cannot be read."""
    rows = find(hub)
    if not rows:
        return Sealing()
    keys_now, now = vault(hub), time.time()
    places = [(row.id, keys_now.place(sealed)) for row in rows for sealed in row.signing(now)]
    newest = sum(place == 0 for _, place in places)
    lost = tuple(dict.fromkeys(identifier for identifier, place in places if place is None))
    return Sealing(newest, sum(bool(place) for _, place in places), lost)


def unreadable(lost: Sequence[str]) -> str:
    """Return what to do about subscribers whose secrets none of the keys opens."""
    which = f"{', '.join(lost[:_NAMED])}{f' and {len(lost) - _NAMED} more' if len(lost) > _NAMED else ''}"
    return (
        f"{FILE} lacks the line that the secret of {which} is encrypted with, so nothing can be signed for them; put "
        "that line back below the others, from the copy you keep, or remove these subscribers and let them register "
        "anew"
    )


def replay(hub: Hub, identifier: str, number: int) -> None:
    """Have a delivery sent once more; HubError where that cannot be."""
    with hub.database.write() as connection:
        row, state = deliveries.get(connection, identifier, number), _found(connection, identifier).state
        if row is None:
            raise HubError(f"{identifier} has no delivery {number}; `hub subscriber show {identifier}` lists them")
        if state != "active":
            raise HubError(f"{identifier} is {state}, so nothing is sent to it; `hub subscriber enable {identifier}`")
        if not deliveries.replay(connection, row, now=time.time()):
            raise HubError(f"an event {row.type} is not sent again")


def _changed(hub: Hub, identifier: str, change: Callable[[Connection], None]) -> SubscriberRow:
    with hub.database.write() as connection:
        _found(connection, identifier)
        change(connection)
        return _found(connection, identifier)


def _found(connection: Connection, identifier: str) -> SubscriberRow:
    row = subscribers.get(connection, identifier)
    if row is None:
        raise HubError(f"there is no subscriber {identifier[:40]!r}; `hub subscriber list` shows the ids of all")
    return row


def _require(what: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise HubError(f"there is no {what} {value[:40]!r}; there are {', '.join(known)}")


def _now() -> str:
    return utc(datetime.now(UTC))
