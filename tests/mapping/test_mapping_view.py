"""A payload read through a view."""

from typing import Any

import pytest

from hub import RecordError, View

OFFER: dict[str, Any] = {
    "titel": " Kok ",
    "aantal": 2,
    "functie": {"naam": "Kok", "domein": {"code": "H", "label": "Horeca"}},
    "vereisten": [{"type": "talen", "score": "B1"}, {"type": "rijbewijs", "code": "B"}],
}


def test_a_field_that_nobody_reads_is_named_the_day_it_appears() -> None:
    offer = View({"titel": "Kok", "telewerk": "ja"})
    assert offer.text("titel") == "Kok"
    assert offer.unread() == ("telewerk",)


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_a_field_that_holds_nothing_is_not_named(nothing: Any) -> None:
    assert View({"telewerk": nothing}).unread() == ()


@pytest.mark.parametrize("something", [0, False, " ", [None], {"a": None}])
def test_a_field_that_holds_anything_else_is_named(something: Any) -> None:
    assert View({"telewerk": something}).unread() == ("telewerk",)


def test_fields_inside_objects_and_lists_are_named_by_their_path_without_numbers() -> None:
    offer = View(OFFER)
    offer.use("titel", "aantal", "functie.domein")
    for each in offer.views("vereisten"):
        each.get("type")
    assert offer.unread() == ("functie.naam", "vereisten.score", "vereisten.code")


def test_a_new_object_is_named_once() -> None:
    assert View({"nieuw": {"a": 1, "b": {"c": 2}}}).unread() == ("nieuw",)


def test_a_field_that_was_read_counts_with_all_that_is_in_it() -> None:
    offer = View(OFFER)
    assert offer.get("functie.domein") == {"code": "H", "label": "Horeca"}
    assert offer.unread() == ("titel", "aantal", "vereisten", "functie.naam")


@pytest.mark.parametrize(
    ("ignored", "unread"),
    [
        ({"functie", "vereisten"}, ("titel", "aantal")),
        ({"functie.*", "vereisten.type"}, ("titel", "aantal", "vereisten.score", "vereisten.code")),
        ({"titel", "aantal", "vereisten.*", "functie.domein.code"}, ("functie.naam", "functie.domein.label")),
    ],
)
def test_ignored_fields_are_not_named(ignored: set[str], unread: tuple[str, ...]) -> None:
    assert View(OFFER, frozenset(ignored)).unread() == unread


def test_what_is_ignored_inside_an_object_that_is_entered_is_not_named() -> None:
    offer = View(OFFER, frozenset({"titel", "aantal", "vereisten", "functie.domein.label"}))
    assert (offer.text("functie.naam"), offer.text("functie.domein.code")) == ("Kok", "H")
    assert offer.unread() == ()


def test_paths_reach_into_objects_and_a_missing_step_is_nothing() -> None:
    offer = View(OFFER)
    assert (offer.get("functie.domein.code"), offer.get("functie.naam.voor"), offer.get("x.y")) == ("H", None, None)
    assert [each.text("type") for each in View({"a": OFFER}).views("a.vereisten")] == ["talen", "rijbewijs"]


def test_texts_are_trimmed_and_numbers_become_texts() -> None:
    offer = View({"a": " Kok ", "b": 7, "c": " ", "d": True, "e": ["x"], "f": 1.5})
    assert [offer.text(name) for name in "abcdef"] == ["Kok", "7", None, None, None, "1.5"]


def test_a_required_field_that_is_missing_refuses_the_record_with_its_path() -> None:
    with pytest.raises(RecordError) as caught:
        View(OFFER).view("functie")["taal"]
    assert (caught.value.code, caught.value.field) == ("missing-field", "functie.taal")


@pytest.mark.parametrize("payload", [None, [], "x", 3])
def test_a_record_that_is_no_object_is_unreadable(payload: Any) -> None:
    with pytest.raises(RecordError, match="unreadable-record"):
        View(payload)


def test_another_shape_than_expected_reads_as_nothing_and_is_named() -> None:
    offer = View({"functie": "Kok", "vereisten": ["B", {"type": "talen"}], "domein": [{"code": "H"}]})
    assert not offer.view("functie")
    assert offer.text("domein.code") is None
    assert [each.text("type") for each in offer.views("vereisten")] == ["talen"]
    assert offer.unread() == ("functie", "vereisten", "domein")


def test_an_object_that_stands_alone_is_a_list_of_one() -> None:
    offer = View({"vereisten": {"type": "talen"}})
    assert [each.text("type") for each in offer.views("vereisten")] == ["talen"]
    assert offer.unread() == ()


def test_reading_twice_gives_the_same_and_the_payload_stays_as_it_was() -> None:
    offer, before = View(OFFER), repr(OFFER)
    assert offer.get("titel") == offer.get("titel") == OFFER["titel"]
    assert offer.view("functie") is offer.view("functie")
    assert offer.view("functie").text("naam") == offer.text("functie.naam") == "Kok"
    assert repr(OFFER) == before
