"""How every source stands, asked in one statement, so that it can be asked often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, text

_EACH = text(
    "SELECT s.value, r.started, r.finished, r.outcome, r.counts, "
    "(SELECT last_complete FROM source WHERE id = s.value), "
    "(SELECT coalesce(applied_run, '') FROM source WHERE id = s.value) || ' ' || "
    "(SELECT id || coalesce(outcome, '') FROM run WHERE source = s.value ORDER BY id DESC LIMIT 1), "
    "(SELECT score FROM quality WHERE source = s.value ORDER BY day DESC LIMIT 1), "
    "(SELECT json_group_array(kind) FROM (SELECT kind FROM alarm "
    "WHERE source = s.value AND closed IS NULL ORDER BY id)), "
    "(SELECT json_group_array(outcome) FROM (SELECT outcome FROM run "
    "WHERE source = s.value AND kind IS NULL AND outcome IS NOT NULL ORDER BY id DESC LIMIT :runs)) "
    "FROM json_each(:sources) AS s LEFT JOIN run AS r ON r.id = "
    "(SELECT id FROM run WHERE source = s.value AND kind IS NULL ORDER BY id DESC LIMIT 1) ORDER BY s.key"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one source stands; moments are ISO 8601 in UTC.

    Args:
        source: its id.
        started: when its last run that asked the partner started; None where there was none.
        finished: when that ended.
        outcome: how that ended.
        counts: what that counted.
        last_complete: when its last complete run started.
        mark: another one whenever its listings may be others.
        score: the mean score of these, as last measured.
        alarms: the kinds of its open alarms, the oldest first.
        outcomes: how its last runs ended, the newest first.
    """

    source: str
    started: str | None
    finished: str | None
    outcome: str | None
    counts: Mapping[str, int]
    last_complete: str | None
    mark: str | None
    score: float | None
    alarms: Sequence[str]
    outcomes: Sequence[str]


def standings(connection: Connection, sources: Sequence[str], *, runs: int) -> list[Standing]:
    """Return how these sources stand, in their order, each with how so many of its last runs ended."""
    asked = {"sources": orjson.dumps(sources).decode(), "runs": runs}
    return [_standing(*row) for row in connection.execute(_EACH, asked)]


def _standing(*row: Any) -> Standing:
    source, started, finished, outcome, counts, last_complete, mark, score, alarms, outcomes = row
    return Standing(
        source,
        started,
        finished,
        outcome,
        orjson.loads(counts or b"{}"),
        last_complete,
        mark,
        score,
        orjson.loads(alarms),
        orjson.loads(outcomes),
    )
