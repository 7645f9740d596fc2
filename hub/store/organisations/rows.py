"""Mentions as rows of the register."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, text

from hub.organisations import Sighting, taken_apart

_COLUMNS = (
    "n.id, n.organisation, n.home, n.reason, n.count, n.first_seen, n.source, n.name, n.kbo, n.place, n.host, n.agency"
)
_EACH = f"SELECT {_COLUMNS} FROM json_each(:wanted) AS w CROSS JOIN organisation_name AS n"  # noqa: S608 - constants
_NAMED = text(f"{_EACH} ON n.name_key = w.value ORDER BY n.id")
_ALL = text(f"SELECT {_COLUMNS} FROM organisation_name AS n ORDER BY n.id")  # noqa: S608 - constants
_ANCHORED = text(
    "SELECT DISTINCT n.anchor, n.name FROM json_each(:wanted) AS w CROSS JOIN organisation_name AS n "
    "ON n.anchor = w.value"
)
# Many rows at once go through JSON: one statement, which is a third of the cost of one execution for each row.
_INSERT = text(
    "INSERT INTO organisation_name (id, organisation, home, reason, name_key, name, source, kbo, place, host, agency, "
    "anchor, count, first_seen, last_seen) SELECT r.value ->> 0, r.value ->> 1, r.value ->> 2, r.value ->> 3, "
    "r.value ->> 4, r.value ->> 5, r.value ->> 6, r.value ->> 7, r.value ->> 8, r.value ->> 9, r.value ->> 10, "
    "r.value ->> 11, r.value ->> 12, r.value ->> 13, r.value ->> 13 FROM json_each(:rows) AS r"
)
_RENAME = text(
    "UPDATE organisation_name SET name_key = r.value ->> 1, anchor = r.value ->> 2 FROM json_each(:rows) AS r "
    "WHERE organisation_name.id = r.value ->> 0 AND (name_key <> r.value ->> 1 OR anchor IS NOT r.value ->> 2)"
)
_MOVE = text(
    "UPDATE organisation_name SET organisation = m.organisation, home = m.home, reason = m.reason FROM "
    "(SELECT value ->> 0 AS id, value ->> 1 AS organisation, value ->> 2 AS home, value ->> 3 AS reason "
    "FROM json_each(:rows)) AS m WHERE organisation_name.id = m.id"
)


@dataclass(slots=True)
class Row:
    """A mention in the register; a new one has no organisation yet (``""``)."""

    id: int
    organisation: str
    home: str
    reason: str
    count: int
    first_seen: str
    sighting: Sighting


def new_row(number: int, sighting: Sighting, count: int, now: str) -> Row:
    """Return a mention that the register lacks."""
    return Row(number, "", "", "", count, now, sighting)


def of_names(connection: Connection, keys: Iterable[str]) -> list[Row]:
    """Return every mention by these keys of names."""
    return _rows(connection.execute(_NAMED, {"wanted": _json(keys)}))


def every(connection: Connection) -> list[Row]:
    """Return every mention there is."""
    return _rows(connection.execute(_ALL))


def anchored(connection: Connection, anchors: Iterable[str]) -> list[tuple[str, str]]:
    """Return anchor and name of the mentions with these anchors."""
    return [(row[0], row[1]) for row in connection.execute(_ANCHORED, {"wanted": _json(anchors)})]


def anchor(sighting: Sighting) -> str | None:
    """Return by what a mention is found whose telling name is spelled nearly like it, in the same place."""
    name = taken_apart(sighting.name)
    return f"{sighting.place} {name.anchor}" if name.distinctive and name.anchor and sighting.place else None


def organisation_id(*said: str | None) -> str:
    """Return the id of an organisation that is founded on this: the same in every rebuild; a UUID of version 8."""
    made = hashlib.sha256("\n".join(("organisation", *(part or "" for part in said))).encode()).hexdigest()
    return f"{made[:8]}-{made[8:12]}-8{made[13:16]}-a{made[17:20]}-{made[20:32]}"


def insert(connection: Connection, rows: Sequence[Row]) -> None:
    """Add mentions."""
    if rows:
        connection.execute(_INSERT, {"rows": orjson.dumps([_cells(row) for row in rows]).decode()})


def move(connection: Connection, rows: Sequence[Row]) -> None:
    """Write where mentions belong now."""
    if rows:
        moved = [(row.id, row.organisation, row.home, row.reason) for row in rows]
        connection.execute(_MOVE, {"rows": orjson.dumps(moved).decode()})


def rename(connection: Connection, rows: Sequence[Row]) -> int:
    """Write what mentions are found by, as the rules of today make it, and return how many differ."""
    said = [(row.id, taken_apart(row.sighting.name).key, anchor(row.sighting)) for row in rows]
    return connection.execute(_RENAME, {"rows": orjson.dumps(said).decode()}).rowcount


def _cells(row: Row) -> tuple[object, ...]:
    said = row.sighting
    key = taken_apart(said.name).key
    belongs = (row.id, row.organisation, row.home, row.reason)
    about = (key, said.name, said.source, said.kbo, said.place, said.host, int(said.agency), anchor(said))
    return (*belongs, *about, row.count, row.first_seen)


def _rows(found: Iterable[Any]) -> list[Row]:
    return [
        Row(row[0], row[1], row[2], row[3], row[4], row[5], Sighting._make((*row[6:11], bool(row[11]))))
        for row in found
    ]


def _json(values: Iterable[str]) -> str:
    return orjson.dumps(sorted(values)).decode()
