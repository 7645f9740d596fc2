"""Where a place in a neighbouring country lies: only what its own words make sure."""

from hub.model.vocabulary import PlacePrecision
from hub.pipeline.enrich.place_abroad import NEIGHBOURS, find_division, find_town
from hub.pipeline.enrich.place_reading import Abroad, read_abroad
from hub.pipeline.enrich.place_said import CONFIDENCE, Centre, Found, Said, said_precision, text_of, words


def find_foreign(said: Said) -> Found:
    """Return the country and centre of a place in a neighbouring country, where they are sure."""
    abroad = _abroad(said)
    country = said.country or _country(abroad)
    precision = said_precision(said._replace(country=country))
    if country not in NEIGHBOURS or abroad is None or abroad.country not in (None, country):
        return Found({}, said_precision(said))
    level = None if abroad.postal_code else find_division(country, abroad.name)
    if level and getattr(said, level) is None:
        return _division(said, country, level, abroad.name)
    follows = {"country": country, "municipality": abroad.name, "postal_code": abroad.postal_code}
    changes: dict[str, str | None] = {
        name: value for name, value in follows.items() if value and value != getattr(said, name)
    }
    if any(getattr(said, name) for name in changes):
        changes["original"] = words(said)
    precision = precision if precision is not PlacePrecision.country else said_precision(said._replace(**follows))
    town = find_town(country, abroad.name)
    method = "foreign-municipality-centre"
    centre = Centre((town.latitude, town.longitude), method, CONFIDENCE[method]) if town else None
    how = "foreign-postal-code" if abroad.postal_code else "country-name"
    return Found(changes, precision, (), how, CONFIDENCE[how], centre)


def _division(said: Said, country: str, level: str, name: str) -> Found:
    """Return that a province or region stands where a town should."""
    changes: dict[str, str | None] = {level: name, "municipality": None, "original": words(said)}
    if said.country is None:
        changes["country"] = country
    method = f"{level}-name"
    return Found(changes, PlacePrecision(level), (), method, CONFIDENCE[method])


def _abroad(said: Said) -> Abroad | None:
    text = text_of(said)
    if not text:
        return None
    if said.municipality and said.postal_code:
        together = read_abroad(f"{said.postal_code} {said.municipality}")
        if together:
            return together._replace(postal_code=said.postal_code, name=said.municipality)
        return Abroad(said.postal_code, said.municipality, None, letters=False) if said.country else None
    found = read_abroad(text)
    plain = said.country and said.municipality and not any(map(str.isdigit, text))
    return found or (Abroad(None, text, None, letters=False) if plain else None)


def _country(abroad: Abroad | None) -> str | None:
    """Return the country of a place that states none: by a mark, or by a form of code and a name only one has."""
    if abroad is None or abroad.country:
        return abroad.country if abroad else None
    if abroad.letters:
        return "NL" if find_town("NL", abroad.name) else None
    if not abroad.postal_code or len(abroad.postal_code) != 5:
        return None
    having = [country for country in ("DE", "FR") if find_town(country, abroad.name)]
    return having[0] if len(having) == 1 else None
