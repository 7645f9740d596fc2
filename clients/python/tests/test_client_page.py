"""A page is taken as RPDE demands it, and what is wrong with another is said in a sentence."""

from typing import Any

import pytest
from schakel_client import Malformed, read, walk

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
    with pytest.raises(Malformed, match=sentence):
        read(page, url=URL)


def test_a_page_may_not_repeat_what_its_address_says_was_read() -> None:
    with pytest.raises(Malformed, match="not above 4"):
        read(body(updated(4)), url=f"{URL}?afterChangeNumber=4")


def test_following_ends_with_the_empty_page_that_leads_to_itself() -> None:
    end = f"{URL}?afterChangeNumber=2"
    answers = {URL: body(updated(1), deleted(2, "b")), end: body(next=end)}
    assert [(len(page.items), page.last) for page in walk(answers.__getitem__, URL)] == [(2, False), (0, True)]


def test_an_empty_page_that_leads_on_is_followed() -> None:
    start, end = f"{URL}?afterChangeNumber=1", f"{URL}?afterChangeNumber=2"
    answers = {start: body(next=end), end: body(next=end)}
    assert [page.last for page in walk(answers.__getitem__, start)] == [False, True]


def test_a_feed_that_leads_in_a_circle_is_left() -> None:
    there, back = f"{URL}?afterChangeNumber=1", f"{URL}?afterChangeNumber=2"
    answers = {there: body(next=back), back: body(next=there)}
    with pytest.raises(Malformed, match="circle"):
        list(walk(answers.__getitem__, there))
