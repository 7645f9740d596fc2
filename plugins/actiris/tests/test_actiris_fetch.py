"""Reading the list: paging, flags, and what counts as proof of having seen everything."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.responses import HTMLResponse, Response

from hub import Complete, Fetched, Incomplete, RawRecord, Refused, SourceError, SourceUnavailable, UnexpectedAnswer

Fetch = Callable[..., list[Fetched]]
Make = Callable[..., Any]


def records(fetched: list[Any]) -> dict[str, Any]:
    return {each.local_id: each.payload for each in fetched if isinstance(each, RawRecord)}


def test_pages_are_read_until_the_stated_total_is_reached(fetch: Fetch, partner: Make) -> None:
    recorded = partner()
    fetched = fetch(recorded.app, page_size=3)
    assert list(records(fetched)) == ["6100001", "6100002", "6100003", "6100004", "6100005"]
    assert fetched[-1] == Complete("5 offers read, the total the partner states, flags from 4 more readings.")
    assert [asked["pageOption"] for asked in recorded.asked[:2]] == [
        {"page": 1, "from": 0, "pageSize": 3},
        {"page": 2, "from": 3, "pageSize": 3},
    ]


def test_each_offer_carries_the_readings_that_hold_it(fetch: Fetch, partner: Make) -> None:
    found = records(fetch(partner().app, page_size=3))
    assert {name: payload.get("_flags") for name, payload in found.items()} == {
        "6100001": ["actiris"],
        "6100002": ["vdab-forem"],
        "6100003": ["actiris"],
        "6100004": ["actiris", "disability"],
        "6100005": ["partner"],
    }


def test_without_passes_the_list_is_read_once_and_nothing_is_flagged(fetch: Fetch, partner: Make) -> None:
    recorded = partner()
    found = records(fetch(recorded.app, page_size=3, passes={}))
    assert len(recorded.asked) == 2
    assert not any("_flags" in payload for payload in found.values())


def test_the_other_spelling_of_the_list_is_read_too(fetch: Fetch, partner: Make, paged: Make) -> None:
    from_file = partner().app
    fetched = fetch(from_file, page_size=3, passes={})
    assert isinstance(fetched[-1], Complete)
    other = partner(lambda *_: {"total": 1, "offers": [{"reference": 6100006, "titreFr": "Cuisinier"}]})
    assert list(records(fetch(other.app, passes={}))) == ["6100006"]


def test_headers_and_filters_of_the_options_are_sent(fetch: Fetch, partner: Make, paged: Make) -> None:
    asked = partner(paged(["1"]))
    fetch(asked.app, headers={"X-Key": "geheim"}, language="nl", filter={"codesPostal": ["1000"]}, passes={})
    assert asked.headers[0]["x-key"] == "geheim"
    assert asked.headers[0]["accept-language"] == "nl"
    assert asked.asked[0]["offreFilter"]["codesPostal"] == ["1000"]
    assert asked.asked[0]["offreFilter"]["localisation"] == "Tout"


def test_a_page_size_the_partner_replaces_by_a_smaller_one_loses_nothing(
    fetch: Fetch, partner: Make, paged: Make
) -> None:
    references = [str(number) for number in range(23)]

    def answer(name: str, page: int, option: dict[str, Any]) -> Any:
        return paged(references)(name, page, option | {"pageSize": min(10, option["pageSize"])})

    fetched = fetch(partner(answer).app, page_size=500, passes={})
    assert list(records(fetched)) == references
    assert isinstance(fetched[-1], Complete)


def test_an_empty_list_is_a_complete_answer(fetch: Fetch, partner: Make, paged: Make) -> None:
    fetched = fetch(partner(paged([])).app)
    assert fetched == [Complete("0 offers read, the total the partner states.", covers="everything")]


def test_fewer_offers_than_the_total_are_no_proof(fetch: Fetch, partner: Make, paged: Make) -> None:
    fetched = fetch(partner(paged(["1", "2", "3"], total=5)).app, page_size=2, passes={})
    assert list(records(fetched)) == ["1", "2", "3"]
    assert isinstance(fetched[-1], Incomplete)
    assert "3 items came, but the partner states a total of 5" in fetched[-1].reason


def test_an_offer_beyond_an_old_total_is_read_and_is_no_proof(fetch: Fetch, partner: Make, paged: Make) -> None:
    fetched = fetch(partner(paged(["1", "2", "3", "4", "5"], total=4)).app, page_size=2, passes={})
    assert list(records(fetched)) == ["1", "2", "3", "4", "5"]
    assert isinstance(fetched[-1], Incomplete)


def test_a_page_told_again_and_again_ends_the_reading(fetch: Fetch, partner: Make) -> None:
    same = partner(lambda *_: {"total": 100, "items": [{"reference": "1"}, {"reference": "2"}]})
    fetched = fetch(same.app, page_size=2, passes={})
    assert isinstance(fetched[-1], Incomplete)
    assert "page 2 repeats page 1 again" in fetched[-1].reason
    assert len(same.asked) == 2


def test_an_offer_that_comes_twice_is_kept_once_and_is_no_proof(fetch: Fetch, partner: Make) -> None:
    pages = {1: ["1", "2"], 2: ["2", "3"]}
    moved = partner(lambda _, page, __: {"total": 4, "items": [{"reference": name} for name in pages.get(page, [])]})
    fetched = fetch(moved.app, page_size=2, passes={})
    assert list(records(fetched)) == ["1", "2", "3"]
    assert isinstance(fetched[-1], Incomplete)


def test_a_list_that_moves_while_it_is_read_is_read_again(fetch: Fetch, partner: Make) -> None:
    totals = iter([4, 3, 4, 4])

    def answer(_: str, page: int, __: object) -> Any:
        items = [{"reference": f"{page}a"}, {"reference": f"{page}b"}]
        return {"total": next(totals), "items": items} if page < 3 else {"total": 0, "items": []}

    moving = partner(answer)
    fetched = fetch(moving.app, page_size=2, passes={})
    assert isinstance(fetched[-1], Complete)
    assert [asked["pageOption"]["page"] for asked in moving.asked] == [1, 2, 3, 1, 2, 3]


@pytest.mark.parametrize(("drift", "ending"), [(0, Incomplete), (1, Complete)])
def test_a_total_may_move_by_no_more_than_the_drift(fetch: Fetch, partner: Make, drift: int, ending: type) -> None:
    def answer(_: str, page: int, __: object) -> Any:
        items = [{"reference": f"{page}a"}, {"reference": f"{page}b"}]
        return {"total": 5 - page, "items": items} if page < 3 else {"total": 4, "items": []}

    moving = partner(answer)
    assert isinstance(fetch(moving.app, page_size=2, passes={}, drift=drift)[-1], ending)


def test_a_list_longer_than_the_most_pages_is_no_proof(fetch: Fetch, partner: Make, paged: Make) -> None:
    fetched = fetch(partner(paged([str(n) for n in range(9)])).app, page_size=2, max_pages=3, passes={})
    assert len(records(fetched)) == 6
    assert isinstance(fetched[-1], Incomplete)
    assert "max_pages" in fetched[-1].reason


def test_nothing_is_taken_over_when_it_is_not_known_for_whom_the_offers_are(
    fetch: Fetch, partner: Make, paged: Make
) -> None:
    def answer(name: str, page: int, option: dict[str, Any]) -> Any:
        return {"total": 2, "items": []} if name == "disability" else paged(["1", "2"])(name, page, option)

    fetched = fetch(partner(answer).app)
    assert len(fetched) == 1
    assert isinstance(fetched[0], Incomplete)
    assert "'disability'" in fetched[0].reason


def test_a_filter_that_the_partner_ignores_makes_nobody_the_only_audience(
    fetch: Fetch, partner: Make, paged: Make
) -> None:
    everything = partner(paged([str(number) for number in range(30)]))
    (end,) = fetch(everything.app)
    assert isinstance(end, Incomplete)
    assert "'disability'" in end.reason
    assert "filter seems to be ignored" in end.reason


@pytest.mark.parametrize(("offers", "ending"), [(100, Complete), (101, Incomplete)])
def test_a_long_list_without_any_flag_is_not_believed(
    fetch: Fetch, partner: Make, paged: Make, offers: int, ending: type
) -> None:
    def answer(name: str, page: int, option: dict[str, Any]) -> Any:
        shown = [str(number) for number in range(offers)] if name == "everything" else []
        return paged(shown)(name, page, option)

    assert isinstance(fetch(partner(answer).app)[-1], ending)


def test_items_that_cannot_be_identified_are_refused_and_counted(fetch: Fetch, partner: Make) -> None:
    items = [{"reference": "1"}, {"reference": None, "titreFr": "Aide"}, "geen item", {"reference": True}]
    fetched = fetch(partner(lambda *_: {"total": 4, "items": items}).app, passes={})
    assert [each.issue.code for each in fetched if isinstance(each, Refused)] == [
        "empty-id",
        "unreadable-record",
        "empty-id",
    ]
    assert isinstance(fetched[-1], Complete)


def test_contact_persons_and_unknown_values_do_not_come_in(fetch: Fetch, partner: Make, item: Make) -> None:
    person = partner(lambda *_: {"total": 1, "items": [item("6100007")]})
    payload = records(fetch(person.app, passes={}))["6100007"]
    assert "Contact Persoon" not in str(payload)
    assert "example.invalid" not in str(payload)
    assert payload["_unknown"] == ["personneContact", "teletravail", "employeur.personneContact"]


@pytest.mark.parametrize("number", ["70000001", 70000001, "FR-2026/17.A", None, ""])
def test_a_declared_field_comes_in_with_the_number_it_holds(fetch: Fetch, partner: Make, number: object) -> None:
    listed = partner(lambda *_: {"total": 1, "items": [{"reference": "1", "numeroVdab": number, "numeroForem": "9"}]})
    payload = records(fetch(listed.app, passes={}, references={"numeroVdab": "vdab"}))["1"]
    assert payload == {"reference": "1", "numeroVdab": number, "_unknown": ["numeroForem"]}


@pytest.mark.parametrize("value", ["Contact Persoon", "contact7@example.invalid", {"nom": "Contact 7"}, ["7"], True])
def test_a_field_that_is_declared_in_error_lets_no_person_in(fetch: Fetch, partner: Make, value: object) -> None:
    listed = partner(lambda *_: {"total": 1, "items": [{"reference": "1", "personneContact": value}]})
    payload = records(fetch(listed.app, passes={}, references={"personneContact": "vdab"}))["1"]
    assert payload == {"reference": "1", "_unknown": ["personneContact"]}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (HTMLResponse("<html><title>Onderhoud</title></html>"), "HTML page"),
        (Response('{"total": 3, "items": [{"refer', media_type="application/json"), "cut off"),
        ([], "list where an object"),
        ({"message": "An error has occurred."}, "['message']"),
        ({"total": "3", "items": []}, "number total"),
        (Response("", 404), "404"),
    ],
)
def test_an_answer_that_is_no_list_ends_the_run_with_a_sentence(
    fetch: Fetch, partner: Make, answer: object, said: str
) -> None:
    with pytest.raises(UnexpectedAnswer) as raised:
        fetch(partner(lambda *_: answer).app)
    assert said in str(raised.value)


def test_a_partner_that_fails_in_the_middle_ends_the_run(fetch: Fetch, partner: Make, paged: Make) -> None:
    def answer(name: str, page: int, option: dict[str, Any]) -> Any:
        return Response("", 500) if page == 2 else paged(["1", "2", "3"])(name, page, option)

    with pytest.raises(SourceUnavailable):
        fetch(partner(answer).app, page_size=2)


def test_half_a_body_ends_the_run(fetch: Fetch, partner: Make) -> None:
    half = Response('{"total": 1, "it', headers={"content-length": "400"}, media_type="application/json")
    with pytest.raises(SourceError):
        fetch(partner(lambda *_: half).app)


def test_a_check_asks_for_one_offer_and_says_how_many_there_are(job_at: Make, partner: Make, paged: Make) -> None:
    asked = partner(paged([str(number) for number in range(1234)]))
    with job_at(asked.app) as (adapter, job):
        assert adapter.check(job).endswith("answers with a list of 1,234 offers.")
    assert [each["pageOption"]["pageSize"] for each in asked.asked] == [1]
