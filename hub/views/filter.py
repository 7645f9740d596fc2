"""Which opportunities belong to a view."""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hub.model.vocabulary import Audience, EmploymentType, Kind, ProgrammeType
from hub.views.areas import is_area, lies_in

Data = Mapping[str, Any]


def _area(code: str) -> str:
    if not is_area(code):
        raise ValueError("must be a REFNIS code of Belgium, such as 44021 or 02000, or a country, such as NL")
    return code


class Filter(BaseModel):
    """What an opportunity must be; of several values of one key any will do, and all keys must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    kinds: frozenset[Kind] = frozenset()
    """Vacancies, programmes, or both."""
    places: frozenset[Annotated[str, AfterValidator(_area)]] = frozenset()
    """REFNIS codes of regions, provinces or municipalities, or ISO 3166-1 countries, it is in or serves."""
    audience: frozenset[Audience] = frozenset()
    """For whom it is meant or reserved."""
    programme_types: frozenset[ProgrammeType] = frozenset()
    """What a programme offers; vacancies are left out."""
    employment_types: frozenset[EmploymentType] = frozenset()
    """The contract of a vacancy; programmes are left out."""
    sources: frozenset[str] = frozenset()
    """Ids of sources, one of which lists it."""
    languages: frozenset[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]] = frozenset()
    """Languages, one of which its title is in."""
    min_quality: Annotated[float, Field(ge=0, le=1)] = 0.0
    """The least quality score."""
    without_licences: frozenset[str] = frozenset()
    """Licences of sources none of which it may come from."""

    @property
    def asked(self) -> Mapping[str, Any]:
        """Return what it asks as JSON-able values, the same for the same filter; empty where it lets all through."""
        said = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in said.items() if value}


def accepts(wanted: Filter, kind: str, data: Data) -> bool:
    """Tell whether an opportunity belongs, by its kind and its published JSON."""
    return (not wanted.kinds or kind in wanted.kinds) and all(
        test(data, getattr(wanted, name)) for name, test in _TESTS.items() if getattr(wanted, name)
    )


def _any_of(found: Iterable[Any], wanted: frozenset[Any]) -> bool:
    return not wanted.isdisjoint(found)


_TESTS: Mapping[str, Callable[[Data, Any], bool]] = {
    "places": lambda data, wanted: any(
        lies_in(place, wanted) for name in ("places", "areaServed") for place in data.get(name, ())
    ),
    "audience": lambda data, wanted: _any_of((*data.get("audience", ()), *data.get("reservedFor", ())), wanted),
    "programme_types": lambda data, wanted: data.get("programmeType") in wanted,
    "employment_types": lambda data, wanted: _any_of(data.get("employmentType", ()), wanted),
    "sources": lambda data, wanted: _any_of((each["source"] for each in data["listings"]), wanted),
    "languages": lambda data, wanted: _any_of(data["title"], wanted),
    "min_quality": lambda data, wanted: data["quality"]["score"] >= wanted,
    "without_licences": lambda data, wanted: not _any_of((each.get("licence") for each in data["listings"]), wanted),
}
