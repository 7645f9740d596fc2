"""What the store no longer needs: answers, refused records, runs and what portals told, older than it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, text

from hub.store import runs

_SOURCES = text("SELECT DISTINCT source FROM run")
_WAITING = text("SELECT run FROM hold WHERE state = 'waiting'")
_OLD_EXCHANGES = (
    "FROM exchange WHERE run IN (SELECT id FROM run WHERE started < :before AND outcome IS NOT NULL) "
    "AND run NOT IN (SELECT value FROM json_each(:needed))"
)
_OLD_RECORDS = "FROM quarantine WHERE last_seen < :before"
_OLD_RUNS = """
FROM run WHERE first_position IS NULL AND outcome IS NOT NULL AND id NOT IN (SELECT value FROM json_each(:needed))
AND id NOT IN (SELECT run FROM exchange) AND id NOT IN (SELECT run FROM hold)
AND id NOT IN (SELECT applied_run FROM source WHERE applied_run IS NOT NULL)
AND id NOT IN (SELECT run FROM slot WHERE run IS NOT NULL AND ended IS NULL)
AND (SELECT count(*) FROM run AS later WHERE later.source = run.source AND later.id > run.id) >= :runs
"""
# What nobody decided goes only where the opportunity itself is long gone.
_OLD_REPORTS = (
    "FROM report WHERE decided < :before OR (decided IS NULL AND made < :before "
    "AND NOT EXISTS (SELECT 1 FROM opportunity AS o WHERE o.id = report.opportunity AND o.reason IS NULL))"
)
_OLD_USAGE = "FROM usage WHERE day < :before"
_OLD_BATCHES = "FROM usage_batch WHERE day < :before"
_NAMED = text(
    "SELECT DISTINCT r.source, e.digest FROM exchange AS e JOIN run AS r ON r.id = e.run WHERE e.digest IS NOT NULL"
)
_GOING = text(
    "SELECT DISTINCT r.source, e.digest FROM exchange AS e JOIN run AS r ON r.id = e.run WHERE e.digest IS NOT NULL "
    "AND NOT (r.started < :before AND r.outcome IS NOT NULL AND r.id NOT IN (SELECT value FROM json_each(:needed)))"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Until when things are kept, as ISO 8601 in UTC, and how many runs of each source; use is kept by day."""

    answers_before: str
    records_before: str
    runs: int
    reports_before: str
    usage_before: str
    batches_before: str


@dataclass(frozen=True, slots=True)
class Old:
    """How many rows are older than kept: answers, refused records, runs, reports, counts of use and their batches."""

    answers: int
    records: int
    runs: int
    reports: int
    usage: int
    batches: int


def needed(connection: Connection) -> list[int]:
    """Return the runs whose answers stay however old they are: those that what is published, or waits, rests on."""
    sources: Sequence[str] = connection.execute(_SOURCES).scalars().all()
    resting = {run.id for source in sources for run in runs.applied(connection, source)}
    return sorted(resting.union(connection.execute(_WAITING).scalars()))


def old(connection: Connection, limits: Limits) -> Old:
    """Return what `clean` would remove."""
    return Old(
        *(
            int(connection.execute(text(f"SELECT count(*) {what}"), values).scalar_one())
            for what, values in _each(connection, limits)
        )
    )


def clean(connection: Connection, limits: Limits) -> Old:
    """Remove what is older than it is kept, and say how much that was."""
    return Old(
        *(connection.execute(text(f"DELETE {what}"), values).rowcount for what, values in _each(connection, limits))
    )


def _each(connection: Connection, limits: Limits) -> list[tuple[str, dict[str, object]]]:
    kept = orjson.dumps(needed(connection)).decode()
    return [
        (_OLD_EXCHANGES, {"before": limits.answers_before, "needed": kept}),
        (_OLD_RECORDS, {"before": limits.records_before}),
        (_OLD_RUNS, {"runs": limits.runs, "needed": kept}),
        (_OLD_REPORTS, {"before": limits.reports_before}),
        (_OLD_USAGE, {"before": limits.usage_before}),
        (_OLD_BATCHES, {"before": limits.batches_before}),
    ]


def named(connection: Connection, answers_before: str | None = None) -> dict[str, set[str]]:
    """Return the digests of the archived answers by source; with a moment only those that stay when cleaned."""
    values = {"before": answers_before, "needed": orjson.dumps(needed(connection)).decode()}
    rows = connection.execute(_GOING, values) if answers_before else connection.execute(_NAMED)
    found: dict[str, set[str]] = {}
    for source, digest in rows:
        found.setdefault(source, set()).add(digest)
    return found
