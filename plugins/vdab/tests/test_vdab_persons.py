"""Contact persons stay out."""

import json
from typing import Any

import pytest
from hub_vdab.adapter import fetched
from hub_vdab.persons import without_persons
from hub_vdab.texts import clean

from hub import Duplicate, RawRecord, Refused, Withdrawal, is_general_mailbox


def test_a_record_holds_nothing_that_names_or_reaches_a_person(record: Any) -> None:
    kept = without_persons(record("collectief_maatwerk.json").payload)
    said = json.dumps(kept)
    assert not any(word in said for word in ("Persoon", "persoon1", "400 00 00"))
    assert kept["sollicitatieprocedure"].keys() == {"sollicitatieVia"}


def test_general_addresses_stay(record: Any) -> None:
    via = without_persons(record("collectief_maatwerk.json").payload)["sollicitatieprocedure"]["sollicitatieVia"]
    assert (via["email"], via["telefoon"]) == ("jobs@delinde.example", "03 000 01 23")
    assert via["webformulier"] == "https://delinde.example/jobs/17"


def test_a_field_that_is_not_known_keeps_its_name_but_not_its_value(record: Any) -> None:
    changes = {"sollicitatieprocedure__aanspreekpunt": {"naam": "An Peeters"}, "leverancier__beheerder": "An Peeters"}
    changes["sollicitatieprocedure__sollicitatieVia__chat"] = "contact.persoon1"
    kept = without_persons(record("collectief_maatwerk.json", **changes).payload)
    assert kept["_unknown"] == [
        "leverancier.beheerder",
        "sollicitatieprocedure.aanspreekpunt",
        "sollicitatieprocedure.sollicitatieVia.chat",
    ]
    assert "Peeters" not in json.dumps(kept)


def test_an_object_where_a_plain_value_was_is_not_kept(record: Any) -> None:
    kept = without_persons(record("kale_codes.json", leverancier__naam={"naam": "An Peeters"}, versie=["x"]).payload)
    assert kept["leverancier"]["naam"] is None
    assert kept["_unknown"] == ["leverancier.naam"]


def test_names_of_unknown_fields_reach_the_report_of_a_run(adapter: Any, record: Any) -> None:
    read = record("collectief_maatwerk.json", leverancier__beheerder="An Peeters")
    kept = RawRecord("1", without_persons(read.payload))
    assert adapter.normalise(kept).unknown_fields == ("leverancier.beheerder",)


@pytest.mark.parametrize(
    "phone", ["0400 00 00 01", "+32 400 00 00 01", "0032400000001", "+32(0)400/00.00.01", "02 000 01 99"]
)
def test_a_mobile_number_and_that_of_the_contact_person_are_dropped(record: Any, phone: str) -> None:
    vacancy = record("collectief_maatwerk.json", sollicitatieprocedure__sollicitatieVia__telefoon=phone).payload
    vacancy["sollicitatieprocedure"]["contactpersoon"]["telefoonNummer"] = "+32 2 000 01 99"
    assert without_persons(vacancy)["sollicitatieprocedure"]["sollicitatieVia"]["telefoon"] is None


@pytest.mark.parametrize("address", ["jobs@x.be", "HR@x.be", "jobs.antwerpen@x.be", "vacatures-gent@x.be", "info@x.be"])
def test_general_mailboxes_are_known(address: str) -> None:
    assert is_general_mailbox(address)


@pytest.mark.parametrize(
    "address", ["an.peeters@x.be", "apeeters@x.be", "contact.an@x.be", "joblien@x.be", "@x.be", ""]
)
def test_any_other_mailbox_is_taken_for_a_persons(address: str) -> None:
    assert not is_general_mailbox(address)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Mail naar an.peeters@x.example of jobs@x.example.", "Mail naar  of jobs@x.example."),
        ("Bel 0400/12.34.56!", "Bel !"),
        ("Bel 02 000 01 23 of 1470.", "Bel 02 000 01 23 of 1470."),
        ("KBO 0862409974, loon 2400 euro", "KBO 0862409974, loon 2400 euro"),
        ("KBO 0400.378.485, BTW BE0400378485", "KBO 0400.378.485, BTW BE0400378485"),
        ("Bel 0400.378.486 of 0400.37.84.85", "Bel  of "),
    ],
)
def test_texts_lose_personal_addresses_and_nothing_else(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_texts_lose_the_name_of_the_contact_person(record: Any) -> None:
    vacancy = record("collectief_maatwerk.json", vrijeVereiste="Vraag naar Contact Persoon 1.").payload
    assert without_persons(vacancy)["vrijeVereiste"] == "Vraag naar ."


def test_the_vacancy_that_came_is_not_changed(record: Any) -> None:
    vacancy = record("collectief_maatwerk.json").payload
    before = json.dumps(vacancy)
    without_persons(vacancy)
    assert json.dumps(vacancy) == before


@pytest.mark.parametrize("procedure", [None, "bel ons", [], 3])
def test_a_procedure_in_another_form_is_dropped(record: Any, procedure: Any) -> None:
    vacancy = record("kale_codes.json", sollicitatieprocedure=procedure).payload
    assert without_persons(vacancy)["sollicitatieprocedure"] is None


def test_what_a_detail_is_follows_from_what_it_says() -> None:
    assert fetched("a", None) == Withdrawal("a")
    assert fetched("a", {"status": "NIET_GEPUBLICEERD"}) == Withdrawal("a")
    assert fetched("a", {"dubbels": {"parentUuid": "b"}}) == Duplicate("a", of="b")
    assert fetched("a", {"dubbels": {"parentId": "a", "dubbelIds": ["b"]}, "status": "GEPUBLICEERD"}) == RawRecord(
        "a", {"dubbels": {"parentId": "a", "dubbelIds": ["b"]}, "status": "GEPUBLICEERD"}
    )
    refused = fetched("a", ["?"])
    assert isinstance(refused, Refused)
    assert (refused.issue.code, refused.local_id) == ("unreadable-record", "a")
