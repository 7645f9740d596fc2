"""What the hub publishes: a listing with an id for life, its state, where it comes from and how good it is."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field

from hub.model.block import Block
from hub.model.derivation import Derivation
from hub.model.organisation import Url
from hub.model.programme import Programme
from hub.model.vacancy import Vacancy
from hub.model.vocabulary import Status

Share = Annotated[float, Field(ge=0, le=1)]


class SourceRef(Block):
    """One source's listing of an opportunity. Four clocks, kept apart."""

    source: str
    """Id of the source in this hub."""
    partner: str | None = None
    """The organisation that supplies the source."""
    local_id: str
    """The partner's own identifier. schema.org: identifier."""
    url: Url | None = None
    """The partner's page about it. schema.org: url."""
    licence: str | None = None
    """The terms the partner supplies it under. schema.org: license."""
    attribution: str | None = None
    """The credit the partner asks for. schema.org: creditText."""
    provenance: str | None = None
    """Whose offer it is, where the partner lists others' offers too, such as ``vdab-forem``."""
    references: tuple[str, ...] = ()
    """The same offer under its names elsewhere, as ``partner:id``, as far as the partner says. schema.org: sameAs."""
    partner_modified: AwareDatetime | None = None
    """When the partner says it changed."""
    content_changed: AwareDatetime
    """When the content really changed, as the hub saw it. schema.org: dateModified."""
    first_seen: AwareDatetime
    """When the hub first saw it. schema.org: dateCreated."""
    last_seen: AwareDatetime | None = None
    """When the partner last listed it. Not in the feed, where it would move every item at every run."""
    link_checked: AwareDatetime | None = None
    """When its link last worked. Not in the feed, for the same reason."""


class Quality(Block):
    """How well an opportunity is described."""

    score: Share
    """Mean of the criteria that apply, 0 to 1."""
    criteria: Mapping[str, Share]
    """Each criterion that applies and how far it is met."""
    warnings: tuple[str, ...] = ()
    """Codes of the issues found that do not refuse it, as ``code`` or ``code:field``."""


class Opportunity(Block):
    """The envelope of everything published."""

    model_config = ConfigDict(defer_build=True)  # runs compose the JSON; only schemas and checks need these models

    context: Mapping[str, object] = Field(alias="@context")
    """The JSON-LD context: which schema.org term each name stands for."""
    type: str = Field(alias="@type")
    """The schema.org type."""
    id: Url = Field(alias="@id")
    """URI, stable for life, never reused."""
    status: Status
    """Whether it is active or likely expired; what is gone has left the feed."""
    listings: tuple[SourceRef, ...] = Field(min_length=1)
    """The listings behind it, the canonical one first. schema.org: isBasedOn."""
    quality: Quality
    """How well it is described."""
    derived: tuple[Derivation, ...] = ()
    """What the hub added or changed; all the rest is the word of the partner."""


class VacancyOpportunity(Opportunity, Vacancy):
    """A vacancy as published."""

    type: Literal["JobPosting"] = Field(alias="@type")
    """The schema.org type."""


class ProgrammeOpportunity(Opportunity, Programme):
    """A programme as published."""

    type: Literal["Service", "WorkBasedProgram", "EducationalOccupationalProgram", "Event"] = Field(alias="@type")
    """The schema.org type, by programme type."""


def utc(moment: datetime) -> str:
    """Return the moment as ISO 8601 in UTC with whole seconds, such as ``2026-11-22T18:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
