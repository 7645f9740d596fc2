"""One phase of sqlite-utils, in a process of its own: rows of the CSV upserted by id into SQLite.

``peer_sqlite_utils.py sync CSV FOLDER`` does the work; with ``count`` it tells what stands there as JSON.
Runs in the peers' environment (benchmarks/.venv).
"""

import csv
import json
import sys
from pathlib import Path

from sqlite_utils import Database  # type: ignore[import-not-found]


def sync(path: Path, folder: Path) -> None:
    """Upsert the file into the database of this folder."""
    database = Database(folder / "bench.sqlite")
    with path.open(encoding="utf-8", newline="") as stream:
        database["vacancies"].upsert_all(csv.DictReader(stream), pk="id")
    database.close()


def count(folder: Path) -> dict[str, int]:
    """Return how many rows stand there and how many of them carry the edit."""
    query = "SELECT count(*) AS rows, coalesce(sum(title_nl LIKE '%(aangepast)'), 0) AS edited FROM vacancies"
    row = next(iter(Database(folder / "bench.sqlite").query(query)))
    return dict(row)


if __name__ == "__main__":
    action, csv_file, state = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if action == "sync":
        sync(csv_file, state)
    else:
        print(json.dumps(count(state)))
