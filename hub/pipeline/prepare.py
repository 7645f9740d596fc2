"""From a raw record to what would be published: normalise, validate, enrich, in that order. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import orjson
from pydantic import ValidationError

from hub.adapter import Normalised, RawRecord
from hub.clean.mails import find_mails
from hub.errors import RecordError
from hub.model.derivation import Derivation
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
    references: tuple[str, ...] = ()
    derivations: tuple[Derivation, ...] = ()


def prepare(source: Source, record: RawRecord, today: date, notes: Notes) -> Prepared | tuple[Issue, ...]:
    """Return what would be published, or the issues that refuse the record."""
    if "@" in record.local_id and any(find_mails(record.local_id)):
        return (issue("personal-id"),)
    try:
        return _prepared(source, record.local_id, source.adapter.normalise(record), today, notes)
    except RecordError as error:
        return (_refusal(error, source),)
    except ValidationError as error:
        return issues_of(error)
    except Exception as error:  # a fault in an adapter stops one record, not the run
        return (_fault(error, source),)


def _prepared(
    source: Source, local_id: str, normalised: Normalised, today: date, notes: Notes
) -> Prepared | tuple[Issue, ...]:
    issues = (*normalised.warnings, *validate(normalised.listing, today))
    if issues and (errors := tuple(found for found in issues if found.severity is Severity.error)):
        return errors
    enriched = enrich(normalised.listing, source.codelists)
    warnings = (*issues, *enriched.issues)
    notes.take(local_id, normalised, warnings)
    return Prepared(
        enriched.listing,
        warnings,
        normalised.partner_modified,
        normalised.provenance,
        normalised.references,
        enriched.derivations,
    )


def _refusal(error: RecordError, source: Source) -> Issue:
    try:
        return issue(error.code, error.field, error.value, **error.params)
    except (KeyError, TypeError) as fault:
        return _fault(fault, source)


def _fault(error: Exception, source: Source) -> Issue:
    return issue("adapter-failed", error=f"{type(error).__name__} in {source.adapter.name}")


def as_json(issues: Iterable[Issue]) -> str:
    """Return issues as the JSON kept in quarantine."""
    return orjson.dumps(
        [
            {"code": found.code, "field": found.field, "value": found.value, "params": dict(found.params)}
            for found in issues
        ]
    ).decode()
