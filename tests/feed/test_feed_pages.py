"""What stands on a page of the feed, and what may be asked of it."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.feed.rpde import (
    LARGEST_LIMIT,
    LAST_POSITION,
    USUAL_LIMIT,
    Asked,
    _specimen,
    asked,
    digest,
    listing_address,
    opportunity_address,
    page,
)
from hub.model.jsonld import OPENING
from hub.store.pages import Item

ADDRESS = "https://hub.example"
URL = f"{ADDRESS}/feeds/all"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
SITE = {"url": URL, "address": ADDRESS, "licence": LICENCE}
ONE = "0191d7a2-0000-5000-8000-000000000001"
TWO = "0191d7a2-0000-5000-8000-000000000002"


def made(*items: Item, query: str = "") -> Any:
    return orjson.loads(page(items, url=URL, request=asked(query), address=ADDRESS, licence=LICENCE))


def vacancy(position: int, identifier: str = ONE) -> Item:
    return Item(identifier, "vacancy", position, None, None, b'{"title":{"nl":"Lasser"}}')


def test_a_page_has_next_items_and_licence() -> None:
    assert set(made(vacancy(1))) == {"next", "items", "license"}
    assert made(vacancy(1))["license"] == LICENCE


def test_an_updated_item_carries_the_stored_body_with_its_address() -> None:
    item = made(vacancy(7))["items"][0]
    assert (item["state"], item["kind"], item["id"], item["modified"]) == ("updated", "vacancy", ONE, 7)
    assert item["data"]["title"] == {"nl": "Lasser"}
    assert item["data"]["@id"] == f"{ADDRESS}/opportunities/{ONE}"
    assert "@context" in item["data"]


def test_a_tombstone_says_why_and_has_no_data() -> None:
    item = made(Item(ONE, "programme", 9, "expired", None, None))["items"][0]
    assert item == {"state": "deleted", "kind": "programme", "id": ONE, "modified": 9, "reason": "expired"}


def test_a_merged_tombstone_names_what_it_is_part_of() -> None:
    assert made(Item(ONE, "vacancy", 9, "merged", TWO, None))["items"][0]["mergedInto"] == TWO


def test_next_continues_after_the_last_item_of_the_page() -> None:
    assert made(vacancy(3), vacancy(8, TWO))["next"] == f"{URL}?afterChangeNumber=8"


def test_next_keeps_the_limit_only_if_one_was_given() -> None:
    assert made(vacancy(3), query="limit=20")["next"] == f"{URL}?afterChangeNumber=3&limit=20"
    assert "limit" not in made(vacancy(3), query="afterChangeNumber=1")["next"]


@pytest.mark.parametrize("query", ["", "afterChangeNumber=5", "limit=5&afterChangeNumber=0012", "other=a%20b"])
def test_the_next_of_an_empty_page_is_the_page_itself(query: str) -> None:
    assert made(query=query) == {"next": f"{URL}?{query}" if query else URL, "items": [], "license": LICENCE}


def test_nothing_asked_means_from_the_beginning() -> None:
    assert asked("") == Asked(after=0, limit=USUAL_LIMIT, query="", limited=False)


@pytest.mark.parametrize("number", ["9007199254740991", "9223372036854775808", "9" * 5000])
def test_a_number_beyond_the_far_end_is_legal(number: str) -> None:
    assert 9007199254740991 <= asked(f"afterChangeNumber={number}").after <= LAST_POSITION


@pytest.mark.parametrize("number", ["-1", "abc", "", "1.5", "+1", " 1", "1_000", "%D9%A3", "1%0A", "0x10", "1e3"])
def test_a_cursor_of_anything_but_digits_is_refused_in_a_sentence(number: str) -> None:
    with pytest.raises(ValueError, match=r"^afterChangeNumber is '.*'; it must be a whole number"):
        asked(f"afterChangeNumber={number}")


@pytest.mark.parametrize("limit", ["0", str(LARGEST_LIMIT + 1), "-5", "ten", "", "9" * 30])
def test_a_limit_out_of_range_is_refused_in_a_sentence(limit: str) -> None:
    with pytest.raises(ValueError, match=f"^limit is .*from 1 to {LARGEST_LIMIT}"):
        asked(f"limit={limit}")


def test_a_cursor_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="given 2 times"):
        asked("afterChangeNumber=1&afterChangeNumber=2")


ODD = st.one_of(st.text(alphabet='a",\\\n [%é'), st.text())


@given(st.lists(ODD, max_size=4), st.sampled_from(["all", "listings"]))
def test_every_item_has_its_own_id_whatever_stands_in_it(ids: list[str], feed: str) -> None:
    live = Item("", "vacancy", 0, None, None, b'{"n":1}')
    over = live._replace(body=None, reason="expired")
    items = [(over if n % 3 == 2 else live)._replace(id=each, position=n) for n, each in enumerate(ids)]
    written = orjson.loads(page(items, request=Asked(), **SITE, feed=feed))["items"]
    assert [(each["id"], each["modified"]) for each in written] == [(each.id, each.position) for each in items]
    address = {"all": opportunity_address, "listings": listing_address}[feed]
    named = [(each["id"], each["data"]["@id"]) for each in written if "data" in each]
    assert named == [(each.id, address(ADDRESS, each.id)) for each in items if each.body]


# What tells pages apart -------------------------------------------------------------------------------------------

ROWS = st.lists(
    st.builds(
        lambda position, gone, kind, into: Item(
            f"{position:08d}",
            kind,
            position,
            "merged" if gone else None,
            into,
            None if gone else b'{"n":%d}' % position,
        ),
        st.integers(1, 5),
        st.booleans(),
        st.sampled_from(["vacancy", "programme"]),
        st.sampled_from([None, ONE, TWO]),
    ),
    max_size=3,
)
"""Items as one hub may tell them: a position tells the body."""


@given(ROWS, ROWS, st.sampled_from(["", "limit=1", "limit=2", "x=1"]))
def test_pages_of_one_digest_are_the_same_bytes(one: list[Item], other: list[Item], query: str) -> None:
    pages = [(one, asked("")), (other, asked(query))]
    digests = {digest(items, request=request, **SITE) for items, request in pages}
    assert len(digests) >= len({page(items, request=request, **SITE) for items, request in pages})


@pytest.mark.parametrize(
    "other",
    [{"url": f"{ADDRESS}/x"}, {"address": "https://other.example"}, {"licence": "https://x"}, {"feed": "listings"}],
)
def test_a_page_of_another_hub_or_feed_has_another_digest(other: dict[str, str]) -> None:
    items = [vacancy(1)]
    assert digest(items, request=Asked(), **SITE) == digest(items, request=Asked(), **SITE)
    assert digest(items, request=Asked(), **SITE) != digest(items, request=Asked(), **{**SITE, **other})


def test_a_position_that_was_spent_at_another_time_is_another_page() -> None:
    before, after = ([vacancy(1)._replace(changed=f"2026-11-2{day}T18:00:00Z")] for day in (2, 3))
    assert digest(before, request=Asked(), **SITE) != digest(after, request=Asked(), **SITE)


def test_a_page_that_is_written_otherwise_has_another_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest([vacancy(1)], request=Asked(), **SITE)
    _specimen.cache_clear()
    monkeypatch.setattr("hub.feed.rpde.OPENING", {kind: opening + b" " for kind, opening in OPENING.items()})
    assert digest([vacancy(1)], request=Asked(), **SITE) != before
    _specimen.cache_clear()
