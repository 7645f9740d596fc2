"""What a reading asks, yields and says."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.adapter import Complete, Incomplete
from hub.client.paging import Cursor, NextLink, Offset, Page, PageNumber, Paging, Reading, Turn
from hub.errors import UnexpectedAnswer

WHERE = "GET partner.example/jobs"
START = "https://partner.example/feed/jobs?a=1"


def named(item: Any) -> str | None:
    return item if isinstance(item, str) else None


def read(paging: Paging, *pages: Page, **options: Any) -> tuple[Reading, list[Any], list[Turn]]:
    """Read pages that come whatever is asked, the last one again and again."""
    turns: list[Turn] = []

    def ask(turn: Turn) -> Page:
        turns.append(turn)
        return pages[min(turn.number, len(pages) - 1)]

    reading = Reading(paging, ask, named, where=WHERE, **options)
    return reading, list(reading), turns


@pytest.mark.parametrize(
    ("paging", "asked"),
    [
        (PageNumber(2), [{"page": "1", "size": "2"}, {"page": "2", "size": "2"}, {"page": "3", "size": "2"}]),
        (PageNumber(2, 0, "p", ""), [{"p": "0"}, {"p": "1"}, {"p": "2"}]),
        (PageNumber(5), [{"page": "1", "size": "5"}, {"page": "2", "size": "2"}, {"page": "3", "size": "2"}]),
        (Offset(5), [{"offset": "0", "limit": "5"}, {"offset": "2", "limit": "5"}, {"offset": "3", "limit": "5"}]),
        (
            Offset(2, "vanaf", "aantal"),
            [{"vanaf": "0", "aantal": "2"}, {"vanaf": "2", "aantal": "2"}, {"vanaf": "3", "aantal": "2"}],
        ),
    ],
)
def test_pages_are_asked_for_until_an_empty_one(paging: Paging, asked: list[dict[str, str]]) -> None:
    reading, items, turns = read(paging, Page(["a", "b"]), Page(["c"]), Page([]))
    assert items == ["a", "b", "c"]
    assert [dict(turn.params) for turn in turns] == asked
    assert [turn.read for turn in turns] == [0, 2, 3]
    assert reading.end("x") == Complete(f"{WHERE}: 3 items read, an empty page at the end.", cursor="x")


def test_a_total_that_can_be_relied_on_saves_the_empty_page() -> None:
    reading, items, turns = read(PageNumber(2), Page(["a", "b"], 3), Page(["c"], 3), states_total=True)
    assert (items, len(turns)) == (["a", "b", "c"], 2)
    assert reading.end() == Complete(f"{WHERE}: 3 items read, the total the partner states.", listed=3)


def test_a_total_as_large_as_the_first_full_page_may_be_that_of_the_page() -> None:
    reading, items, _ = read(PageNumber(2), Page(["a", "b"], 2), Page(["c"], 1), Page([], 0), states_total=True)
    assert items == ["a", "b", "c"]
    assert isinstance(reading.end(), Incomplete)


def test_after_a_full_page_one_more_is_asked_for_to_make_sure_of_the_total() -> None:
    pages = Page(["a", "b"], 4), Page(["c", "d"], 4), Page([], 0)
    reading, items, turns = read(PageNumber(2), *pages, states_total=True)
    assert (items, len(turns)) == (["a", "b", "c", "d"], 3)
    assert reading.proof == "the total the partner states and an empty page at the end"


def test_a_partner_that_refuses_a_page_beyond_the_end_confirms_the_total() -> None:
    def ask(turn: Turn) -> Page:
        if turn.number == 1:
            raise UnexpectedAnswer("400", status=400)
        return Page(["a", "b"], 2)

    reading = Reading(Offset(2), ask, named, where=WHERE, states_total=True)
    assert (list(reading), reading.proof) == (["a", "b"], "the total the partner states")


def test_an_html_page_where_the_end_was_to_be_confirmed_confirms_nothing() -> None:
    def ask(turn: Turn) -> Page:
        if turn.number == 1:
            raise UnexpectedAnswer("the partner sent an HTML page")
        return Page(["a", "b"], 2)

    with pytest.raises(UnexpectedAnswer):
        list(Reading(Offset(2), ask, named, where=WHERE, states_total=True))


def test_cursors_are_followed_to_the_page_that_gives_none() -> None:
    reading, items, turns = read(Cursor("after", 2, after="z"), Page(["a", "b"], None, "k"), Page(["c"], None, ""))
    assert items == ["a", "b", "c"]
    assert [dict(turn.params) for turn in turns] == [{"after": "z", "limit": "2"}, {"after": "k", "limit": "2"}]
    assert reading.proof == "the partner says that no page follows"


def test_an_empty_page_that_names_itself_is_the_end() -> None:
    last = "https://partner.example/feed/jobs?a=2"
    reading, items, turns = read(NextLink(START), Page(["a"], None, last), Page([], None, last))
    assert (items, [turn.url for turn in turns]) == (["a"], [START, last])
    assert (reading.following, reading.fault) == (last, None)
    assert reading.proof == "an empty page that leads back to itself"


def test_an_empty_page_that_names_another_is_passed_over() -> None:
    reading, items, _ = read(Cursor(size=3), Page(["a"], None, "1"), Page([], None, "2"), Page(["b", "c"]))
    assert (items, reading.fault) == (["a", "b", "c"], None)


@pytest.mark.parametrize(
    ("following", "asked"),
    [
        ("?a=2", "https://partner.example/feed/jobs?a=2"),
        ("more/2", "https://partner.example/feed/more/2"),
        ("/feed/jobs/2#top", "https://partner.example/feed/jobs/2"),
        ("https://PARTNER.example:443/feed/jobs?b", "https://PARTNER.example:443/feed/jobs?b"),
    ],
)
def test_links_may_be_relative(following: str, asked: str) -> None:
    _, _, turns = read(NextLink(START), Page(["a"], None, following), Page(["b"]))
    assert [turn.url for turn in turns] == [START, asked]


@pytest.mark.parametrize(
    "following",
    [
        "https://elsewhere.example/feed/jobs",
        "http://partner.example/feed/jobs",
        "https://partner.example:8443/feed/jobs",
        "//elsewhere.example/feed/jobs",
        "https://partner.example@elsewhere.example/feed/jobs",
        "https://me@partner.example/feed/jobs",
        "file:///feed/jobs",
        "javascript:alert(1)",
        "https://[::1/feed/jobs",
        "https://partner.example:x/feed/jobs",
        "/login",
        "../../login",
        "/feed/../login",
    ],
)
def test_links_that_lead_away_are_not_followed(following: str) -> None:
    reading, items, turns = read(NextLink(START), Page(["a"], None, following))
    assert (items, len(turns)) == (["a"], 1)
    assert "the next link on page 1" in str(reading.stopped)


def test_items_without_an_id_are_yielded_and_counted() -> None:
    reading, items, _ = read(Offset(9), Page([{"x": 1}, "a", {"x": 1}], 3), states_total=True)
    assert (len(items), reading.nameless, reading.ids, reading.fault) == (3, 2, {"a"}, None)


def test_in_a_list_of_changes_an_id_may_come_again() -> None:
    reading, items, _ = read(Offset(2), Page(["a", "b"], 4), Page(["b", "a"], 4), Page([], 4), changes=True)
    assert (items, reading.repeated, reading.fault) == (["a", "b", "b", "a"], 2, None)
    assert isinstance(reading.end(covers="changes"), Complete)


def test_in_a_list_of_changes_a_page_may_not_come_again() -> None:
    reading, _, turns = read(Offset(2), Page(["a", "b"]), changes=True)
    assert "page 2 repeats page 1 again" in str(reading.fault)
    assert len(turns) == 2


@pytest.mark.parametrize(("drift", "ending"), [(0, Incomplete), (1, Complete)])
def test_a_list_that_never_rests_may_drift(drift: int, ending: type) -> None:
    reading, _, _ = read(Offset(2), Page(["a", "b"], 4), Page(["c"], 3), Page([], 3), drift=drift)
    assert isinstance(reading.end(), ending)


def test_progress_is_told_after_each_page() -> None:
    told: list[tuple[int, int | None]] = []
    progress: Callable[[int, int | None], None] = lambda done, total: told.append((done, total))  # noqa: E731
    read(Offset(2), Page(["a", "b"], 3), Page(["c"], 3), states_total=True, progress=progress)
    assert told == [(2, 3), (3, 3)]


def test_a_reading_that_was_left_early_is_no_proof() -> None:
    reading = Reading(Offset(2), lambda _: Page(["a", "b"]), named, where=WHERE)
    next(iter(reading))
    assert isinstance(reading.end(), Incomplete)
    assert "not read to its end" in str(reading.fault)


def test_a_shortfall_is_known_apart_from_what_only_moved() -> None:
    reading, _, _ = read(Offset(2), Page(["a", "b"], 4), Page(["b", "c"], 4), Page([], 4))
    assert "3 items" not in str(reading.fault)
    assert "came twice" in str(reading.fault)
    assert "states a total of 4" in str(reading.shortfall)
