"""Matching listings with the rules of the hub: features, keys in SQLite as in the store, pairs, clusters.

``python -m benchmarks.matching.with_hub LISTINGS GROUPS`` reads published listings, one JSON a line, and writes the
groups of their places in the file; it prints what each step cost as JSON.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from hub.matching import Decision, Features, Verdict, clusters, compare, features, keys

CROWDED = 50
BATCH = 5_000

_SCHEMA = """
    CREATE TABLE listing (id INTEGER PRIMARY KEY, source TEXT NOT NULL, features BLOB NOT NULL);
    CREATE TABLE block (key INTEGER NOT NULL, listing INTEGER NOT NULL);
"""
_CANDIDATES = f"""
    SELECT DISTINCT a.listing, b.listing
    FROM (SELECT key FROM block GROUP BY key HAVING count(*) BETWEEN 2 AND {CROWDED}) AS shared
    CROSS JOIN block AS a ON a.key = shared.key
    CROSS JOIN block AS b ON b.key = shared.key AND b.listing > a.listing
    CROSS JOIN listing AS la ON la.id = a.listing CROSS JOIN listing AS lb ON lb.id = b.listing
    WHERE la.source <> lb.source ORDER BY 1, 2
"""  # noqa: S608 - constants only


class Clock:
    """Processor time by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.process_time()

    def stop(self, step: str) -> None:
        """End a step, or a part of one, and begin the next."""
        now = time.process_time()
        self.seconds[step] = round(self.seconds.get(step, 0) + now - self._since, 2)
        self._since = now


def matched(listings: Iterable[bytes]) -> tuple[list[tuple[int, ...]], dict[tuple[int, int], Verdict], Clock]:
    """Return the groups of several, the pairs that are not different, and what the steps cost."""
    clock = Clock()
    database = sqlite3.connect("")
    database.executescript(_SCHEMA)
    sources: dict[int, str] = {}
    packed: list[bytes] = []
    for batch in _batches(listings):
        rows: list[tuple[int, str, bytes]] = []
        blocks: list[tuple[int, int]] = []
        for number, line in enumerate(batch, len(packed)):
            made = features(orjson.loads(line))
            rows.append((number, made.source, made.packed()))
            blocks += [(key, number) for key in keys(made)]
        clock.stop("features and keys")
        database.executemany("INSERT INTO listing VALUES (?, ?, ?)", rows)
        database.executemany("INSERT INTO block VALUES (?, ?)", blocks)
        sources.update((number, source) for number, source, _ in rows)
        packed += [each for _, _, each in rows]
        clock.stop("keeping")
    database.execute("CREATE UNIQUE INDEX by_key ON block (key, listing)")
    clock.stop("keeping")
    pairs = database.execute(_CANDIDATES).fetchall()
    clock.stop("candidates")
    found = {(one, other): verdict for one, other, verdict in _judged(pairs, packed)}
    clock.seconds["pairs compared"] = len(pairs)
    clock.stop("comparing")
    groups = clusters(sources, {pair: verdict.score for pair, verdict in found.items()})
    clock.stop("clusters")
    return [group for group in groups if len(group) > 1], found, clock


def _batches(listings: Iterable[bytes]) -> Iterator[list[bytes]]:
    lines = iter(listings)
    while batch := list(islice(lines, BATCH)):
        yield batch


def _judged(pairs: list[tuple[int, int]], packed: list[bytes]) -> Iterator[tuple[int, int, Verdict]]:
    last, ours = -1, None
    for one, other in pairs:
        if one != last:
            last, ours = one, Features.unpacked(packed[one])
        assert ours is not None  # noqa: S101
        verdict = compare(ours, Features.unpacked(packed[other]))
        if verdict.decision is not Decision.different:
            yield one, other, verdict


def main(listings: Path, groups: Path) -> None:
    """Match a file of listings."""
    with listings.open("rb") as stream:
        found, pairs, clock = matched(stream)
    groups.write_text(json.dumps(found), encoding="utf-8")
    unsure = sum(verdict.decision is Decision.unsure for verdict in pairs.values())
    told: dict[str, Any] = {"steps": clock.seconds, "unsure": unsure}
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
