"""Promises about persons: a hub publishes offers and organisations, never who answers the phone."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from hub.adapter import Complete, Incomplete, RawRecord, Refused
from hub.clean.persons import without_personal
from hub.model.listing import Listing
from hub.pipeline import Notes, Source
from hub.pipeline.prepare import Prepared, prepare
from hub.testing.mutation import dotted, leaves
from hub.testing.reading import shown
from hub.testing.subject import Subject
from hub.testing.verdict import Broken, NotApplicable

NUMBERS = frozenset({"kbo"})
"""Fields whose numbers are checked to be no phone numbers."""
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s./()-]+(?=\d)")


def no_person_of_the_sandbox_comes_out(subject: Subject) -> None:
    """No contact person whom the sandbox names comes out of the adapter: not in a record, a listing or a reason."""
    persons = list(subject.stage.sandbox.persons())
    if not persons:
        raise NotApplicable("the sandbox names no persons: let Sandbox.persons yield the fictitious ones it names")
    traces = {trace for each in persons for trace in (each.name, each.mail, each.phone)}
    search = re.compile("|".join(sorted(map(re.escape, {_plain(each) for each in traces}), key=len, reverse=True)))
    for what, said in _said(subject):
        found = search.search(_plain(said))
        if found:
            raise Broken(
                f"{what} holds {found[0]!r}, a contact person of the partner",
                "drop persons in fetch, before the record is yielded: the fields that hold them, and their names, "
                "mail addresses and numbers in running text.",
            )


def _said(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield all that the adapter tells, and where it does."""
    for each in subject.plain.fetched:
        if isinstance(each, Complete | Incomplete):
            yield "the end of the fetch", str(each)
        elif isinstance(each, RawRecord):
            yield f"the payload of {shown(each)}", _json(each.payload)
        elif isinstance(each, Refused):
            yield "a refusal", f"{each.issue} {_json(each.payload)}"
        else:
            yield type(each).__name__, str(each)
    for reading in subject.readings:
        yield f"what normalise makes of {shown(reading.record)}", reading.said


def nothing_published_leads_to_a_person(subject: Subject) -> None:
    """No mail address or mobile number of a person is in what would be published, nor in reasons and reports."""
    source, today = Source("conformance", subject.one), datetime.now(UTC).date()
    for record in subject.records:
        prepared = prepare(source, record, today, Notes())
        for field, text in _published(prepared):
            if without_personal(text) != text:
                raise Broken(
                    f"{shown(record)}: {field} holds a mail address or a mobile number that looks like a person's",
                    "publish general mailboxes and switchboards only: leave out the others, in how_to_apply too, and "
                    "give RecordError no value of a field about persons.",
                )


def _published(prepared: Prepared | tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(prepared, tuple):
        for issue in prepared:
            yield f"the reason {issue.code}", f"{issue.value} {' '.join(map(str, issue.params.values()))}"
        return
    yield from _texts(prepared.listing)
    yield "provenance", str(prepared.provenance or "")
    for issue in prepared.warnings:
        yield f"the warning {issue.code}", issue.value


def _texts(listing: Listing) -> Iterator[tuple[str, str]]:
    for path, value in leaves(listing.model_dump(mode="json", exclude_none=True)):
        if isinstance(value, str) and path[-1] not in NUMBERS:
            yield dotted(path), value


def _json(payload: Any) -> str:
    return orjson.dumps(payload, default=str).decode()


def _plain(text: str) -> str:
    """Return the text as it is compared: in lower case, numbers without what stands between their digits."""
    return _BETWEEN_DIGITS.sub("", text.casefold())
