"""Splink on DuckDB, in a process of its own: ``peer_splink.py LISTINGS GROUPS``.

It reads the same listings, and gets from them what its users usually give it: names in lower case, number, town, title,
contract, hours, date, and the words of the text. Its parameters are learned from the truth (``labels.json`` beside the
listings), since estimated without it they found hardly anything or put far too much together. Groups are written for
several thresholds; the runner takes those that fit the truth best. Runs in the peers' environment (benchmarks/.venv).
"""

import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb  # type: ignore[import-not-found]
import pyarrow as pa  # type: ignore[import-untyped, import-not-found, unused-ignore]
import splink.comparison_library as cl  # type: ignore[import-not-found]
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

_FORMS = re.compile(r"\b(?:n\.?v|s\.?a|b\.?v|bvba|srl|sprl|cv|cvba|vzw|asbl)\b\.?")
_SIGNS = re.compile(r"[^\w ]+")
_LONG = 7
THRESHOLDS = (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999)


def _row(number: int, said: dict[str, Any], opening: int) -> dict[str, Any]:
    organisation, place = said["organisation"], said["places"][0]
    text = " ".join(said.get("description", {}).values()).lower()
    return {
        "unique_id": number,
        "opening": str(opening),
        "source_dataset": said["listings"][0]["source"],
        "name": " ".join(_SIGNS.sub(" ", _FORMS.sub(" ", organisation["name"].lower())).split()),
        "kbo": organisation.get("kbo"),
        "postal_code": place.get("postalCode"),
        "town": place.get("nis") or place.get("municipality"),
        "title": _SIGNS.sub(" ", next(iter(said["title"].values())).lower()).strip(),
        "contract": (said.get("employmentType") or [None])[0],
        "hours": said.get("hoursPerWeek"),
        "published": said.get("published"),
        "code": (said.get("occupations") or [{}])[0].get("value"),
        "words": sorted({word for word in _SIGNS.sub(" ", text).split() if len(word) >= _LONG or word.isdigit()}),
    }


def _settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88]),
            cl.ExactMatch("kbo"),
            cl.ExactMatch("town").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postal_code"),
            cl.JaroWinklerAtThresholds("title", [0.95, 0.85]),
            cl.ExactMatch("contract"),
            cl.ExactMatch("hours"),
            cl.ExactMatch("code"),
            cl.AbsoluteDateDifferenceAtThresholds(
                "published", input_is_string=True, metrics=["day", "day", "day"], thresholds=[1, 7, 14]
            ),
            cl.ArrayIntersectAtSizes("words", [20, 10, 5]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("kbo", "town"),
            block_on("name", "town"),
            block_on("kbo", "title"),
            block_on("name", "title"),
            block_on("kbo", "published"),
        ],
    )


def main(listings: Path, groups: Path) -> None:
    """Link a file of listings."""
    labels = json.loads(listings.with_name("labels.json").read_text("utf-8"))
    by_source: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with listings.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream):
            row = _row(number, json.loads(line), labels[number])
            by_source[row["source_dataset"]].append(row)
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    api = DuckDBAPI(connection=connection)
    tables = [
        api.register(pa.Table.from_pylist(rows), dataset_display_name=source)
        for source, rows in sorted(by_source.items())
    ]
    linker = Linker(tables, _settings())
    linker.training.estimate_probability_two_random_records_match(
        [block_on("kbo", "town", "title"), block_on("name", "town", "published")], recall=0.4
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    linker.training.estimate_m_from_label_column("opening")
    predicted = linker.inference.predict(threshold_match_probability=THRESHOLDS[0])
    found = {str(threshold): _groups(linker, predicted, threshold) for threshold in THRESHOLDS}
    groups.write_text(json.dumps(found), encoding="utf-8")
    print(json.dumps({"pairs": len(predicted.as_record_list())}))


def _groups(linker: Any, predicted: Any, threshold: float) -> list[list[int]]:
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold)
    found: dict[str, list[int]] = defaultdict(list)
    for row in clusters.as_record_list():
        found[row["cluster_id"]].append(row["unique_id"])
    return [group for group in found.values() if len(group) > 1]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
