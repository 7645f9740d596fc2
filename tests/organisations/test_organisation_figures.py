"""The benchmark with known truth, small."""

from pathlib import Path

from benchmarks.organisations import measure


def test_what_is_put_together_is_one_organisation(tmp_path: Path) -> None:
    figures = measure(400, 3_000, seed=5, folder=tmp_path)
    assert figures["precision"] >= 0.998
    assert figures["distinct precision"] >= 0.995
    assert figures["without agencies recall"] >= 0.75
    assert figures["numbers right"] >= 0.99
    assert figures["numbers added"] >= 0.4
