"""The closed lists of the model. Labels (nl, fr, en, de) and definitions stand beside it in ``vocabulary.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Kind(StrEnum):
    """The two kinds of opportunity."""

    vacancy = "vacancy"
    programme = "programme"


class Status(StrEnum):
    """Where an opportunity that is in the feed stands."""

    active = "active"
    likely_expired = "likelyExpired"


class GoneReason(StrEnum):
    """Why an opportunity left the feed."""

    withdrawn = "withdrawn"
    expired = "expired"
    merged = "merged"
    refused = "refused"
    source_disabled = "source-disabled"
    erased = "erased"
    not_in_view = "not-in-view"


class Audience(StrEnum):
    """For whom an opportunity is meant or especially open."""

    young_low_skilled = "youngLowSkilled"
    newcomers_refugees = "newcomersRefugees"
    disability = "disability"
    long_term_unemployed = "longTermUnemployed"
    neet = "neet"
    age50_plus = "age50plus"
    women = "women"
    single_parents = "singleParents"
    former_detainees = "formerDetainees"
    low_literacy = "lowLiteracy"
    low_skilled = "lowSkilled"
    students = "students"
    all_jobseekers = "allJobseekers"


class EmploymentType(StrEnum):
    """The kind of contract of a vacancy."""

    permanent = "permanent"
    fixed_term = "fixedTerm"
    temporary_agency = "temporaryAgency"
    internship = "internship"
    apprenticeship = "apprenticeship"
    student = "student"
    flexi = "flexi"
    freelance = "freelance"
    volunteer = "volunteer"
    other = "other"


class WorkTime(StrEnum):
    """Full time or part time."""

    full_time = "fullTime"
    part_time = "partTime"


class WorkSchedule(StrEnum):
    """When the work is done."""

    day = "day"
    shifts = "shifts"
    night = "night"
    weekend = "weekend"
    irregular = "irregular"


class Remote(StrEnum):
    """How far the work can be done from home."""

    no = "no"
    partly = "partly"
    fully = "fully"


class PayPeriod(StrEnum):
    """The period an amount of pay covers."""

    hour = "hour"
    day = "day"
    week = "week"
    month = "month"
    year = "year"


class PlacePrecision(StrEnum):
    """How far a place can be trusted, from exact to rough."""

    address = "address"
    street = "street"
    municipality = "municipality"
    province = "province"
    region = "region"
    country = "country"


class OrganisationKind(StrEnum):
    """What an organisation is to an opportunity."""

    employer = "employer"
    provider = "provider"
    public = "public"
    intermediary = "intermediary"


class LanguageLevel(StrEnum):
    """Levels of the Common European Framework of Reference for Languages."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"


class ProgrammeType(StrEnum):
    """What a programme offers."""

    mentoring = "mentoring"
    on_the_job_training = "onTheJobTraining"
    internship = "internship"
    training = "training"
    coaching = "coaching"
    assessment = "assessment"
    language_integration = "languageIntegration"
    event = "event"
    employer_support = "employerSupport"
    finance = "finance"
    volunteering = "volunteering"


class Role(StrEnum):
    """Who may join a programme."""

    jobseeker = "jobseeker"
    mentor = "mentor"
    employer = "employer"
    employee = "employee"


class Channel(StrEnum):
    """The way to apply or to join."""

    url = "url"
    mail = "mail"
    phone = "phone"
    referral = "referral"


class CapacityStatus(StrEnum):
    """Whether a programme has room (the words of Gravity SDOH, as far as they fit)."""

    capacity = "capacity"
    no_capacity = "noCapacity"
    waitlist = "waitlist"


class ReportReason(StrEnum):
    """What readers may say to be wrong with an opportunity."""

    expired = "expired"
    wrong_place = "wrongPlace"
    duplicate = "duplicate"
    offensive = "offensive"
    other = "other"


class DrivingLicence(StrEnum):
    """Categories of the European driving licence (Directive 2006/126/EC)."""

    AM = "AM"
    A1 = "A1"
    A2 = "A2"
    A = "A"
    B = "B"
    BE = "BE"
    C1 = "C1"
    C1E = "C1E"
    C = "C"
    CE = "CE"
    D1 = "D1"
    D1E = "D1E"
    D = "D"
    DE = "DE"
    G = "G"


VOCABULARIES: Mapping[str, type[StrEnum]] = {
    "kinds": Kind,
    "statuses": Status,
    "gone-reasons": GoneReason,
    "audiences": Audience,
    "employment-types": EmploymentType,
    "work-times": WorkTime,
    "work-schedules": WorkSchedule,
    "remote": Remote,
    "pay-periods": PayPeriod,
    "place-precisions": PlacePrecision,
    "organisation-kinds": OrganisationKind,
    "language-levels": LanguageLevel,
    "programme-types": ProgrammeType,
    "roles": Role,
    "channels": Channel,
    "capacity-statuses": CapacityStatus,
    "driving-licences": DrivingLicence,
    "report-reasons": ReportReason,
}
"""Every closed list by the name it is published under, ``/vocabularies/<name>``."""


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a vocabulary: its stable value, labels by language, and a one-line definition in English."""

    value: str
    labels: Mapping[str, str]
    definition: str


@cache
def terms(name: str) -> tuple[Term, ...]:
    """Return the entries of the vocabulary published under this name, in order; KeyError when there is none."""
    table = _labels()[name]
    return tuple(_term(member.value, table[member.value]) for member in VOCABULARIES[name])


@cache
def _labels() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(files("hub.model").joinpath("vocabulary.toml").read_text("utf-8"))


def _term(value: str, entry: dict[str, str]) -> Term:
    return Term(value, {key: label for key, label in entry.items() if key != "definition"}, entry["definition"])
