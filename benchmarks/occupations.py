"""How many job titles get an occupation of ESCO, how many of these rightly, and how fast.

    python benchmarks/occupations.py ESCO_FOLDER [LANGUAGE ...]

ESCO_FOLDER is the official CSV download, or a zip file of it. The titles, with the ISCO-08 unit groups that are right
for each (nothing after the last | where staying empty is right too), are those that the tests use.
"""

import csv
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from hub.codelists import Esco, import_esco
from hub.pipeline.enrich.title_matching import title_meaning

TITLES = Path(__file__).parents[1] / "tests" / "pipeline" / "job_titles.csv"


def main(place: Path, languages: Sequence[str]) -> None:
    """Import ESCO, match all titles of some languages, and print what is wrong, the figures and the time."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        import_esco(place, Path(folder) / "esco.list", progress=lambda _done, _of: None)
        esco = Esco(Path(folder) / "esco.list")
        print(f"imported {esco.languages} in {time.process_time() - began:.1f} CPU s, {esco.file.size / 1e6:.1f} MB")
        with TITLES.open(encoding="utf-8") as stream:
            rows = [row for row in csv.DictReader(stream, delimiter=";") if row["language"] in esco.languages]
        for language in languages or esco.languages:
            measure([row for row in rows if row["language"] == language], language, esco)


def measure(rows: Sequence[dict[str, str]], language: str, esco: Esco) -> None:
    """Print the figures of one language."""
    esco.near("elecktricien", language)  # read once, whatever is asked
    counts = Counter(_judged(row, esco) for row in rows)
    filled = counts["right"] + counts["wrong"]
    due = filled + counts["missed"]
    print(f"{language}: {len(rows)} titles, {dict(counts)}")
    print(f"  precision {counts['right'] / max(filled, 1):.4f}, recall {counts['right'] / max(due, 1):.3f}")
    for name in ("met again", "met for the first time"):
        if name != "met again":
            esco = Esco(esco.file.path)
            esco.near("elecktricien", language)
        print(f"  {_microseconds(rows, esco):.1f} CPU us a title {name}")


def _judged(row: dict[str, str], esco: Esco) -> str:
    found = title_meaning(row["title"], row["language"], esco)
    right = row["groups"].split("|")
    if found is None:
        return "rightly empty" if "" in right else "missed"
    code = esco.group_code(found.group).value
    if code not in right:
        print(f"  wrong: {row['title']} is {row['groups'] or 'unknown'}, found {code} by {found.method}")
    return "right" if code in right else "wrong"


def _microseconds(rows: Iterable[dict[str, str]], esco: Esco) -> float:
    titles = [(row["title"], row["language"]) for row in rows]
    began = time.process_time()
    for title, language in titles:
        title_meaning(title, language, esco)
    return (time.process_time() - began) / max(len(titles), 1) * 1e6


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
