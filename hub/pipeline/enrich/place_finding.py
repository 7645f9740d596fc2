"""What follows from what a partner says of a place, in Belgium or in a country beside it."""

from dataclasses import replace
from functools import lru_cache

from hub.model.issue import issue
from hub.pipeline.enrich.place_abroad import is_town
from hub.pipeline.enrich.place_belgian import Belgian
from hub.pipeline.enrich.place_foreign import find_foreign
from hub.pipeline.enrich.place_reading import BELGIUM, Written, country_of, read_written
from hub.pipeline.enrich.place_said import Found, Said, said_precision, text_of, words


@lru_cache(maxsize=20_000)
def find(said: Said) -> Found:
    """Return what follows from what a partner says of a place."""
    country = country_of(said.region) if said.region else None
    if country and said.country in (None, country):
        return _without_region(said, country)
    if said.country not in (None, BELGIUM):
        here = _reading(said)
        agreed = here.stated and here.coded and here.named and here.named & here.coded
        return _contradiction(said, BELGIUM) if agreed else find_foreign(said)
    text = text_of(said)
    written = read_written(text) if text else Written()
    if written.country not in (None, BELGIUM):
        return find_foreign(said) if said.country is None else _contradiction(said, written.country or "")
    reading = Belgian(said, written)
    if not reading.is_belgian():
        return _mismatch(reading) or find_foreign(said)
    return reading.found()


def _reading(said: Said) -> Belgian:
    text = text_of(said)
    return Belgian(said, read_written(text) if text else Written())


def _mismatch(reading: Belgian) -> Found | None:
    """Return that code and name are of two places in Belgium, where no neighbour has a town of that name."""
    name = reading.written.name
    if not (name and reading.coded and reading.named) or reading.coded & reading.named:
        return None
    return None if is_town(name) else reading.found()


def _without_region(said: Said, country: str) -> Found:
    """Return what follows where a country stands in the field of the region."""
    found = find(said._replace(region=None, country=country))
    if found.issues and not found.changes:
        return found
    changes = {"region": None, "original": words(said), **found.changes}
    if said.country is None:
        changes["country"] = country
    return replace(found, changes=changes)


def _contradiction(said: Said, country: str) -> Found:
    noticed = issue("place-contradictory", "places", words(said), expected=country)
    return Found({}, said_precision(said), (noticed,))
