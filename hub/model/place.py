"""Where something is."""

from functools import cache
from typing import Annotated

import pycountry
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from hub.model.block import Block
from hub.model.vocabulary import PlacePrecision


@cache
def _countries() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries)


def _known_country(value: str) -> str:
    if value not in _countries():
        raise PydanticCustomError("country-unknown", "not an ISO 3166-1 alpha-2 country code such as BE or NL")
    return value


CountryCode = Annotated[str, AfterValidator(_known_country), Field(description="ISO 3166-1 alpha-2 code")]


class Place(Block):
    """A place, as precise as the partner is; never more."""

    street: str | None = None
    """Street and house number. schema.org: streetAddress."""
    postal_code: str | None = None
    """Postal code as written in its country. schema.org: postalCode."""
    municipality: str | None = None
    """Name of the municipality. schema.org: addressLocality."""
    nis: str | None = Field(default=None, pattern=r"^\d{5}$")
    """REFNIS code of the Belgian municipality, five digits."""
    province: str | None = None
    """Name of the province."""
    region: str | None = None
    """Name of the region. schema.org: addressRegion."""
    country: CountryCode | None = None
    """ISO 3166-1 alpha-2. schema.org: addressCountry."""
    latitude: float | None = Field(default=None, ge=-90, le=90)
    """Degrees, WGS 84. schema.org: latitude."""
    longitude: float | None = Field(default=None, ge=-180, le=180)
    """Degrees, WGS 84. schema.org: longitude."""
    precision: PlacePrecision | None = None
    """How far to trust the place."""
    original: str | None = None
    """The place as the partner wrote it."""
