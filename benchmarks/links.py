"""What minding links, age and quality costs on a large store: `python benchmarks/links.py [LISTINGS]`.

The listings are made up, 3 KB each as those of partners are; one in a hundred has a dead link.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from hub.links import Found, Patience, Sight, first_due
from hub.pipeline import Expect
from hub.pipeline.doubt import Doubting, doubt_due
from hub.store import Database, doubts, links, open_store, qualities

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SEEN = "2026-10-01T08:00:00Z"
BATCH = 2000
CRITERIA = (
    "completeText",
    "placePrecision",
    "wayToApply",
    "audienceStated",
    "occupationCode",
    "expiryKnown",
    "payStated",
)


def version(number: int, chance: random.Random) -> bytes:
    """Return what is published of a listing."""
    criteria = {name: chance.choice((0.0, 0.5, 1.0)) for name in CRITERIA}
    quality = {"score": round(sum(criteria.values()) / len(criteria), 3), "criteria": criteria}
    page = f"https://jobs{number % 4}.example.be/vacature/{number}"
    ways = [{"channel": "url", "value": f"{page}/apply"}]
    said = {"@type": "JobPosting", "title": {"nl": f"Poetshulp {number}"}, "description": {"nl": "Poetsen. " * 300}}
    return orjson.dumps({**said, "url": page, "howToApply": ways, "status": "active", "quality": quality})


def fill(database: Database, count: int) -> None:
    """Write the listings as runs leave them."""
    chance = random.Random(5)  # noqa: S311 - no secret
    columns = "id, source, local_id, raw, content, live, opportunity, kind, first_seen, content_changed"
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO source (id, applied_run) VALUES ('big', 1)")
        for start in range(0, count, BATCH):
            numbers = range(start, min(start + BATCH, count))
            rows = [(n, str(n), b"r", b"c%d" % n, f"o{n}", SEEN, SEEN) for n in numbers]
            listing = f"INSERT INTO listing ({columns}) VALUES (?, 'big', ?, ?, ?, 1, ?, 'vacancy', ?, ?)"  # noqa: S608
            connection.exec_driver_sql(listing, rows)
            connection.exec_driver_sql("INSERT INTO version VALUES (?, ?)", [(n, version(n, chance)) for n in numbers])


def timed(name: str, work: Callable[[], Any]) -> Any:
    """Do some work and tell how long it took."""
    wall, spent = time.monotonic(), time.process_time()
    made = work()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:<36} {time.monotonic() - wall:7.2f} s  {time.process_time() - spent:7.2f} CPU s  peak {most:,} MB")
    return made


def gather(database: Database) -> int:
    """Read what changed, and return how many listings that were."""
    with database.read() as connection:
        numbers = links.changed(connection, "big", links=True)
    for start in range(0, len(numbers), BATCH):
        with database.write() as connection:
            batch = numbers[start : start + BATCH]
            links.collect(connection, batch, due=lambda url: first_due(url, NOW, Patience()), links=True)
    with database.write() as connection:
        doubts.end(connection, "big", now=NOW)
    return len(numbers)


def see(database: Database, count: int, days: Iterator[int]) -> None:
    """Look at one address in a hundred on these days and find it gone."""
    pages = [f"https://jobs{n % 4}.example.be/vacature/{n}" for n in range(0, count, 100)]
    for day in days:
        with database.write() as connection:
            gone = [(page, Sight(Found.gone, "404")) for page in pages]
            links.note(connection, "big", gone, now=NOW + timedelta(days=day), patience=Patience())


def main(count: int) -> None:
    """Make a store and measure."""
    wanted = Doubting("big", links=True, expect=Expect(floor=count))
    with tempfile.TemporaryDirectory() as folder, closing(open_store(Path(folder) / "hub.db")) as database:
        timed(f"(writing {count:,} listings)", lambda: fill(database, count))
        timed("gather, everything new", lambda: gather(database))
        timed("gather, nothing new", lambda: gather(database))
        timed(f"note {count // 100 * 3:,} looks", lambda: see(database, count, iter(range(3))))
        later = NOW + timedelta(days=4)
        with database.read() as connection:
            timed("due, 4 hosts", lambda: links.due(connection, "big", now=later, limit=26))
            measured = timed("quality of all listings", lambda: qualities.measure(connection, "big", day="d", run=1))
            timed("three examples", lambda: qualities.examples(connection, "big", "payStated", 0.0))
        plans = Path(folder) / "plans"
        print(timed("doubt, one in a hundred", lambda: doubt_due(database, plans, later, [wanted])))
        timed("doubt, nothing new", lambda: doubt_due(database, plans, later, [wanted]))
        print(f"score {measured.score} over {measured.listings:,}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
