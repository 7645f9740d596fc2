"""A job on offer."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from hub.model.listing import ApplyWay, Listing
from hub.model.pay import Pay
from hub.model.vocabulary import Audience, DrivingLicence, EmploymentType, Kind, WorkSchedule, WorkTime

EqfLevel = Annotated[int, Field(ge=1, le=8)]


class Vacancy(Listing):
    """A job on offer, with the facts that make it inclusive. schema.org: JobPosting."""

    kind: Literal[Kind.vacancy] = Kind.vacancy
    """Always ``vacancy``."""
    employment_type: tuple[EmploymentType, ...] = ()
    """The kinds of contract it may be. schema.org: employmentType."""
    work_time: tuple[WorkTime, ...] = ()
    """Full time, part time, or either."""
    hours_per_week: float | None = Field(default=None, gt=0, le=60)
    """Hours a week. schema.org: workHours."""
    schedule: tuple[WorkSchedule, ...] = ()
    """When the work is done."""
    pay: Pay | None = None
    """What it pays. schema.org: baseSalary."""
    openings: int | None = Field(default=None, ge=1)
    """How many people are sought. schema.org: totalJobOpenings."""
    starts: date | None = None
    """First day of work. schema.org: jobStartDate."""
    education: EqfLevel | Literal["none"] | None = None
    """Lowest EQF level asked for; ``none`` when it is said that none is needed. schema.org: educationRequirements."""
    experience_months: int | None = Field(default=None, ge=0)
    """Experience asked for, in months; 0 when none is asked for explicitly. schema.org: experienceRequirements."""
    driving_licences: tuple[DrivingLicence, ...] = ()
    """The driving licences asked for."""
    how_to_apply: tuple[ApplyWay, ...] = ()
    """The ways to apply. schema.org: applicationContact."""
    direct_apply: bool | None = None
    """One applies on the page itself. schema.org: directApply."""
    no_diploma_required: bool | None = None
    """Stated that no diploma is needed."""
    training_on_the_job: bool | None = None
    """One is trained in the job (IBO, FPI, PFI, leerplek)."""
    adapted_work: bool | None = None
    """Adapted work: collectief maatwerk, beschutte werkplek, entreprise de travail adapté."""
    social_economy: bool | None = None
    """Social economy: lokale diensteneconomie, Ecosoc, ACS and the like."""
    reserved_for: tuple[Audience, ...] = ()
    """Only these may apply."""
    language_learnable_on_the_job: bool | None = None
    """The language of the job may be learned while working."""
