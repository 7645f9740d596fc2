"""The keys of portals: given, replaced by new ones, taken back, and looked over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hub.app.hub import Hub
from hub.config.mistakes import unknown
from hub.errors import ConfigError
from hub.model.opportunity import utc
from hub.store import keys
from hub.store.keys import Grant, KeyRow
from hub.store.keys.key_text import MadeKey

SOON = timedelta(days=14)
"""How long before its end a key is about to expire."""
ENDING, REPLACED = "ends soon", "replaced"


@dataclass(frozen=True, slots=True)
class Given:
    """A key that was just given: the whole of it, which nobody sees again, and what is kept of it."""

    key: MadeKey
    row: KeyRow

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values, the key included."""
        return {"key": self.key.text, **described(self.row, "live")}


@dataclass(frozen=True, slots=True)
class Listed:
    """One key, and how it stands: ``live``, ``ends soon``, ``replaced`` (works still), ``expired`` or ``revoked``."""

    row: KeyRow
    state: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return described(self.row, self.state)


def described(row: KeyRow, state: str) -> dict[str, Any]:
    """Return what is kept of a key, without its hash, as JSON values."""
    grant = row.grant
    return {
        "id": row.id,
        "name": grant.name,
        "owner": grant.owner,
        "views": None if grant.views is None else list(grant.views),
        "rate": {"calls": grant.rate.calls, "seconds": grant.rate.seconds} if grant.rate else None,
        "state": state,
        "created": row.created,
        "expires": grant.expires,
        "revoked": row.revoked,
        "lastUsed": row.last_used,
        "replaces": row.replaces,
    }


def add(hub: Hub, grant: Grant) -> Given:
    """Give a portal a key; ConfigError when it is for a view that is not there, or has ended already."""
    now = _now()
    _refuse_unknown(hub, grant.views or ())
    if grant.expires is not None and grant.expires <= now:
        raise ConfigError(f"--expires: {grant.expires} has passed; give a day to come")
    with hub.database.write() as connection:
        made = keys.give(connection, grant, now=now)
        return Given(made, keys.get(connection, made.id))


def rotate(hub: Hub, key: str, *, days: int) -> tuple[Given, KeyRow]:
    """Give a new key in the place of another, and return it and the old one, which works for so many days more.

    The new one is for the same, and lasts as long as the old one was made to.
    """
    now = _now()
    with hub.database.write() as connection:
        old = keys.get(connection, key)
        grant = replace(old.grant, expires=_as_long(old, now))
        until = utc(_moment(now) + timedelta(days=days))
        made = keys.replace(connection, key, grant, now=now, until=until)
        return Given(made, keys.get(connection, made.id)), keys.get(connection, key)


def revoke(hub: Hub, key: str) -> KeyRow:
    """Take a key back, at once and for good; return it as it was."""
    with hub.database.write() as connection:
        return keys.revoke(connection, key, now=_now())


def find(hub: Hub) -> list[Listed]:
    """Return every key that was ever given, by portal."""
    now = _now()
    with hub.database.read() as connection:
        found = keys.find(connection)
    successors = {row.replaces for row in found if row.state(now) == "live"}
    return [Listed(row, _state(row, now, replaced=row.id in successors)) for row in found]


def open_to_all(hub: Hub, views: Sequence[str]) -> list[str]:
    """Return those of the views that need no key."""
    return [name for name, access in hub.config.accesses.items() if name in views and access == "public"]


def last_moment(hub: Hub, day: date) -> str:
    """Return the end of a day where the hub is, ISO 8601 in UTC."""
    return utc(datetime.combine(day + timedelta(days=1), time(), hub.config.settings.zone))


def today(hub: Hub) -> date:
    """Return the day it is where the hub is."""
    return datetime.now(hub.config.settings.zone).date()


def _refuse_unknown(hub: Hub, views: Sequence[str]) -> None:
    known = list(hub.config.accesses)
    mistakes = [f"--view {name}: {unknown(name, known, 'view')}" for name in views if name not in known]
    if mistakes:
        raise ConfigError(mistakes)


def _state(row: KeyRow, now: str, *, replaced: bool) -> str:
    state = row.state(now)
    if state == "live" and replaced:
        return REPLACED
    ending = row.grant.expires is not None and row.grant.expires <= utc(_moment(now) + SOON)
    return ENDING if state == "live" and ending else state


def _as_long(old: KeyRow, now: str) -> str | None:
    if old.grant.expires is None:
        return None
    return utc(_moment(now) + (_moment(old.grant.expires) - _moment(old.created)))


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _now() -> str:
    return utc(datetime.now(UTC))
