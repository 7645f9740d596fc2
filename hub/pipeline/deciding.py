"""What people decide of matches, and matching everything anew; each is a run of the hub's own."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hub.matching import VERSION
from hub.model.opportunity import utc
from hub.pipeline.applying import spend
from hub.pipeline.own import desk
from hub.pipeline.pairing import compare_again, describe_again
from hub.pipeline.report import Counts, Outcome
from hub.store import Connection, Database, listings, matches, organisations, runs

KIND = "match"
_CHUNK = 2000

Positions = tuple[int, int]
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Decided:
    """What is recorded of a decision: ``same`` or ``different``, who made it, what they say about it, and when."""

    verdict: str
    by: str
    why: str | None
    now: datetime


def decide(
    database: Database, plans: Path, source: str, pairs: Sequence[tuple[int, int]], decided: Decided
) -> Positions | None:
    """Record a decision about pairs of listings, publish what follows, and return the positions spent.

    Args:
        database: the store.
        plans: the folder for plans in the making.
        source: id of the source that the run is recorded with.
        pairs: numbers of listings.
        decided: what is decided of each pair.
    """
    now = utc(decided.now)
    with desk(database, plans) as own:
        for pair in pairs:
            matches.decide(own.connection, pair, decided.verdict, decided=now, by=decided.by, why=decided.why)
        concerned = {number for pair in pairs for number in pair}
        return _settle(own.connection, source, concerned, f"a person decided: {decided.verdict}", decided.now)


def take_back(database: Database, plans: Path, now: datetime) -> Positions | None:
    """Describe the listings again of whose organisations something proved wrong, and return the positions spent."""
    with database.read() as connection:
        stale = organisations.retracted(connection)
        if not stale:
            return None
        source = matches.members(connection, [min(stale)])[0].source
    with desk(database, plans) as own:
        return _settle(own.connection, source, stale, "an organisation proved to be another", now)


def match_all(
    database: Database, plans: Path, now: datetime, *, progress: Progress = lambda _step, _done, _total: None
) -> int:
    """Compare every live listing anew with those of the other sources, and return how many positions that spends.

    It happens some thousand listings at a time, each a transaction of its own, so that runs can publish in between.

    Args:
        database: the store.
        plans: the folder for plans in the making.
        now: the moment.
        progress: told the step, how many listings are done, and of how many.
    """
    with database.write() as connection:
        matches.prepare(connection, VERSION)
        chunks = [(source, numbers) for source in listings.sources(connection) for numbers in _live(connection, source)]
    total = sum(len(numbers) for _, numbers in chunks)
    spent = done = 0
    for _source, numbers in chunks:
        with database.write() as connection:
            describe_again(connection, numbers)
        done += len(numbers)
        progress("describe", done, total)
    done = 0
    for source, numbers in chunks:
        with desk(database, plans) as own:
            concerned = compare_again(own.connection, source, numbers, now=utc(now))
            positions = _settle(own.connection, source, concerned, "every listing is matched anew", now)
        spent += positions[1] - positions[0] + 1 if positions else 0
        done += len(numbers)
        progress("match", done, total)
    with database.write() as connection:
        matches.finish(connection, VERSION)
    return spent


def is_matched(database: Database) -> bool:
    """Say whether every listing was matched by the rules of now."""
    with database.read() as connection:
        return matches.is_matched(connection, VERSION)


def _live(connection: Connection, source: str) -> list[Sequence[int]]:
    numbers = [number for some in listings.live(connection, source) for number in some]
    return [numbers[start : start + _CHUNK] for start in range(0, len(numbers), _CHUNK)]


def _settle(
    connection: Connection, source: str, concerned: Collection[int], said: str, moment: datetime
) -> Positions | None:
    """Settle the opportunities of these listings, and record it as a run that planned nothing."""
    began, now = time.monotonic(), utc(moment)
    number = runs.start(connection, source, now, moment=moment.isoformat(), kind=KIND)
    positions = spend(connection, source=source, run=number, now=now, also=concerned)
    first, last = positions or (None, None)
    runs.finish(
        connection,
        number,
        finished=utc(datetime.now(UTC)),
        outcome=Outcome.complete.value,
        reason=said,
        counts=Counts().as_dict(),
        notes={},
        first_position=first,
        last_position=last,
        seconds=time.monotonic() - began,
    )
    return positions
