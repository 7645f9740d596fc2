"""What both kinds of opportunity say: one source's version, normalised."""

from datetime import date
from typing import Self

from pydantic import model_validator

from hub.model.block import Block
from hub.model.code import Code, LanguageRequirement
from hub.model.organisation import Organisation, Url, checked_url
from hub.model.place import Place
from hub.model.text import RichText, Text
from hub.model.vocabulary import Audience, Channel, Kind, Remote


class ApplyWay(Block):
    """One way to apply or to join; general addresses only, never a person's."""

    channel: Channel
    """By web page, mail, phone, or referral by somebody entitled to refer."""
    value: str | None = None
    """The address of the page, the general mailbox, the general number, or who refers."""
    note: Text | None = None
    """What to send or to say."""

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.value is not None and self.channel is Channel.url:
            checked_url(self.value)
        return self


class Listing(Block):
    """The shared part of a vacancy and a programme. Everything optional is absent unless the partner says it."""

    kind: Kind
    """Vacancy or programme."""
    title: Text
    """What it is called. schema.org: title (vacancy), name (programme)."""
    description: RichText | None = None
    """What it is. schema.org: description."""
    organisation: Organisation
    """The employer, or the body that runs the programme. schema.org: hiringOrganization, provider."""
    places: tuple[Place, ...] = ()
    """Where it takes place. schema.org: jobLocation, location."""
    remote: Remote | None = None
    """How far it can be done from home. schema.org: jobLocationType."""
    audience: tuple[Audience, ...] = ()
    """Whom it is meant for or especially open to. schema.org: audience."""
    languages: tuple[LanguageRequirement, ...] = ()
    """The languages one must know."""
    occupations: tuple[Code, ...] = ()
    """The occupation, as codes. schema.org: relevantOccupation."""
    skills: tuple[Code, ...] = ()
    """The skills asked for, as codes. schema.org: skills."""
    sectors: tuple[Code, ...] = ()
    """The sector of the work, as codes. schema.org: industry."""
    published: date | None = None
    """First day it was offered. schema.org: datePosted."""
    expires: date | None = None
    """Last day one can apply or join. schema.org: validThrough."""
    url: Url | None = None
    """The partner's page about it. schema.org: url."""
