"""Schakel, the integration hub for inclusive employment. This facade is all that a plugin imports."""

from pydantic import Field, JsonValue, SecretStr

from hub.adapter import (
    Adapter,
    Answer,
    Client,
    ClientCredentials,
    Complete,
    Document,
    Duplicate,
    Fetched,
    Incomplete,
    Job,
    Normalised,
    Options,
    RawRecord,
    Refused,
    Withdrawal,
)
from hub.errors import (
    AuthenticationRejected,
    RecordError,
    SourceError,
    SourceUnavailable,
    UnexpectedAnswer,
    UnexpectedVolume,
)
from hub.hookspecs import hookimpl
from hub.model.code import Code, LanguageRequirement
from hub.model.issue import Issue, issue
from hub.model.listing import ApplyWay, Listing
from hub.model.organisation import Organisation
from hub.model.pay import Allowance, Cost, Pay, Period
from hub.model.place import Place
from hub.model.programme import Capacity, Eligibility, Intensity, Programme, RoleOffer
from hub.model.text import plain, text, texts
from hub.model.vacancy import Vacancy
from hub.model.vocabulary import (
    Audience,
    CapacityStatus,
    Channel,
    DrivingLicence,
    EmploymentType,
    LanguageLevel,
    OrganisationKind,
    PayPeriod,
    PlacePrecision,
    ProgrammeType,
    Remote,
    Role,
    WorkSchedule,
    WorkTime,
)

__version__ = "0.1.0"

__all__ = [
    "Adapter",
    "Allowance",
    "Answer",
    "ApplyWay",
    "Audience",
    "AuthenticationRejected",
    "Capacity",
    "CapacityStatus",
    "Channel",
    "Client",
    "ClientCredentials",
    "Code",
    "Complete",
    "Cost",
    "Document",
    "DrivingLicence",
    "Duplicate",
    "Eligibility",
    "EmploymentType",
    "Fetched",
    "Field",
    "Incomplete",
    "Intensity",
    "Issue",
    "Job",
    "JsonValue",
    "LanguageLevel",
    "LanguageRequirement",
    "Listing",
    "Normalised",
    "Options",
    "Organisation",
    "OrganisationKind",
    "Pay",
    "PayPeriod",
    "Period",
    "Place",
    "PlacePrecision",
    "Programme",
    "ProgrammeType",
    "RawRecord",
    "RecordError",
    "Refused",
    "Remote",
    "Role",
    "RoleOffer",
    "SecretStr",
    "SourceError",
    "SourceUnavailable",
    "UnexpectedAnswer",
    "UnexpectedVolume",
    "Vacancy",
    "Withdrawal",
    "WorkSchedule",
    "WorkTime",
    "hookimpl",
    "issue",
    "plain",
    "text",
    "texts",
]
