"""A programme that its provider and a city's list both publish is one opportunity, through the whole hub."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from small_hub import Folder

from hub.app import matching
from hub.app.hub import Hub
from hub.store import pages

PROVIDER = """
path = "provider.csv"
kind = "programme"
id = "code"
[options.file]
whole = true
[options.fields]
"title.nl" = "naam"
"description.nl" = "tekst"
"organisation.name" = "wie"
"organisation.kbo" = "nummer"
"places.postalCode" = "postcode"
"url" = "pagina"
[options.constants]
"programmeType" = "mentoring"
"""
CITY = """
path = "city.csv"
kind = "programme"
id = "nr"
[options.file]
whole = true
[options.fields]
"title.nl" = "aanbod"
"description.nl" = "omschrijving"
"organisation.name" = "organisatie"
"places.municipality" = "gemeente"
"eligibility.minAge" = "vanaf"
"eligibility.maxAge" = "tot"
"cost.free" = { column = "prijs", table = "free" }
[options.tables.free]
gratis = true
[options.constants]
"programmeType" = "mentoring"
"""
TEXT = (
    "Een buddy helpt je zes maanden lang bij het zoeken naar werk: samen kijken jullie naar je talenten, schrijven "
    "jullie je cv en oefenen jullie gesprekken. Jullie zien elkaar twee keer per maand, waar jullie dat willen, en een "
    "begeleider volgt het duo op."
)
SHORT = (
    "Een buddy helpt je zes maanden lang bij het zoeken naar werk: jullie kijken naar je talenten, schrijven je cv en "
    "oefenen gesprekken. Jullie zien elkaar twee keer per maand en een begeleider volgt het duo op."
)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.source("provider", PROVIDER)
    folder.source("city", CITY)
    head = "code;naam;tekst;wie;nummer;postcode;pagina"
    rows = [
        f"G;Buddywerking naar werk Gent;{TEXT};Duo Vooruit vzw;0403019261;9000;https://duovooruit.example/gent",
        f"L;Buddywerking naar werk Leuven;{TEXT};Duo Vooruit vzw;0403019261;3000;https://duovooruit.example/leuven",
    ]
    (folder.path / "provider.csv").write_text("\n".join([head, *rows, ""]))
    (folder.path / "city.csv").write_text(
        "nr;aanbod;omschrijving;organisatie;gemeente;vanaf;tot;prijs\n"
        f"17;Buddywerking naar werk;{SHORT};Duo Vooruit;Gent;18;30;gratis\n"
    )
    return folder


@pytest.fixture
def hub(folder: Folder) -> Iterator[Hub]:
    with Hub.open(folder.path) as hub:
        hub.run("provider")
        hub.run("city")
        yield hub


def published(hub: Hub) -> dict[str, dict[str, Any]]:
    with hub.database.read() as connection:
        return {item.id: orjson.loads(item.body) for item in pages.live(connection, "programmes") if item.body}


def names(said: dict[str, Any]) -> list[str]:
    return [f"{each['source']}/{each['localId']}" for each in said["listings"]]


def shared(hub: Hub) -> tuple[str, dict[str, Any]]:
    """Return the only programme of several listings."""
    ((name, said),) = [(name, said) for name, said in published(hub).items() if len(said["listings"]) > 1]
    return name, said


def test_a_programme_of_two_lists_is_one_and_each_fills_what_the_other_does_not_say(hub: Hub) -> None:
    _, said = shared(hub)
    assert sorted(names(said)) == ["city/17", "provider/G"]
    assert said["eligibility"]["minAge"] == 18
    assert said["cost"]["free"] is True
    assert said["organisation"]["kbo"] == "0403019261"
    assert {each["source"] for each in said["derived"] if each["method"] == "other-listing"} <= {"city", "provider"}


def test_the_same_programme_in_another_city_stays_another_one(hub: Hub) -> None:
    assert sorted(names(said) for said in published(hub).values() if len(said["listings"]) == 1) == [["provider/L"]]


def test_a_run_that_brings_nothing_new_changes_neither_id_nor_position(hub: Hub) -> None:
    before = shared(hub)
    with hub.database.read() as connection:
        head = pages.head(connection)
    hub.run("city")
    hub.run("provider")
    with hub.database.read() as connection:
        assert pages.head(connection) == head
    assert shared(hub) == before


def test_what_a_person_parts_stays_apart_whatever_comes(hub: Hub, folder: Folder) -> None:
    name, _ = shared(hub)
    matching.split(hub, "city/17", None, by="team", why="another group")
    city = folder.path / "city.csv"
    city.write_text(city.read_text().replace("twee keer per maand", "2 keer per maand"))
    hub.run("city")
    said = published(hub)
    assert sorted(names(each) for each in said.values()) == [["city/17"], ["provider/G"], ["provider/L"]]
    assert name in said
