"""A programme: mentoring, training, internship, coaching, assessment and the like."""

from datetime import date
from typing import Literal

from pydantic import Field

from hub.model.block import Block
from hub.model.listing import ApplyWay, Listing
from hub.model.organisation import Organisation
from hub.model.pay import Allowance, Cost
from hub.model.place import Place
from hub.model.text import RichText, Text
from hub.model.vocabulary import CapacityStatus, Kind, LanguageLevel, ProgrammeType, Role


class RoleOffer(Block):
    """What a programme offers to, and asks of, people in one role."""

    role: Role
    """The role this speaks to."""
    open: bool | None = None
    """People in this role can join now."""
    asks: RichText | None = None
    """What it asks of them."""
    how_to_join: tuple[ApplyWay, ...] = ()
    """The ways to join in this role."""
    referred_by: Text | None = None
    """Who may refer people in this role."""


class Eligibility(Block):
    """Who may join. schema.org: programPrerequisites."""

    min_age: int | None = Field(default=None, ge=0, le=120)
    """Youngest age, in years."""
    max_age: int | None = Field(default=None, ge=0, le=120)
    """Oldest age, in years."""
    registered_with: tuple[str, ...] = ()
    """Where one must be registered, such as VDAB or Actiris."""
    residence: tuple[Place, ...] = ()
    """Where one must live."""
    maximum_language_level: LanguageLevel | None = None
    """Highest level one may have in the language taught."""
    conditions: RichText | None = None
    """Other conditions, in words."""


class Intensity(Block):
    """How much time it takes."""

    hours_per_week: float | None = Field(default=None, gt=0, le=60)
    """Hours a week."""
    meetings_per_month: float | None = Field(default=None, gt=0, le=60)
    """Meetings a month."""
    weeks: float | None = Field(default=None, gt=0)
    """How long it lasts, in weeks. schema.org: timeToComplete."""
    note: Text | None = None
    """What the partner says of it, in words."""


class Capacity(Block):
    """Whether there is room."""

    status: CapacityStatus
    """Room, no room, or a waiting list."""
    places: int | None = Field(default=None, ge=0)
    """How many places are free. schema.org: maximumEnrollment."""
    as_of: date | None = None
    """The day this was so."""


class Programme(Listing):
    """A programme that brings people closer to work. schema.org: Service, EducationalOccupationalProgram, Event."""

    kind: Literal[Kind.programme] = Kind.programme
    """Always ``programme``."""
    programme_type: ProgrammeType
    """What it offers. schema.org: programType, serviceType."""
    roles: tuple[RoleOffer, ...] = ()
    """What it offers to each role; one programme speaks to several."""
    eligibility: Eligibility | None = None
    """Who may join."""
    intensity: Intensity | None = None
    """How much time it takes."""
    starts: tuple[date, ...] | Literal["rolling"] | None = None
    """The days it starts, or ``rolling`` when one can join at any time. schema.org: startDate."""
    capacity: Capacity | None = None
    """Whether there is room."""
    cost: Cost | None = None
    """What it costs. schema.org: offers."""
    allowance: Allowance | None = None
    """What one receives. schema.org: trainingSalary."""
    leads_to: Text | None = None
    """What comes after: certificate, contract, … schema.org: educationalCredentialAwarded."""
    area_served: tuple[Place, ...] = ()
    """Where the people it serves live. schema.org: areaServed."""
    partners: tuple[Organisation, ...] = ()
    """Who else takes part. schema.org: contributor."""
    initiative: str | None = None
    """The name under which several programmes stand, such as a charter or a coalition."""
    how_to_join: tuple[ApplyWay, ...] = ()
    """The ways to join, whatever the role."""
