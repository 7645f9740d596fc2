from collections.abc import Collection

import pytest

from hub.clean.phones import find_mobiles, is_mobile

ABROAD = [
    "+32 478 12 34 56",
    "+32 (0)478/12.34.56",
    "0032 478 12 34 56",
    "+32478123456",
    "+31 6 12345678",
    "+31 (0)6-12 34 56 78",
    "+33 6 12 34 56 78",
    "+33 (0)7 61 23 45 67",
    "+49 151 23456789",
    "+49 (0) 176 1234567",
    "+352 621 123 456",
    "+46 70-123 45 67",
    "+44 7911 123456",
    "+48 501 234 567",
    "+40 721 234 567",
    "+90 532 123 45 67",
    "+212 612-345678",
    "+34 612 34 56 78",
]
HOME = [
    "0478 12 34 56",
    "0478/12.34.56",
    "0478/123456",
    "0478-12-34-56",
    "04 78 12 34 56",
    "04.78.12.34.56",
    "(0478) 12 34 56",
    "0478&nbsp;12&nbsp;34&nbsp;56",
    "<strong>0478</strong> 12 34 56",
    "06-12345678",
    "06 12 34 56 78",
    "0612345678",
    "07.61.23.45.67",
    "0151 23456789",
    "0176/1234567",
    "wa.me/32478123456",
    "https://wa.me/32478123456?text=Kok",
    "https://api.whatsapp.com/send?phone=32478123456",
    "https://web.whatsapp.com/send/?text=Kok&phone=32478123456",
    "32478123456",
    "32 478 12 34 56",
    "0478·12·34·56",
    "0(478)12.34.56",
    "GSM: 478 12 34 56",
    "gsm 621 123 456",
    "Handy - 030 12345678",
]
OTHERS = [
    "02 412 34 56",
    "+32 2 412 34 56",
    "+32 9 123 45 67",
    "+31 20 123 4567",
    "+33 1 23 45 67 89",
    "+49 30 123456",
    "+352 26 12 34",
    "070-123 45 67",
    "076-1234567",
    "0800 12 345",
    "070 12 34 56",
    "KBO 0400.378.485",
    "BE 0400 378 485",
    "BTW BE0478123456",
    "ondernemingsnummer: 0478123456",
    "IBAN NL91 ABNA 0417 1643 00",
    "BE68 5390 0754 7034",
    "2.475 tot 3.112 euro per maand",
    "€ 14,50 - 16,75",
    "1.000.000 euro",
    "04-12-2025 10:30",
    "06/04/2026 tot 06/04/2027",
    "van 06.04.26 tot 07.05.26",
    "06.00-14.00/14.00-22.00",
    "06.00 14.00 22.00",
    "ref. 0475123456",
    "Referentie: 0612345678",
    "68123456",
    "20260478123456",
    "id=32478123456",
    "VAC-0478123456",
    "https://x.be/vacature/0475123456",
    "1000 Brussel, 0-24 uur",
    "38 uur, 4 dagen, 0 ervaring, 20 verlofdagen, 6 maaltijdcheques",
]


@pytest.mark.parametrize("number", [*ABROAD, *HOME])
def test_a_mobile_number_is_found_in_a_sentence(number: str) -> None:
    said = f"Bel ons op {number} voor meer."
    ((start, end),) = list(find_mobiles(said))
    assert said[end:] == " voor meer."
    assert not any(mark.isdigit() for mark in said[:start])


@pytest.mark.parametrize("text", OTHERS)
def test_other_numbers_are_none(text: str) -> None:
    assert list(find_mobiles(f"{text}.")) == []


@pytest.mark.parametrize(
    ("number", "countries", "mobile"),
    [
        ("070-123 45 67", {"SE"}, True),
        ("070-123 45 67", {"NL"}, False),
        ("04 78 12 34 56", {"FR"}, False),
        ("04 78 12 34 56", {"FR", "BE"}, True),
        ("0761234567", {"NL"}, False),
        ("0761234567", {"FR"}, True),
        ("621 123 456", {"LU"}, True),
        ("621 123 456", {"BE"}, False),
    ],
)
def test_some_numbers_are_mobile_ones_in_one_country_only(
    number: str, countries: Collection[str], mobile: bool
) -> None:
    assert is_mobile(number, countries) is mobile


def test_numbers_that_follow_each_other_are_found_each() -> None:
    assert len(list(find_mobiles("0478 12 34 56, 0479 12 34 56 / +32 477 12 34 56"))) == 3
