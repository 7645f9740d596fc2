"""From a raw record to what would be published: normalise, validate, enrich, in that order. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import orjson
from pydantic import ValidationError

from hub.adapter import Normalised, RawRecord
from hub.errors import RecordError
from hub.model.issue import Issue, Severity, issue
from hub.model.listing import Listing
from hub.pipeline.enrich import enrich
from hub.pipeline.report import Notes
from hub.pipeline.source import Source
from hub.pipeline.validate import issues_of, validate


@dataclass(frozen=True, slots=True)
class Prepared:
    """A listing that may be published, with its warnings and the partner's clock."""

    listing: Listing
    warnings: tuple[Issue, ...]
    partner_modified: datetime | None
    provenance: str | None


def prepare(source: Source, record: RawRecord, today: date, notes: Notes) -> Prepared | tuple[Issue, ...]:
    """Return what would be published, or the issues that refuse the record."""
    normalised = _normalise(source, record)
    if isinstance(normalised, tuple):
        return normalised
    _note(normalised, notes)
    issues = (*normalised.warnings, *validate(normalised.listing, today))
    if issues and any(found.severity is Severity.error for found in issues):
        return tuple(found for found in issues if found.severity is Severity.error)
    enriched = enrich(normalised.listing)
    warnings = (*issues, *enriched.warnings)
    if warnings:
        notes.warnings.update(found.code for found in warnings)
    return Prepared(enriched.listing, warnings, normalised.partner_modified, normalised.provenance)


def as_json(issues: Iterable[Issue]) -> str:
    """Return issues as the JSON kept in quarantine."""
    return orjson.dumps(
        [
            {"code": found.code, "field": found.field, "value": found.value, "params": dict(found.params)}
            for found in issues
        ]
    ).decode()


def _normalise(source: Source, record: RawRecord) -> Normalised | tuple[Issue, ...]:
    try:
        return source.adapter.normalise(record)
    except RecordError as error:
        return (issue(error.code, error.field, error.value, **error.params),)
    except ValidationError as error:
        return issues_of(error)
    except Exception as error:  # a fault in an adapter stops one record, not the run
        return (issue("adapter-failed", error=f"{type(error).__name__} in {source.adapter.name}"),)


def _note(normalised: Normalised, notes: Notes) -> None:
    if normalised.unknown_fields:
        notes.unknown_fields.update(normalised.unknown_fields)
    if normalised.unknown_values:
        notes.unknown_values.update(f"{table}: {value}" for table, value in normalised.unknown_values)
