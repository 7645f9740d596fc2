"""The register of organisations: what a run mentions is put where it belongs, and what is known is looked up.

A run touches what it mentions and no more: mentions seen before are counted, and only names with a new mention are
resolved again (`hub.organisations.resolve`), from all their mentions, so the order of runs makes no difference.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, text

from hub.organisations import CONFIDENCE, Known, Reason, Sighting, name_key, spelling
from hub.store.organisations import decisions
from hub.store.organisations import rows as rows_of
from hub.store.organisations.settling import place, settle
from hub.store.stamps import stamp, stamped

_COUNT = text(
    "UPDATE organisation_name SET count = count + seen.number, last_seen = :now FROM "
    "(SELECT value ->> 0 AS id, value ->> 1 AS number FROM json_each(:seen)) AS seen "
    "WHERE organisation_name.id = seen.id RETURNING organisation_name.id, organisation, home"
)
_BELONGS = text(
    "SELECT n.id, n.organisation FROM json_each(:seen) AS w CROSS JOIN organisation_name AS n ON n.id = w.value"
)
_ATTACH = text(
    "INSERT OR REPLACE INTO organisation_listing (listing, organisation) "
    "SELECT value ->> 0, value ->> 1 FROM json_each(:which)"
)
_ATTACH_PLANNED = text(
    "INSERT OR REPLACE INTO organisation_listing (listing, organisation) "
    "SELECT l.id, p.organisation FROM plan.organisation AS p CROSS JOIN plan.entry AS e ON e.place = p.place "
    "CROSS JOIN listing AS l ON l.source = :source AND l.local_id = e.local_id"
)
_LISTINGS = text(
    "SELECT l.id, a.organisation FROM organisation_retraction AS r CROSS JOIN organisation_listing AS a "
    "ON a.organisation = r.organisation CROSS JOIN listing AS l ON l.id = a.listing WHERE l.live = 1 ORDER BY l.id"
)
_SURVIVORS = text(
    "WITH RECURSIVE way (asked, id) AS (SELECT value, value FROM json_each(:which) "
    "UNION SELECT way.asked, o.merged_into FROM way JOIN organisation AS o ON o.id = way.id "
    "WHERE o.merged_into NOT NULL) "
    "SELECT w.asked, o.id, o.name, o.kbo, o.ambiguous, (SELECT count(*) FROM organisation_decision AS d "
    "WHERE d.undone IS NULL AND d.kind <> 'apart' AND o.id IN (d.organisation, d.other)) "
    "FROM way AS w JOIN organisation AS o ON o.id = w.id WHERE o.merged_into IS NULL"
)
_NAMES = text(
    "SELECT n.organisation, n.name, sum(n.count) AS seen, max(n.kbo) FROM json_each(:which) AS w "
    "CROSS JOIN organisation_name AS n ON n.organisation = w.value WHERE n.reason <> :near "
    "GROUP BY n.organisation, n.name ORDER BY n.organisation, seen DESC, n.name"
)

_EDITION = "organisations"


@dataclass(frozen=True, slots=True)
class Sighted:
    """What came of the mentions of a run.

    Args:
        organisations: the organisation of each mention.
        retracted: organisations of which something said before proved wrong, so that what was published with them
            must be composed again: a mention lost its number, or belongs elsewhere.
    """

    organisations: Mapping[Sighting, str]
    retracted: frozenset[str]


def sight(connection: Connection, sightings: Iterable[Sighting], *, now: str) -> Sighted:
    """Record mentions and return their organisations; equal mentions may be repeated, and each counts.

    Args:
        connection: a transaction that writes.
        sightings: the mentions of new and changed listings (`hub.organisations.sighting`).
        now: the moment, ISO 8601 in UTC.
    """
    counted = Counter(sightings)
    numbers = {each: digest(each) for each in counted}
    seen = orjson.dumps([(numbers[each], count) for each, count in counted.items()]).decode()
    found = {row[0]: row[1] for row in connection.execute(_COUNT, {"seen": seen, "now": now})}
    fresh = [
        rows_of.new_row(numbers[each], each, count, now)
        for each, count in counted.items()
        if numbers[each] not in found
    ]
    retracted: frozenset[str] = frozenset()
    if fresh:
        settled = settle(connection, fresh, now=now)
        found |= settled.organisations
        retracted = settled.retracted
    return Sighted({each: found[number] for each, number in numbers.items()}, retracted)


def belonging(connection: Connection, sightings: Iterable[Sighting]) -> dict[Sighting, str]:
    """Return the organisations of mentions that the register has, without counting them; others are left out."""
    numbers = {digest(each): each for each in sightings}
    found = connection.execute(_BELONGS, {"seen": orjson.dumps(list(numbers)).decode()})
    return {numbers[row[0]]: row[1] for row in found}


def is_current(connection: Connection, rules: int) -> bool:
    """Say whether the register is as this edition of the rules has it."""
    return stamped(connection, _EDITION) == rules


def renew(connection: Connection, rules: int, *, now: str) -> None:
    """Reconsider the register by this edition of the rules; what it takes back is to be described again."""
    retract(connection, reconsider(connection, now=now))
    stamp(connection, _EDITION, rules)


def reconsider(connection: Connection, *, now: str) -> frozenset[str]:
    """Put every mention where the rules of today have it, and return the organisations that lost some of theirs.

    Ids and decisions stay.
    """
    rows = rows_of.every(connection)
    decisions.rename(connection)
    rows_of.rename(connection, rows)
    return place(connection, rows, around=set(), now=now).retracted


def digest(sighting: Sighting) -> int:
    """Return the number of a mention, the same in every rebuild: 63 bits of its digest."""
    said = "\x1f".join((*("" if part is None else part for part in sighting[:5]), "a" if sighting.agency else ""))
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest()) >> 1


def known(connection: Connection, organisations: Iterable[str]) -> dict[str, Known]:
    """Return what is known of organisations by the ids asked for; those merged into others as their survivors."""
    asked = orjson.dumps(list(organisations)).decode()
    rows = connection.execute(_SURVIVORS, {"which": asked}).all()
    survivors = orjson.dumps(sorted({row[1] for row in rows})).decode()
    names: dict[str, list[Any]] = {}
    for row in connection.execute(_NAMES, {"which": survivors, "near": Reason.name_near.value}):
        names.setdefault(row[0], []).append(row)
    return {asked: _known(row, names.get(row[0], [])) for asked, *row in rows}


def attach(connection: Connection, organisations: Mapping[int, str]) -> None:
    """Remember with which organisation each of these listings is described."""
    connection.execute(_ATTACH, {"which": orjson.dumps(list(organisations.items())).decode()})


def attach_planned(connection: Connection, source: str) -> None:
    """Remember with which organisation each listing of the attached plan is described."""
    connection.execute(_ATTACH_PLANNED, {"source": source})


def retract(connection: Connection, organisations: Iterable[str]) -> None:
    """Remember that what was described with these organisations is to be described again."""
    rows = [(organisation,) for organisation in organisations]
    if rows:
        connection.exec_driver_sql("INSERT OR IGNORE INTO organisation_retraction VALUES (?)", rows)


def retracted(connection: Connection) -> dict[int, str]:
    """Return the live listings to be described again, each with the organisation it was described with."""
    return {row[0]: row[1] for row in connection.execute(_LISTINGS)}


def settle_retractions(connection: Connection) -> None:
    """Forget the retractions, when what they are about is described again."""
    connection.exec_driver_sql("DELETE FROM organisation_retraction")


def _known(row: Sequence[Any], names: Sequence[Any]) -> Known:
    identifier, name, kbo, ambiguous, decisions = row
    spelled, others = {spelling(name)}, []
    for _organisation, other, _seen, _kbo in names:
        if (key := spelling(other)) not in spelled:
            spelled.add(key)
            others.append(other)
    stated = {each[3] for each in names if each[3]}
    return Known(
        id=identifier,
        name=name,
        kbo=kbo or (stated.pop() if len(stated) == 1 else None),  # that of what a person merged into it
        alternative_names=tuple(others),
        numbered=frozenset(name_key(each[1]) for each in names if each[3]),
        confidence=CONFIDENCE[Reason.name_spread],
        decided=decisions > 0,
        ambiguous=bool(ambiguous),
    )
