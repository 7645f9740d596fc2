"""The keys of portals as rows: given, replaced by a new one, taken back, and looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, select, text, update

from hub.adapter import Rate
from hub.errors import StoreError
from hub.store.keys.key_text import MadeKey, digest, make
from hub.store.keys.tables import access_key as table

_CHANGED = text("UPDATE counter SET value = value + 1 WHERE name = 'keys'")
_CHANGES = text("SELECT value FROM counter WHERE name = 'keys'")
_SURVIVE = (
    "INSERT OR REPLACE INTO access_key SELECT * FROM plan.access_key",
    "UPDATE counter SET value = max(value, (SELECT value FROM plan.counter AS p WHERE p.name = 'keys')) + 1 "
    "WHERE name = 'keys'",
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a key is given for.

    Args:
        name: of the portal.
        owner: mail address of its team.
        views: ids of the views it opens, None for every one.
        rate: how often it may ask; None for what holds for all keys.
        expires: the moment it ends, ISO 8601 in UTC; None for never.
    """

    name: str
    owner: str
    views: tuple[str, ...] | None
    rate: Rate | None = None
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key as it is kept: without its secret. Times are ISO 8601 in UTC; ``replaces`` is an id."""

    id: str
    grant: Grant
    hash: str
    created: str
    revoked: str | None = None
    last_used: str | None = None
    replaces: str | None = None

    def __repr__(self) -> str:
        """Return it by name, for logs."""
        return f"KeyRow({self.id!r}, {self.grant.name!r})"

    def opens(self, view: str) -> bool:
        """Tell whether it is for this view."""
        return self.grant.views is None or view in self.grant.views

    def state(self, now: str) -> str:
        """Return ``live``, ``expired`` or ``revoked``."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.grant.expires is not None and self.grant.expires <= now else "live"


def give(connection: Connection, grant: Grant, *, now: str, replaces: str | None = None) -> MadeKey:
    """Add a key and return it; this is the only time that anybody sees the whole of it."""
    made = make()
    row: dict[str, Any] = {
        "id": made.id,
        "name": grant.name,
        "owner": grant.owner,
        "hash": digest(made.text),
        "views": None if grant.views is None else orjson.dumps(sorted(set(grant.views))).decode(),
        "calls": grant.rate.calls if grant.rate else None,
        "seconds": int(grant.rate.seconds) if grant.rate else None,
        "created": now,
        "expires": grant.expires,
        "replaces": replaces,
    }
    connection.execute(table.insert(), row)
    connection.execute(_CHANGED)
    return made


def replace(connection: Connection, key: str, grant: Grant, *, now: str, until: str) -> MadeKey:
    """Give a key in the place of another, which ends at ``until``, or earlier where it would have anyway."""
    old = get(connection, key)
    _refuse_dead(old, now)
    later = next((row for row in find(connection) if row.replaces == key and row.state(now) == "live"), None)
    if later:
        raise StoreError(
            f"{key} was replaced by {later.id}, which works; at most two work at once, so go on with that one"
        )
    ends = min(until, old.grant.expires or until)
    connection.execute(update(table).where(table.c.id == key).values(expires=ends))
    return give(connection, grant, now=now, replaces=key)


def revoke(connection: Connection, key: str, *, now: str) -> KeyRow:
    """Take a key back, for good and at once; return it as it was."""
    old = get(connection, key)
    if old.revoked:
        raise StoreError(f"{key} was revoked at {old.revoked} already")
    connection.execute(update(table).where(table.c.id == key).values(revoked=now))
    connection.execute(_CHANGED)
    return old


def get(connection: Connection, key: str) -> KeyRow:
    """Return one key; StoreError when there is none of this id."""
    row = look_up(connection, key)
    if row is None:
        raise StoreError(f"there is no key {key[:40]!r}; `hub key list` shows the ids of all")
    return row


def look_up(connection: Connection, key: str) -> KeyRow | None:
    """Return one key, None when there is none of this id."""
    row = connection.execute(select(table).where(table.c.id == key)).one_or_none()
    return _row(row) if row else None


def find(connection: Connection) -> list[KeyRow]:
    """Return all keys, by the name of their portal, the newest first."""
    newest = (table.c.name, table.c.created.desc(), table.c.id)
    return [_row(row) for row in connection.execute(select(table).order_by(*newest))]


def note_used(connection: Connection, used: Mapping[str, str]) -> None:
    """Note when keys were last used, by id."""
    for key, moment in used.items():
        earlier = table.c.last_used.is_(None) | (table.c.last_used < moment)
        connection.execute(update(table).where(table.c.id == key, earlier).values(last_used=moment))


def changes(connection: Connection) -> int:
    """Return a number that is another one once a key was given, replaced or revoked."""
    return int(connection.execute(_CHANGES).scalar_one())


def survive(connection: Connection) -> None:
    """Keep the keys of the store that a copy replaces, attached as ``plan``: what was revoked since stays revoked."""
    for step in _SURVIVE:
        connection.exec_driver_sql(step)


def _refuse_dead(row: KeyRow, now: str) -> None:
    state = row.state(now)
    if state != "live":
        raise StoreError(f"{row.id} is {state}, so nothing can take its place; give a new one with `hub key add`")


def _row(found: Row[Any]) -> KeyRow:
    row = found._mapping
    views: list[str] | None = None if row["views"] is None else orjson.loads(row["views"])
    rate = Rate(row["calls"], row["seconds"]) if row["calls"] is not None else None
    grant = Grant(row["name"], row["owner"], None if views is None else tuple(views), rate, row["expires"])
    kept = {name: row[name] for name in ("id", "hash", "created", "revoked", "last_used", "replaces")}
    return KeyRow(grant=grant, **kept)
