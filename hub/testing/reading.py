"""What an adapter makes of one record, as something that can be compared and shown."""

import copy
from dataclasses import dataclass, replace
from typing import Any

import orjson
from pydantic import ValidationError

from hub.adapter import Adapter, Normalised, RawRecord
from hub.errors import RecordError
from hub.model.issue import Issue, catalogue
from hub.pipeline.validate import issues_of


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one record: a listing, the reasons of a refusal, or what went wrong.

    Args:
        fault: one sentence, when neither a listing nor a proper refusal came.
    """

    record: RawRecord
    normalised: Normalised | None = None
    issues: tuple[Issue, ...] = ()
    fault: str | None = None

    @property
    def said(self) -> str:
        """All that was said, in one text that is equal for equal readings."""
        if self.normalised is None:
            return f"refused: {self.issues} {self.fault or ''}"
        parts = {name: getattr(self.normalised, name) for name in Normalised.__slots__ if name != "listing"}
        return f"{self.listing} {parts}"

    @property
    def listing(self) -> str:
        """The listing as published JSON; empty when there is none."""
        return "" if self.normalised is None else self.normalised.listing.model_dump_json(exclude_none=True)

    @property
    def reasons(self) -> str:
        """The codes of the reasons."""
        return ", ".join(sorted({issue.code for issue in self.issues}))


def read(adapter: Adapter[Any], record: RawRecord) -> Reading:
    """Let the adapter normalise a copy of a record."""
    return replace(read_itself(adapter, copy.deepcopy(record)), record=record)


def read_itself(adapter: Adapter[Any], record: RawRecord) -> Reading:
    """Let the adapter normalise a record, which it should not but may change."""
    try:
        normalised: object = adapter.normalise(record)
    except RecordError as error:
        if error.code not in catalogue():
            return Reading(record, fault=f"refused it with the code {error.code!r}, which the issue catalogue lacks")
        return Reading(record, issues=(Issue(error.code, error.field, str(error.value or ""), error.params),))
    except ValidationError as error:
        return Reading(record, issues=issues_of(error))
    except Exception as error:  # any other exception is what is looked for
        return Reading(record, fault=f"raised {type(error).__name__}: {error}"[:300])
    if not isinstance(normalised, Normalised):
        return Reading(record, fault=f"returned {type(normalised).__name__} instead of Normalised")
    return Reading(record, normalised)


def shown(record: RawRecord) -> str:
    """Return how a record is named in messages."""
    return f"record {record.local_id!r}"


def short(value: Any) -> str:
    """Return a value for messages."""
    text = orjson.dumps(value, default=str).decode()
    return text if len(text) <= 80 else f"{text[:79]}…"
