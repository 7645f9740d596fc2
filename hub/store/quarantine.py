"""Records kept aside with their reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
import zstandard
from sqlalchemy import Connection, delete, func, select, text

from hub.store.plan_file import PlanFile
from hub.store.schema import quarantine as table

_PUT = text(
    "INSERT INTO quarantine "
    "(source, local_id, raw, payload, issues, adapter, edition, first_run, last_run, first_seen, last_seen) "
    "VALUES (:source, :local_id, :raw, :payload, :issues, :adapter, :edition, :run, :run, :now, :now) "
    "ON CONFLICT (source, local_id) DO UPDATE SET raw = excluded.raw, payload = excluded.payload, "
    "issues = excluded.issues, adapter = excluded.adapter, edition = excluded.edition, "
    "last_run = excluded.last_run, last_seen = excluded.last_seen"
)
_RELEASE = text("DELETE FROM quarantine WHERE source = :source AND local_id IN (SELECT value FROM json_each(:wanted))")


_REASONS = text(
    "SELECT json_extract(issues, '$[0].code') AS code, count(*) AS records, min(first_seen) AS since "
    "FROM quarantine WHERE source = :source GROUP BY code ORDER BY records DESC"
)


@dataclass(frozen=True, slots=True)
class Reason:
    """How many records are aside for one reason, and since when the first of them."""

    count: int
    since: str


class Reader(NamedTuple):
    """Who read records: the source, its adapter by name, and the edition of both it and its mappings, as JSON."""

    source: str
    adapter: str
    edition: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One record kept aside; ``issues`` are mappings with code, field, value and params.

    Args:
        edition: the version of the adapter, and of each mapping its owner, date and digest, that read it last.
    """

    id: int
    source: str
    local_id: str
    raw: str
    payload: Any
    issues: list[dict[str, Any]]
    adapter: str
    edition: Mapping[str, Any]
    first_run: int
    last_run: int
    first_seen: str
    last_seen: str


def put(connection: Connection, plan: PlanFile, reader: Reader, *, run: int, now: str) -> None:
    """Keep the plan's refusals aside; an item refused before keeps its number and first sight."""
    for batch in plan.refusals():
        shared = {**reader._asdict(), "run": run, "now": now}
        connection.execute(_PUT, [{**refusal._asdict(), **shared} for refusal in batch])


def release(connection: Connection, source: str, local_ids: Sequence[str]) -> None:
    """Let go of items that are fine now."""
    if local_ids:
        connection.execute(_RELEASE, {"source": source, "wanted": orjson.dumps(local_ids).decode()})


def release_unseen(connection: Connection, source: str, run: int) -> None:
    """Let go of items that a run which saw everything did not refuse."""
    connection.execute(delete(table).where(table.c.source == source, table.c.last_run < run))


def kept(connection: Connection, source: str) -> frozenset[str]:
    """Return the local ids a source has in quarantine."""
    return frozenset(connection.execute(select(table.c.local_id).where(table.c.source == source)).scalars())


def find(connection: Connection, source: str | None, limit: int, code: str | None = None) -> list[Quarantined]:
    """Return the records kept aside, newest first, of one source or of all; for one reason, or for any."""
    found = select(table).order_by(table.c.last_run.desc(), table.c.id).limit(limit)
    if code:
        found = found.where(table.c.issues.contains(f'"code":"{code}"', autoescape=True))
    rows = connection.execute(found.where(table.c.source == source) if source else found)
    return [_quarantined(row) for row in rows]


def reasons(connection: Connection, source: str) -> dict[str, Reason]:
    """Return why records of a source are aside, by code of the first reason: how many, and since when."""
    rows = connection.execute(_REASONS, {"source": source})
    return {row.code: Reason(row.records, row.since) for row in rows}


def named(connection: Connection, local_id: str, source: str | None = None) -> list[Quarantined]:
    """Return the records with this local id, of one source or of all."""
    found = select(table).where(table.c.local_id == local_id)
    rows = connection.execute(found.where(table.c.source == source) if source else found)
    return [_quarantined(row) for row in rows]


def get(connection: Connection, number: int) -> Quarantined | None:
    """Return one record kept aside."""
    row = connection.execute(select(table).where(table.c.id == number)).one_or_none()
    return _quarantined(row) if row else None


def count(connection: Connection, source: str | None = None) -> int:
    """Return how many records are kept aside."""
    counted = select(func.count()).select_from(table)
    return int(connection.execute(counted.where(table.c.source == source) if source else counted).scalar_one())


def _quarantined(row: Any) -> Quarantined:
    values = dict(row._mapping)
    values["raw"] = values["raw"].hex()
    values["payload"] = orjson.loads(zstandard.decompress(values["payload"]))
    values["issues"] = orjson.loads(values["issues"])
    values["edition"] = orjson.loads(values["edition"]) if values["edition"] else {}
    return Quarantined(**values)
