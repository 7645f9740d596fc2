"""Employers and the bodies that run programmes."""

from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, Field, HttpUrl, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError
from stdnum.be import vat

from hub.model.block import Block
from hub.model.code import Code
from hub.model.vocabulary import OrganisationKind

_http_url = TypeAdapter(HttpUrl)


def checked_url(value: str) -> str:
    """Return the value when it is an absolute http(s) address."""
    try:
        _http_url.validate_python(value)
    except ValidationError:
        raise PydanticCustomError("url-not-absolute", "not an absolute http(s) address") from None
    return value


@lru_cache(maxsize=65_536)  # employers repeat, and the check costs as much as the rest of the organisation
def _checked_kbo(value: str) -> str:
    if not vat.is_valid(value):
        raise PydanticCustomError("kbo-invalid", "not a KBO number: ten digits whose last two are the check digits")
    return vat.compact(value)


Url = Annotated[
    str,
    AfterValidator(checked_url),
    Field(max_length=2000, json_schema_extra={"format": "uri", "$comment": "absolute http(s) address"}),
]
KboNumber = Annotated[str, AfterValidator(_checked_kbo), Field(description="ten digits, check digits verified")]


class Organisation(Block):
    """An organisation: its general address only, never a person's name, mail or phone."""

    name: str = Field(min_length=1)
    """Name as it presents itself. schema.org: name."""
    alternative_names: tuple[str, ...] = ()
    """Other names it goes by. schema.org: alternateName."""
    kbo: KboNumber | None = None
    """Number in the Belgian Crossroads Bank for Enterprises. schema.org: identifier."""
    url: Url | None = None
    """Its own site. schema.org: url."""
    sectors: tuple[Code, ...] = ()
    """What it does, as NACE-BEL 2025 codes. schema.org: industry."""
    kind: OrganisationKind | None = None
    """What it is to the opportunity."""
