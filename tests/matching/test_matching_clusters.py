"""Groups of listings: in any order the same, one of each source, and people first."""

from collections.abc import Mapping
from itertools import combinations, product
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.matching import Candidate, canonical_order, clusters

Crowd = tuple[dict[int, str], dict[tuple[int, int], float], dict[tuple[int, int], str]]

SURE, LIKELY, DOUBTFUL = 0.9999, 0.95, 0.6


@st.composite
def crowds(draw: st.DrawFn) -> Crowd:
    """Draw members, scores of some of their pairs, and decisions about a few."""
    members = {number: draw(st.sampled_from("abcd")) for number in range(draw(st.integers(1, 9)))}
    pairs: dict[tuple[int, int], float] = {}
    decisions: dict[tuple[int, int], str] = {}
    for one, other in combinations(members, 2):
        if members[one] != members[other] and draw(st.booleans()):
            pairs[one, other] = draw(st.sampled_from((DOUBTFUL, LIKELY, 0.99, SURE, 0.99999)))
        if draw(st.integers(0, 9)) == 0:
            decisions[one, other] = draw(st.sampled_from(("same", "different")))
    return members, pairs, decisions


@given(crowds(), st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_told_changes_nothing(crowd: Crowd, chance: Random) -> None:
    def shuffled(mapping: Mapping[Any, Any]) -> dict[Any, Any]:
        return dict(chance.sample(list(mapping.items()), len(mapping)))

    members, pairs, decisions = crowd
    assert clusters(shuffled(members), shuffled(pairs), shuffled(decisions)) == clusters(members, pairs, decisions)


@given(crowds())
def test_everyone_is_in_one_group_and_no_group_has_two_of_a_source_unless_a_person_said_so(crowd: Crowd) -> None:
    members, pairs, decisions = crowd
    groups = clusters(members, pairs, decisions)
    assert sorted(number for group in groups for number in group) == sorted(members)
    if "same" not in decisions.values():
        assert all(len({members[number] for number in group}) == len(group) for group in groups)


@given(crowds())
def test_what_a_person_parted_is_never_together(crowd: Crowd) -> None:
    members, pairs, decisions = crowd
    groups = clusters(members, pairs, decisions)
    parted = {pair for pair, said in decisions.items() if said == "different"}
    assert not parted & {pair for group in groups for pair in combinations(group, 2)}


@given(crowds())
def test_what_a_person_joined_is_together_where_no_one_parted_anything(crowd: Crowd) -> None:
    members, pairs, decisions = crowd
    joined = {pair: said for pair, said in decisions.items() if said == "same"}
    groups = clusters(members, pairs, joined)
    assert all(any({*pair} <= {*group} for group in groups) for pair in joined)


@given(crowds())
def test_every_pair_of_a_group_is_at_least_unsure_or_decided(crowd: Crowd) -> None:
    members, pairs, decisions = crowd
    if "same" in decisions.values():
        return
    groups = clusters(members, pairs, decisions)
    assert all(pair in pairs for group in groups for pair in combinations(group, 2))


def test_near_misses_do_not_chain() -> None:
    members = dict(enumerate("abcd"))
    chain = {(0, 1): SURE, (1, 2): SURE, (2, 3): SURE}
    assert clusters(members, chain) == [(0, 1), (2, 3)]
    assert clusters(members, chain | dict.fromkeys(product((0, 1), (2, 3)), DOUBTFUL) | chain) == [(0, 1, 2, 3)]


def test_two_of_one_source_that_fit_about_as_well_are_both_left() -> None:
    members = {0: "a", 1: "b", 2: "b"}
    assert clusters(members, {(0, 1): LIKELY, (0, 2): LIKELY + 0.01}) == [(0,), (1,), (2,)]
    assert clusters(members, {(0, 1): LIKELY, (0, 2): 0.999}) == [(0, 2), (1,)]


def test_a_person_settles_what_the_rules_leave() -> None:
    members = {0: "a", 1: "b", 2: "b"}
    pairs = {(0, 1): LIKELY, (0, 2): LIKELY}
    assert clusters(members, pairs, {(0, 1): "different"}) == [(0, 2), (1,)]
    assert clusters(members, {}, {(1, 2): "same"}) == [(0,), (1, 2)]


def test_the_administrators_ranking_comes_before_quality_and_age() -> None:
    old = Candidate(1, "forem", 0.5, "2026-01-01")
    good = Candidate(2, "actiris", 0.9, "2026-02-01")
    first = Candidate(3, "vdab", 0.1, "2026-03-01")
    assert canonical_order([old, good, first], {"vdab": 1}) == [first, good, old]
