"""How well groups of listings agree with the openings they are of: by pair, by noise, by kind of near-likeness."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from benchmarks.matching.listings import Listing, Made

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs of listings: those that are one opening, those found, and those both.

    Args:
        true: how many pairs are of one opening and of two sources.
        found: how many pairs were put together.
        right: how many of these are true.
        missed_by_noise: by kind of noise on either side, how many true pairs there are, and how many were missed.
        wrong_by_kind: by kind of near-likeness, how many pairs of openings there are, and how many were put together.
    """

    true: int
    found: int
    right: int
    missed_by_noise: Mapping[str, tuple[int, int]]
    wrong_by_kind: Mapping[str, tuple[int, int]]

    @property
    def precision(self) -> float:
        """Share of the found pairs that are right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that were found."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.right else 0.0


def true_pairs(listings: Sequence[Listing]) -> set[Pair]:
    """Return the pairs of places of listings that are of one opening."""
    of: dict[int, list[int]] = defaultdict(list)
    for place, listing in enumerate(listings):
        of[listing.opening].append(place)
    return {pair for places in of.values() for pair in combinations(places, 2)}


def scored(made: Made, groups: Iterable[Iterable[int]]) -> Score:
    """Compare groups of places of listings with the truth."""
    true = true_pairs(made.listings)
    found = {pair for group in groups for pair in combinations(sorted(group), 2)}
    near = {tuple(sorted(pair)): why for pair, why in made.near.items()}
    wrong = Counter(near.get(_openings(made, pair), "chance") for pair in found - true)
    kinds = Counter(made.near.values())
    return Score(
        true=len(true),
        found=len(found),
        right=len(found & true),
        missed_by_noise=_missed(made.listings, true, found),
        wrong_by_kind={kind: (kinds.get(kind, 0), wrong[kind]) for kind in sorted({*kinds, *wrong})},
    )


def _openings(made: Made, pair: Pair) -> tuple[int, ...]:
    return tuple(sorted(made.listings[place].opening for place in pair))


def _missed(listings: Sequence[Listing], true: set[Pair], found: set[Pair]) -> dict[str, tuple[int, int]]:
    all_of, missed = Counter[str](), Counter[str]()
    for pair in true:
        kinds = list(noises(listings, pair))
        all_of.update(kinds)
        if pair not in found:
            missed.update(kinds)
    return {kind: (number, missed[kind]) for kind, number in sorted(all_of.items())}


def noises(listings: Sequence[Listing], pair: Pair) -> Iterator[str]:
    """Yield the kinds of noise of a pair."""
    one, other = (set(listings[place].noise) for place in pair)
    yield from (one | other) - {"French", "reference"}
    languages = {next(iter(listings[place].published["title"])) for place in pair}
    yield "translated" if len(languages) > 1 else "one language"
    if "reference" in one | other and any("references" in listings[place].published["listings"][0] for place in pair):
        yield "reference"
