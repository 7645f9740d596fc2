"""One phase of dlt, in a process of its own: CSV read with Arrow, merged on the id into DuckDB.

``peer_dlt.py sync CSV FOLDER`` does the work; with ``count`` it tells what stands there as JSON. ``sync-snapshot`` does
what the hub does too: rows that are unchanged are left alone, and rows absent from the file are taken out.
Runs in the peers' environment (benchmarks/.venv), where alone the imports below are found.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")  # read when dlt is imported

import dlt  # type: ignore[import-not-found]
import duckdb  # type: ignore[import-not-found]
import pyarrow as pa
from pyarrow import csv

DISPOSITIONS: dict[str, object] = {
    "sync": "merge",
    "sync-snapshot": {"disposition": "merge", "strategy": "cdc", "skip_unchanged_rows": True},
}
BLOCK = 16 * 1024 * 1024  # bytes of CSV read at a time


def read(path: Path) -> Iterator[pa.Table]:
    """Yield the file in tables; every column is text, as a typed one would lose the zero a KBO number begins with."""
    with path.open("rb") as stream:
        names = stream.readline().decode().strip().split(",")
    options = csv.ConvertOptions(column_types={name: pa.string() for name in names})
    reader = csv.open_csv(
        path,
        read_options=csv.ReadOptions(block_size=BLOCK),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=options,
    )
    for batch in reader:
        yield pa.Table.from_batches([batch])


def sync(path: Path, folder: Path, disposition: object) -> None:
    """Merge the file into the database of this folder."""
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=str(folder / "pipelines"),
        destination=dlt.destinations.duckdb(str(folder / "bench.duckdb")),
        dataset_name="partner",
    )
    resource = dlt.resource(read, name="vacancies", primary_key="id", write_disposition=disposition)
    pipeline.run(resource(path)).raise_on_failed_jobs()


def count(folder: Path) -> dict[str, int]:
    """Return how many rows stand there and how many of them carry the edit."""
    query = "SELECT count(*), count(*) FILTER (title_nl LIKE '%(aangepast)') FROM partner.vacancies"
    with duckdb.connect(str(folder / "bench.duckdb"), read_only=True) as connection:
        rows, edited = connection.execute(query).fetchone()
    return {"rows": rows, "edited": edited}


if __name__ == "__main__":
    action, csv_file, state = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if action == "count":
        print(json.dumps(count(state)))
    else:
        sync(csv_file, state, DISPOSITIONS[action])
