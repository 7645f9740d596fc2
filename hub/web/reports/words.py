"""What portals may tell: reports of single opportunities, and counts. Their shape has no room for personal data."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from hub.model.vocabulary import ReportReason

MOST_ROWS = 1000
MOST_DAYS = 7
MOST_CHARACTERS = 500

_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_Reason = Annotated[
    ReportReason, Field(strict=False, description="What is wrong, of /vocabularies/report-reasons.")
]  # a word of JSON is never an enumeration's own value
_Note = Annotated[
    str,
    Field(
        max_length=MOST_CHARACTERS,
        description="Anything to add, without personal data: mail addresses and long numbers are not kept.",
    ),
]
_ABOUT_A_DOUBLE: JsonDict = {
    "anyOf": [
        {"properties": {"reason": {"const": ReportReason.duplicate.value}}},
        {"properties": {"duplicateOf": {"type": "null"}}},
    ]
}


def _whole(said: object) -> object:
    """Return a whole number that is written with a point, which is one in JSON, as it is meant."""
    return int(said) if isinstance(said, float) and said.is_integer() else said


def _day(said: str) -> str:
    date.fromisoformat(said)
    return said


_Number = Annotated[int, Field(ge=0, le=10_000_000), BeforeValidator(_whole)]
_Position = Annotated[int, Field(ge=0, le=2**53), BeforeValidator(_whole)]
Day = Annotated[
    str,
    AfterValidator(_day),
    Field(
        pattern=r"^\d{4}-\d\d-\d\d$",
        json_schema_extra={"format": "date"},
        description=f"The day in Brussels that the counts are of: today, or one of the {MOST_DAYS} before.",
    ),
]


class RecordReport(BaseModel):
    """What is wrong with an opportunity."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, json_schema_extra=_ABOUT_A_DOUBLE)

    reason: _Reason
    note: _Note | None = None
    duplicate_of: Annotated[
        str | None,
        Field(alias="duplicateOf", max_length=500, description="Of a duplicate: the id or address of the other."),
    ] = None
    position: Annotated[
        _Position | None, Field(description="The position of the change feed at which it was read.")
    ] = None

    @model_validator(mode="after")
    def _about_a_double(self) -> Self:
        if self.duplicate_of is not None and self.reason is not ReportReason.duplicate:
            raise ValueError("duplicateOf goes with the reason duplicate only")
        return self


class UsageCount(BaseModel):
    """How often one opportunity was shown in a list, opened, and applied to or joined."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    opportunity: Annotated[str, Field(pattern=_UUID, description="Its id: the last part of its address.")]
    shown: _Number = 0
    opened: _Number = 0
    applied: _Number = 0


class UsageBatch(BaseModel):
    """Counts of one day. Sent again under the same id they count once."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    batch: Annotated[str, Field(pattern=_UUID, description="A UUID of your making, in lower case.")]
    day: Day
    counts: Annotated[list[UsageCount], Field(min_length=1, max_length=MOST_ROWS)]
