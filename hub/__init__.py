"""Schakel, the integration hub for inclusive employment. This facade is all that a plugin imports."""

from pydantic import (
    BeforeValidator,
    Field,
    JsonValue,
    SecretStr,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

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
from hub.client.tables import Row, Table, TableCut, TableLayout, open_table
from hub.errors import (
    AuthenticationRejected,
    RecordError,
    SourceError,
    SourceUnavailable,
    UnexpectedAnswer,
    UnexpectedVolume,
)
from hub.hookspecs import hookimpl
from hub.model.block import Block
from hub.model.code import Code, LanguageRequirement
from hub.model.issue import Issue, issue
from hub.model.listing import ApplyWay, Listing
from hub.model.organisation import Organisation
from hub.model.pay import Allowance, Cost, Pay, Period
from hub.model.place import Place
from hub.model.programme import Capacity, Eligibility, Intensity, Programme, RoleOffer
from hub.model.text import RichText, Text, plain, text, texts
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
    "BeforeValidator",
    "Block",
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
    "ErrorDetails",
    "Fetched",
    "Field",
    "Incomplete",
    "InitErrorDetails",
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
    "PydanticCustomError",
    "RawRecord",
    "RecordError",
    "Refused",
    "Remote",
    "RichText",
    "Role",
    "RoleOffer",
    "Row",
    "SecretStr",
    "SourceError",
    "SourceUnavailable",
    "Table",
    "TableCut",
    "TableLayout",
    "Text",
    "TypeAdapter",
    "UnexpectedAnswer",
    "UnexpectedVolume",
    "Vacancy",
    "ValidationError",
    "ValidatorFunctionWrapHandler",
    "Withdrawal",
    "WorkSchedule",
    "WorkTime",
    "hookimpl",
    "issue",
    "model_validator",
    "open_table",
    "plain",
    "text",
    "texts",
]
