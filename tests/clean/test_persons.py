from time import process_time

import pytest

from hub.clean.persons import is_general_mailbox, is_mobile, without_personal

MOBILES = [
    "0475 12 34 56",
    "0475/12.34.56",
    "0475123456",
    "(0475) 12 34 56",
    "+32 475 12 34 56",
    "+32 (0) 475 12 34 56",
    "0032475123456",
    "0475 - 12 34 56",
    "06-12345678",
    "+31 6 12345678",
    "wa.me/32475123456",
]
KEPT = [
    "Loon van 2.475 tot 3.112 euro per maand",
    "KBO 0400.378.485",
    "02 412 34 56",
    "+32 2 412 34 56",
    "9000 Gent, Kerkstraat 46",
    "04-12-2025 10:30",
    "06-12-2025 10:30",
    "van 04/12/25 tot 05/12/25",
    "https://x.be/vacature/0475123456",
    "ondernemingsnummer 0400 378 485",
    "van 06/04/2026 tot 06/04/2027",
    "info@voorbeeld.be en jobs.gent@voorbeeld.be",
]


@pytest.mark.parametrize("number", MOBILES)
def test_a_mobile_number_is_removed_however_it_is_written(number: str) -> None:
    assert is_mobile(number)
    cleaned = without_personal(f"Bel ons op {number} voor meer.")
    assert not any(mark.isdigit() for mark in cleaned)
    assert cleaned.startswith("Bel ons op")


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_like_a_person_stays(text: str) -> None:
    assert without_personal(text) is text or without_personal(text) == text


def test_a_personal_mail_address_is_removed_and_a_general_one_stays() -> None:
    text = "Mail jan.peeters@voorbeeld.be of vacatures@voorbeeld.be"
    assert without_personal(text) == "Mail  of vacatures@voorbeeld.be"
    assert is_general_mailbox("hr.antwerpen@voorbeeld.be")
    assert not is_general_mailbox("an.info@voorbeeld.be")


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000 + " @", "@" + "a" * 1_000_000, "a@" + "a-" * 500_000, "@ " + "'" * 1_000_000, "a@a." * 250_000],
    ids=["before", "behind", "dashes", "quotes", "addresses"],
)
def test_a_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    started = process_time()
    without_personal(text)
    assert process_time() - started < 2


def test_every_address_is_found_in_addresses_that_touch() -> None:
    touching = "a@b@jan@x.be 'an.peeters@y.be+piet@z.be' xmailto:els@x.be; mailto:bob@x.be info@x.be"
    assert without_personal(touching) == "a@b@ ' xmailto:;  info@x.be"
