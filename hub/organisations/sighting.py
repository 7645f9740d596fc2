"""One mention of an organisation, as one source makes it in one place."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from hub.model.vocabulary import EmploymentType, OrganisationKind
from hub.organisations.naming import folded, own_host, taken_apart

_INTERMEDIARY = OrganisationKind.intermediary.value
_AGENCY_WORK = EmploymentType.temporary_agency.value


class Sighting(NamedTuple):
    """What a listing says of its organisation. Equal sightings are one row of the register, however often they occur.

    Args:
        source: id of the source.
        name: the name as the partner writes it.
        kbo: its ten digits, where stated.
        place: a key of the municipality: REFNIS code, else country and postal code, else the name; None where several
            or none are stated, and for agencies, whose work is at their clients.
        host: domain of its own site.
        agency: whether it places people elsewhere, so that it is not the employer.
    """

    source: str
    name: str
    kbo: str | None = None
    place: str | None = None
    host: str | None = None
    agency: bool = False


def sighting(source: str, published: Mapping[str, Any]) -> Sighting:
    """Return what a listing, as it is published, says of its organisation."""
    said = published["organisation"]
    kind, name = said.get("kind"), taken_apart(said["name"])
    agency_work = kind is None and _AGENCY_WORK in (published.get("employmentType") or ())
    agency = kind == _INTERMEDIARY or agency_work or name.agency
    place = None if agency else _place(published.get("places") or ())
    return Sighting(source, said["name"], said.get("kbo"), place, own_host(said.get("url")), agency)


def _place(places: Any) -> str | None:
    found = {_key(place) for place in places} - {None}
    return found.pop() if len(found) == 1 else None


def _key(place: Mapping[str, Any]) -> str | None:
    if nis := place.get("nis"):
        return str(nis)
    country = place.get("country", "BE")
    if postal := place.get("postalCode"):
        return f"{country}:{postal.replace(' ', '').upper()}"
    name = place.get("municipality")
    return f"{country}:{folded(name)}" if name else None
