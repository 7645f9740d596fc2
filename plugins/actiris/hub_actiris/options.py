"""The options of a source that reads Actiris: no public contract exists, so all that could differ is an option."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator

from hub import Audience, Field, JsonValue, Options, SecretStr
from hub_actiris.facts import Facts

Language = Literal["fr", "nl"]


def _with_reference(value: str) -> str:
    if "{reference}" not in value:
        raise ValueError("must contain {reference}, where the offer's reference goes")
    return value


PageTemplate = Annotated[str, AfterValidator(_with_reference)]


class Pass(Options):
    """One more reading of the list, with a filter, that only says which offers it holds."""

    filter: Mapping[str, JsonValue]
    """What is put over `filter` in this reading, such as ``{ isOffreVdabForem = true }``."""
    provenance: str | None = None
    """Whose the offers of this reading are, such as ``vdab-forem``."""
    reserved_for: tuple[Audience, ...] = ()
    """Who alone may apply to the offers of this reading."""


def _passes() -> dict[str, Pass]:
    return {
        "actiris": Pass(filter={"isOffreActiris": True}, provenance="actiris"),
        "vdab-forem": Pass(filter={"isOffreVdabForem": True}, provenance="vdab-forem"),
        "partner": Pass(filter={"isOfferPartner": True}, provenance="partner"),
        "disability": Pass(filter={"isOffreHandicap": True}, reserved_for=(Audience.disability,)),
    }


class ActirisOptions(Options):
    """Where the list is, how it is paged, and how its values are read."""

    base_url: str = Field(default="https://www.actiris.brussels", pattern=r"^https?://[^/]+")
    """Address of the service, without the path."""
    list_path: str = Field(default="/Umbraco/api/OffersApi/GetAllOffers", pattern="^/")
    """Path of the list of offers."""
    headers: Mapping[str, SecretStr] = {}
    """Headers sent with every request, such as a key that Actiris gave you; never shown."""
    language: Language = "fr"
    """Language asked for, and preferred where only one can be published (municipality, employer, page)."""
    page_size: int = Field(default=50, ge=1, le=1000)
    """Offers asked for per page; a page that brings fewer sets the size of the next ones."""
    max_pages: int = Field(default=2000, ge=1)
    """Most pages read in one reading; more means that the paging does not work."""
    attempts: int = Field(default=2, ge=1, le=5)
    """How often the list is read again when it moves while it is read."""
    drift: int = Field(default=0, ge=0)
    """By how many offers the total may move during one reading that still counts as complete."""
    filter: Mapping[str, JsonValue] = {}
    """What is put over the filter that asks for everything, such as ``{ codesPostal = ["1000"] }``."""
    passes: Mapping[str, Pass] = Field(default_factory=_passes)
    """The readings that tell whose an offer is and for whom; empty when these flags are not wanted."""
    pages: Mapping[Language, PageTemplate] = {
        "fr": "https://www.actiris.brussels/fr/citoyens/detail-offre-d-emploi/?reference={reference}",
        "nl": "https://www.actiris.brussels/nl/burgers/jobadvertentie/?reference={reference}",
    }
    """Address of an offer's own page, per language; ``{reference}`` and ``{type}`` are filled in."""
    references: Mapping[str, str] = {}
    """Fields that hold the number of an offer at the partner it came from, each with how this hub names that partner:
    the id of its source, or ``vdab`` for VDAB's public number."""
    anonymous_employer: str = "Actiris"
    """Named as intermediary when an offer names no employer; empty refuses such offers."""
    contracts: Mapping[str, Facts] = {}
    """Contract codes that Actiris explained to you, over the adapter's table."""
    regimes: Mapping[str, Facts] = {}
    """Working-time codes that Actiris explained to you, over the adapter's table."""
