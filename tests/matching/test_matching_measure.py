"""The measure of `benchmarks/matching`, small: how much is found of what is the same, and how much is wrong."""

import orjson
import pytest

from benchmarks.matching.listings import make
from benchmarks.matching.truth import scored
from benchmarks.matching.with_hub import matched


@pytest.mark.parametrize(
    ("profile", "precision", "recall"),
    [("stated", 0.985, 0.96), ("market", 0.985, 0.86), ("second", 0.975, 0.6)],
)
def test_few_pairs_are_wrong_and_most_are_found(profile: str, precision: float, recall: float) -> None:
    made = make(profile, 4000, seed=99)
    groups, _, _ = matched(orjson.dumps(listing.published) for listing in made.listings)
    score = scored(made, groups)
    assert score.true > 380
    assert score.precision >= precision
    assert score.recall >= recall


def test_listings_are_made_the_same_again() -> None:
    one, other = (make("market", 300, seed=5) for _ in range(2))
    assert one.listings == other.listings
