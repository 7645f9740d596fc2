"""A reader takes pages as RPDE demands them, and says in a sentence what is wrong with others."""

from typing import Any

import pytest

from hub.errors import UnexpectedAnswer
from hub.feed import Page, Replica, follow, summary
from hub.feed.reader import read

URL = "https://hub.example/feeds/all"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def updated(number: Any, name: str = "a", **more: Any) -> dict[str, Any]:
    fine = {"state": "updated", "kind": "vacancy", "id": name, "modified": number, "data": {"title": {"nl": name}}}
    return {**fine, **more}


def deleted(number: int, name: str = "a") -> dict[str, Any]:
    return {"state": "deleted", "kind": "vacancy", "id": name, "modified": number}


def body(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    onward = f"{URL}?afterChangeNumber={items[-1]['modified']}" if items else URL
    return {"next": onward, "items": list(items), "license": LICENCE, **more}


BROKEN: dict[str, tuple[Any, str]] = {
    "no object": ([], "not a JSON object"),
    "no items": ({"next": URL, "license": LICENCE}, "no list of `items`"),
    "no licence": (body(license=None), "names no `license`"),
    "no next": (body(next=None), "no `next`"),
    "relative next": (body(next="/feeds/all?afterChangeNumber=1"), "not an absolute address"),
    "other feed": (body(next="https://hub.example/feeds/vacancies"), "leads to another feed"),
    "next is no last item": (body(updated(4), next=f"{URL}?afterChangeNumber=5"), "continues after 5"),
    "items, yet last": (body(updated(4), next=URL), "is the page itself"),
    "text as number": (body(updated("4")), "not an integer"),
    "true as number": (body(updated(True)), "not an integer"),
    "descending": (body(updated(4), updated(3, "b")), "not above 4"),
    "number twice": (body(updated(4), updated(4, "b")), "not above 4"),
    "zero": (body(updated(0)), "not above 0"),
    "id twice": (body(updated(4), deleted(5)), "more than once"),
    "no id": (body(updated(4, "")), "no `id`"),
    "no kind": (body(updated(4, kind=None)), "no `kind`"),
    "odd state": (body(updated(4, state="new")), "not updated or deleted"),
    "no data": (body(updated(4, data=None)), "has no `data`"),
    "tombstone with data": (body({**deleted(4), "data": None}), "has `data`"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_page_is_refused_in_a_sentence(name: str) -> None:
    page, sentence = BROKEN[name]
    with pytest.raises(UnexpectedAnswer, match=sentence):
        read(page, url=URL)


def test_a_page_may_not_repeat_what_its_address_says_was_read() -> None:
    with pytest.raises(UnexpectedAnswer, match="not above 4"):
        read(body(updated(4)), url=f"{URL}?afterChangeNumber=4")


def test_following_ends_with_the_empty_page_that_leads_to_itself() -> None:
    end = f"{URL}?afterChangeNumber=2"
    answers = {URL: body(updated(1), deleted(2, "b")), end: body(next=end)}
    assert [(len(page.items), page.last) for page in follow(answers.__getitem__, URL)] == [(2, False), (0, True)]


def test_an_empty_page_that_leads_on_is_followed() -> None:
    start, end = f"{URL}?afterChangeNumber=1", f"{URL}?afterChangeNumber=2"
    answers = {start: body(next=end), end: body(next=end)}
    assert [page.last for page in follow(answers.__getitem__, start)] == [False, True]


def test_a_feed_that_leads_in_a_circle_is_left() -> None:
    there, back = f"{URL}?afterChangeNumber=1", f"{URL}?afterChangeNumber=2"
    answers = {there: body(next=back), back: body(next=there)}
    with pytest.raises(UnexpectedAnswer, match="circle"):
        list(follow(answers.__getitem__, there))


def test_a_replica_holds_what_the_pages_say() -> None:
    replica = Replica()
    replica.apply(read(body(updated(1), updated(2, "b")), url=URL))
    replica.apply(Page([deleted(3, "a"), deleted(4, "never seen")], f"{URL}?afterChangeNumber=4", last=False))
    assert replica.data == {"b": {"title": {"nl": "b"}}}
    assert replica.next == f"{URL}?afterChangeNumber=4"


def test_a_summary_counts_and_shows_a_few_titles() -> None:
    found = summary(read(body(updated(1, "Lasser"), deleted(3, "b")), url=URL))
    assert (found.count, found.kinds, found.deleted) == (2, {"vacancy": 2}, 1)
    assert (found.first, found.last, found.titles) == (1, 3, ("Lasser",))


def test_a_summary_of_the_last_page_is_empty() -> None:
    found = summary(read(body(), url=URL)).as_dict()
    assert (found["count"], found["first"], found["titles"], found["next"]) == (0, None, (), URL)
