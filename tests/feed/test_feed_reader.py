"""What a reader of the feed holds, and what a page holds in short."""

from typing import Any

import pytest
from schakel_client import Page, read

from hub.errors import UnexpectedAnswer
from hub.feed import Replica, follow, summary

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


def test_a_page_that_breaks_a_rule_is_an_unexpected_answer() -> None:
    with pytest.raises(UnexpectedAnswer, match="not a JSON object"):
        list(follow(lambda _: [], URL))


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
