import io
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hub_generic_csv import GenericCsv, GenericCsvOptions

from hub import Complete, Fetched, Normalised, Programme, RawRecord, Withdrawal

CONFIG = Path(__file__).parents[3] / "config"


class Local:
    """A fetch's view of the configuration's folder."""

    def open_file(self, path: str) -> Any:
        return LocalFile(CONFIG / path)

    def progress(self, done: int, total: int | None = None) -> None:
        """Nobody looks."""


class LocalFile:
    def __init__(self, path: Path) -> None:
        self.name, self.data = path.name, path.read_bytes()
        self.size, self.digest = len(self.data), ""

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.data)


@pytest.fixture(scope="module")
def adapter() -> GenericCsv:
    source = tomllib.loads((CONFIG / "sources" / "programmes.toml").read_text("utf-8"))
    return GenericCsv(GenericCsvOptions.model_validate(source["options"]))


@pytest.fixture(scope="module")
def fetched(adapter: GenericCsv) -> list[Fetched]:
    job: Any = Local()
    return list(adapter.fetch(job))


@pytest.fixture(scope="module")
def normalised(adapter: GenericCsv, fetched: list[Fetched]) -> dict[str, Normalised]:
    return {each.local_id: adapter.normalise(each) for each in fetched if isinstance(each, RawRecord)}


def programme(normalised: dict[str, Normalised], local_id: str) -> Programme:
    found = normalised[local_id].listing
    assert isinstance(found, Programme)
    return found


def test_the_real_file_is_read_to_its_end(fetched: list[Fetched]) -> None:
    assert Counter(type(each) for each in fetched) == {RawRecord: 68, Withdrawal: 15, Complete: 1}
    assert fetched[-1] == Complete(
        "83 rows read to the end of the file, every quote closed, declared to be whole whenever it is there"
    )


def test_every_live_row_becomes_a_programme_without_unknowns(normalised: dict[str, Normalised]) -> None:
    assert len(normalised) == 68
    assert {each.unknown_fields + each.unknown_values for each in normalised.values()} == {()}
    assert all(each.listing.description and each.listing.organisation.name for each in normalised.values())


def test_a_programme_speaks_to_each_role(normalised: dict[str, Normalised]) -> None:
    found = programme(normalised, "duo-for-a-job-antwerp")
    assert [(each.role, each.open) for each in found.roles] == [("jobseeker", True), ("mentor", True)]
    assert found.audience == ("newcomersRefugees", "neet")
    assert found.title == {"und": "DUO for a JOB Antwerpen"}
    assert found.description is not None
    assert set(found.description) == {"nl", "en"}


def test_numbers_stand_beside_the_words_that_state_them(normalised: dict[str, Normalised]) -> None:
    found = programme(normalised, "duo-for-a-job-brussels").intensity
    assert found is not None
    assert (found.hours_per_week, found.weeks, found.note) == (2, 26, {"en": "2 h/week, 6 months"})
    vague = programme(normalised, "becode").intensity
    assert vague is not None
    assert (vague.weeks, vague.note) == (None, {"en": "6-7 months"})


def test_what_it_costs_is_free_only_where_it_is_so_for_all(normalised: dict[str, Normalised]) -> None:
    free, other = programme(normalised, "becode").cost, programme(normalised, "vdab-ibo").cost
    assert free is not None
    assert other is not None
    assert (free.free, free.conditions) == (True, None)
    assert (other.free, list(other.conditions or {})) == (None, ["en"])


def test_brussels_is_the_region_and_a_postal_code_says_where_in_it(normalised: dict[str, Normalised]) -> None:
    (place,) = programme(normalised, "jes-nxt").places
    assert (place.municipality, place.postal_code, place.region) == (None, "1080", "Brussels Hoofdstedelijk Gewest")


def test_only_a_row_with_a_contact_page_says_how_to_join(normalised: dict[str, Normalised]) -> None:
    ways = {local_id: each.listing.how_to_join for local_id, each in normalised.items() if each.listing.how_to_join}  # type: ignore[union-attr]
    assert [(way.channel, way.value) for (way,) in ways.values()] == [
        ("url", "https://www.buddytobuddy.nl/bronckhorst")
    ]
