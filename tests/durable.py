"""A partner whose list changes wholly from round to round, so that any state of a store tells which round it is of.

`work` runs round after round and says each one it was told is done; `faults` says what is wrong with a store.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from multiprocessing.connection import Connection as Wire
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, cast

import orjson
from sqlalchemy import Connection, text
from told import MORNING, Cursor, Told, job

from hub.adapter import Complete, Fetched, Job, RawRecord, Withdrawal
from hub.errors import StoreError
from hub.pipeline import Desk, Expect, Outcome, Report, Source, run_source
from hub.store import Database, open_store, quarantine, runs
from hub.store.migration import migrate

SIZE = 40
REFUSED = "geweigerd"
_ANYTHING = Expect(max_drop=1, max_changed=1, max_churn=1, min_share=0, floor=1_000_000)
_PUBLISHED = text(
    "SELECT l.local_id, l.live, o.reason, b.bytes FROM listing AS l JOIN opportunity AS o ON o.id = l.opportunity "
    "LEFT JOIN body AS b ON b.position = o.position WHERE l.source = :source"
)
_SPENT = text("SELECT first_position, last_position FROM run WHERE first_position IS NOT NULL ORDER BY first_position")

forkserver = ForkServerContext()
forkserver.set_forkserver_preload(["hub.pipeline", "hub.store.upgrading", "hub.app.backups"])


def tell(figures: str) -> None:
    """Write the figures of a test where `pytest -s` and a failure show them."""
    sys.stdout.write(f"{figures}\n")


def gone(number: int, round_: int) -> bool:
    """Say whether a listing is withdrawn in this round."""
    return (number + round_) % 7 == 0


def words(round_: int, size: int = SIZE, weight: int = 0) -> Iterator[Fetched]:
    """Say what the partner lists in a round; the record that is refused has this weight, in bytes."""
    for number in range(size):
        local_id = f"n{number}"
        yield Withdrawal(local_id) if gone(number, round_) else job(local_id, f"Ronde {round_}")
    yield RawRecord(REFUSED, {"round": round_, "weight": os.urandom(weight // 2).hex()})
    yield Complete("the round is over", cursor=str(round_))


def run_round(
    database: Database, plans: Path, source: str = "told", size: int = SIZE, *, now: datetime = MORNING, weight: int = 0
) -> tuple[int, Report]:
    """Run the round that follows on what the store has."""
    round_ = round_of(database, source) + 1
    told = Told(list(words(round_, size, weight)))
    desk = Desk(database, plans, now, [])
    made = Source(source, told, partner="Partner", expect=_ANYTHING)
    return round_, run_source(made, desk, lambda cursor: cast("Job", Cursor(cursor)))


def round_of(database: Database, source: str = "told") -> int:
    """Return the round that a store has."""
    with database.read() as connection:
        return int(runs.state(connection, source).cursor or 0)


def work(path: Path, wire: Wire, source: str = "told", size: int = SIZE, rounds: int = 1_000_000) -> None:
    """Run round after round, and say when the store is open and each round that is done."""
    with closing(open_store(path)) as database:
        wire.send(0)
        for _ in range(rounds):
            round_, report = run_round(database, path.parent / "plans", source, size)
            if report.outcome is not Outcome.complete:
                raise AssertionError(report.reason)
            wire.send(round_)


def told_done(wire: Wire) -> Iterator[Any]:
    """Yield what a process said until it ended."""
    try:
        while True:
            yield wire.recv()
    except (EOFError, OSError):
        return


def faults(path: Path, said: int, source: str = "told", size: int = SIZE) -> list[str]:
    """Open a store as the hub does, and say what is lost, partial or corrupt in it.

    Args:
        path: the file.
        said: the last round that was said to be done.
        source: whose rounds they are.
        size: how many listings it has.
    """
    try:
        with closing(Database(path)) as database:
            migrate(database)
            with database.read() as connection:
                return list(_faults(connection, said, source, size))
    except StoreError as error:
        return [f"corrupt: {error}"]


def _faults(connection: Connection, said: int, source: str, size: int) -> Iterator[str]:
    if (verdict := connection.execute(text("PRAGMA integrity_check(1)")).scalar()) != "ok":
        yield f"corrupt: {verdict}"
        return
    round_ = int(runs.state(connection, source).cursor or 0)
    if round_ not in {said, said + 1}:
        yield f"lost: round {said} was said to be done, the store has {round_}"
    if _published(connection, source) != expected(round_, size):
        yield f"partial: not what round {round_} published"
    kept = [record.payload["round"] for record in quarantine.find(connection, source, 10)]
    if kept != ([round_] if round_ else []):
        yield f"partial: kept aside is not what round {round_} refused"
    yield from gaps(connection)


def _published(connection: Connection, source: str) -> dict[str, str | None]:
    """Return the title of every listing, None for one that is gone, a fault in words for what does not fit."""
    found: dict[str, str | None] = {}
    for local_id, live, reason, body in connection.execute(_PUBLISHED, {"source": source}):
        fits = (reason is None) == bool(live) == (body is not None)
        found[local_id] = (orjson.loads(body)["title"]["nl"] if body else None) if fits else "does not fit"
    return found


def expected(round_: int, size: int = SIZE) -> dict[str, str | None]:
    """Return what `_published` must be; what was never published has no listing."""
    if not round_:
        return {}
    numbers = [n for n in range(size) if not all(gone(n, past) for past in range(1, round_ + 1))]
    return {f"n{number}": None if gone(number, round_) else f"Ronde {round_}" for number in numbers}


def gaps(connection: Connection) -> Iterator[str]:
    """Say where the positions that were spent are not one row without a gap, from 1 to the counter."""
    following = 1
    for first, last in connection.execute(_SPENT):
        if first != following:
            yield f"positions: {following} should follow, {first} does"
        following = last + 1
    spent = connection.execute(text("SELECT value FROM counter WHERE name = 'position'")).scalar_one()
    highest = connection.execute(text("SELECT coalesce(max(position), 0) FROM opportunity")).scalar_one()
    if not spent == highest == following - 1:
        yield f"positions: the counter says {spent}, the runs {following - 1}, the feed {highest}"


def started(target: Callable[..., None], *arguments: Any) -> tuple[Any, Wire]:
    """Start a process with a wire to hear it; it has its own end as second argument, after the path."""
    hear, speak = forkserver.Pipe(duplex=False)
    path, *more = arguments
    process = forkserver.Process(target=target, args=(path, speak, *more))
    process.start()
    speak.close()
    return process, hear
