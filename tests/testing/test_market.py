"""The made-up labour market."""

import re
import time
from datetime import UTC, date, datetime

import pytest
from stdnum.be import vat

from hub.testing.market import Market

TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def market(seed: int = 1, size: int = 300) -> Market:
    return Market(seed, size, today=TODAY, moment=lambda: NOON)


@pytest.fixture(scope="module")
def whole() -> Market:
    return Market(1, today=TODAY, moment=lambda: NOON)


def test_the_same_seed_and_day_give_the_same_market_after_the_same_ticks() -> None:
    one, other = market(), market()
    assert [one.tick(), one.tick()] == [other.tick(), other.tick()]
    assert one.openings == other.openings
    assert one.gone == other.gone


def test_another_seed_gives_another_market() -> None:
    assert market(1).openings[1].description != market(2).openings[1].description


def test_every_employer_has_a_valid_kbo_number(whole: Market) -> None:
    numbers = {opening.employer.kbo for opening in whole.openings.values()}
    assert len(numbers) > 200
    assert all(vat.is_valid(number) for number in numbers)


def test_descriptions_are_120_to_400_words_long_and_no_two_are_alike(whole: Market) -> None:
    texts = [text for opening in whole.openings.values() for text in opening.description.values()]
    words = [len(re.sub(r"<[^>]+>", " ", text).split()) for text in texts]
    assert min(words) >= 120
    assert max(words) <= 400
    assert len(set(texts)) == len(texts)


def test_both_partners_list_a_few_thousand_and_about_a_tenth_is_listed_by_both(whole: Market) -> None:
    lists = [opening.listed_by for opening in whole.openings.values()]
    both = sum({"vdab", "actiris"} <= listed for listed in lists)
    assert sum("vdab" in listed for listed in lists) > 2000
    assert sum("actiris" in listed for listed in lists) > 2000
    assert 0.07 < both / len(lists) < 0.14


def test_a_duplicate_points_at_an_opening_of_its_own_employer_and_title(whole: Market) -> None:
    duplicates = [opening for opening in whole.openings.values() if opening.duplicates_of]
    assert duplicates
    for opening in duplicates:
        original = whole.openings[opening.duplicates_of or 0]
        assert (original.title, original.employer, original.duplicates_of) == (opening.title, opening.employer, None)


def test_a_branch_is_the_job_of_its_employer_at_another_site(whole: Market) -> None:
    branches = [opening for opening in whole.openings.values() if opening.branch_of]
    assert 0.02 < len(branches) / len(whole.openings) < 0.05
    for opening in branches:
        original = whole.openings[opening.branch_of or 0]
        assert (original.title, original.employer, original.contract) == (
            opening.title,
            opening.employer,
            opening.contract,
        )
        assert original.place != opening.place
        assert original.description != opening.description


def test_no_two_partners_give_out_one_number(whole: Market) -> None:
    partners = ("vdab", "forem", "actiris")
    numbers = {opening.number_at(partner) for opening in whole.openings.values() for partner in partners}
    assert len(numbers) == len(partners) * len(whole.openings)


def test_a_tick_adds_edits_and_withdraws_and_dates_what_it_changed() -> None:
    live = market()
    before = dict(live.openings)
    tick = live.tick()
    assert set(tick.added) == set(live.openings) - set(before)
    assert set(tick.withdrawn) == set(before) - set(live.openings) == set(live.gone)
    assert all(live.openings[number].description != before[number].description for number in tick.edited)
    assert {live.openings[number].changed for number in (*tick.added, *tick.edited)} == {NOON}


def test_an_original_is_withdrawn_with_its_duplicates(whole: Market) -> None:
    live = market(seed=3, size=400)
    for _ in range(20):
        live.tick()
    assert all(opening.duplicates_of in {None, *live.openings} for opening in live.openings.values())


def test_four_thousand_openings_are_made_within_a_second() -> None:
    start = time.process_time()
    Market(5, today=TODAY)
    assert time.process_time() - start < 1.0
