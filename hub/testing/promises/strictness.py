"""Promises about what is new or missing in a record: it is noticed, and it breaks nothing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from typing import Any

from hub.adapter import RawRecord
from hub.testing.mutation import Path, dotted, fields, leaves, with_value, without
from hub.testing.reading import Reading, read, read_itself, short, shown
from hub.testing.subject import Subject
from hub.testing.trouble import adding
from hub.testing.verdict import Broken, NotApplicable, others
from hub.testing.visit import visit

NEW_FIELD = "schakelProbe"
NEW_VALUE = "schakel-probe"
OTHER_TYPES: tuple[Any, ...] = (None, 7, "7", [], [7], {"x": 7})
LONGEST_CODE = 60
OWN = "_"
"""What the name of a field begins with that fetch itself added to a payload; the partner cannot spoil it."""


def no_field_is_unread(subject: Subject) -> None:
    """Every field of the recordings and the sandbox is used, or listed as ignored: what nobody reads is noticed."""
    news = subject.all_news()
    unread = Counter(
        name
        for each in subject.listed()
        if each.normalised
        for name in each.normalised.unknown_fields
        if name not in news
    )
    if unread:
        (name, count), *rest = unread.most_common()
        raise Broken(
            f"the field {name!r} of {count:,} records is neither used nor ignored{others(len(rest))}",
            "use it in the listing, or list it among the ignored fields with a word on why; where the sandbox or a "
            "recording tells it to try out what is new, name it in the sandbox's news, or in news of the test.",
        )


def a_new_field_is_reported(subject: Subject) -> None:
    """A field that the partner adds is reported in `unknown_fields`, and changes nothing else."""
    reported = False
    for reading in subject.samples:
        if not isinstance(reading.record.payload, dict):
            continue
        after = _changed(subject, reading, (NEW_FIELD,), NEW_VALUE)
        _unbroken(after, f"a new field {NEW_FIELD!r}")
        if after.listing != reading.listing:
            raise Broken(
                f"{shown(reading.record)} gives another listing when it has a new field {NEW_FIELD!r}",
                "read fields by their names, never by their order or number.",
            )
        reported |= after.normalised is not None and NEW_FIELD in _last_steps(after.normalised.unknown_fields)
    if not _reported_from_the_partner(subject, otherwise=reported):
        raise Broken(
            f"a new field {NEW_FIELD!r} of a record is not in Normalised.unknown_fields",
            "return the fields that are neither used nor ignored as unknown_fields, in normalise; fetch must pass "
            "records on whole, or note the names of what it leaves out.",
        )


def _reported_from_the_partner(subject: Subject, *, otherwise: bool) -> bool:
    """Say whether a field added to what the partner sends is reported: fetch may have left it out before."""
    if subject.build is None:
        return otherwise
    stage, added = subject.new_stage(), list[str]()
    stage.begin(adding(NEW_FIELD, NEW_VALUE, added))
    adapter = subject.new_adapter(stage)
    found = visit(adapter, stage)
    if not added or not found.records:
        return otherwise
    readings = (read(adapter, record) for record in found.records)
    return any(NEW_FIELD in _last_steps(_outside_lists(each)) for each in readings)


def _outside_lists(reading: Reading) -> tuple[str, ...]:
    """Return the unknown fields that are in no list of the payload: one in a list says nothing of what is around it."""
    paths = reading.normalised.unknown_fields if reading.normalised else ()
    return tuple(path for path in paths if not _through_a_list(reading.record.payload, path.split(".")))


def _through_a_list(payload: Any, steps: list[str]) -> bool:
    for step in steps:
        if isinstance(payload, list):
            return True
        payload = payload.get(step) if isinstance(payload, dict) else None
    return False


def _last_steps(paths: tuple[str, ...]) -> set[str]:
    return {path.rpartition(".")[2] for path in paths}


def a_missing_field_breaks_nothing(subject: Subject) -> None:
    """A record without one of its fields is still a listing, or is refused with a reason."""
    for reading in subject.samples:
        for path in _partner_fields(reading):
            changed = RawRecord(reading.record.local_id, without(reading.record.payload, path))
            _unbroken(read_itself(subject.one, changed), f"no field {dotted(path)!r}")


def a_value_of_another_type_breaks_nothing(subject: Subject) -> None:
    """A record in which a value is of another type, or null, is still a listing, or is refused with a reason."""
    for reading in subject.samples:
        for path in _partner_fields(reading):
            for value in OTHER_TYPES:
                _unbroken(_changed(subject, reading, path, value), f"{dotted(path)} = {short(value)}")


def _partner_fields(reading: Reading) -> Iterator[Path]:
    return (path for path in fields(reading.record.payload) if not str(path[0]).startswith(OWN))


def an_unknown_value_is_reported(subject: Subject) -> None:
    """A value that no table knows is reported or published as it is; nothing breaks, is lost or guessed for it."""
    coded = set(_coded_fields(subject))
    tried = False
    for reading in subject.samples:
        for path, value in leaves(reading.record.payload):
            if isinstance(value, str):
                after = _changed(subject, reading, path, NEW_VALUE)
                _unbroken(after, f"{dotted(path)} = {NEW_VALUE!r}")
                if dotted(path) in coded:
                    tried = True
                    _told(reading, after, dotted(path), value)
    for reading, path, value in _each_code(subject, coded):
        _told(reading, _changed(subject, reading, path, NEW_VALUE), dotted(path), value)
    if not tried:
        raise NotApplicable("no field of the records looks as if it held one of a few codes")


def _told(before: Reading, after: Reading, path: str, value: str) -> None:
    """Raise Broken when a value is lost without a word: the listing says less, and nothing says why."""
    if after.normalised is None or after.listing == before.listing:
        return
    if guess := next(_guesses(before, after), None):
        field, term = guess
        raise Broken(
            f"{shown(before.record)} gets {field} = {term!r} when the partner writes {path} = {NEW_VALUE!r}, a value "
            f"that is not known, instead of {short(value)}",
            "take no default for what is not known: leave the field out; where the listing cannot be without it, raise "
            'RecordError("value-unreadable", field=…, value=…).',
        )
    known = before.normalised.unknown_values if before.normalised else ()
    said = {*after.normalised.unknown_values} - {*known}
    warned = after.normalised.warnings != (before.normalised.warnings if before.normalised else ())
    if not said and not warned and NEW_VALUE not in after.said.casefold():
        raise Broken(
            f"{shown(before.record)} loses what {path} = {short(value)} said when the partner writes a value that is "
            f"not known ({NEW_VALUE!r}), and nothing reports it",
            "return (table, value) in Normalised.unknown_values for every value that a table does not know.",
        )


def _guesses(before: Reading, after: Reading) -> Iterator[tuple[str, str]]:
    """Yield the words of the model's vocabularies that a listing has only since a value of its record is not known."""
    if before.normalised is None or after.normalised is None:
        return
    for field in type(after.normalised.listing).model_fields:
        terms = _terms(getattr(after.normalised.listing, field))
        yield from ((field, term) for term in terms - _terms(getattr(before.normalised.listing, field, None)))


def _terms(value: Any) -> set[str]:
    found = value if isinstance(value, tuple) else (value,)
    return {each.value for each in found if isinstance(each, Enum)}


def _each_code(subject: Subject, coded: Collection[str]) -> Iterator[tuple[Reading, Path, str]]:
    """Yield for every code of every such field one record that has it: a default shows only where it is another one."""
    met = set[tuple[str, str]]()
    for reading in subject.listed():
        for path, value in leaves(reading.record.payload):
            if isinstance(value, str) and (code := (dotted(path), value)) not in met and code[0] in coded:
                met.add(code)
                yield reading, path, value


def _coded_fields(subject: Subject) -> Iterator[str]:
    """Yield the fields that hold one of a few values over and over, as codes do."""
    met: Mapping[str, Counter[str]] = defaultdict(Counter)
    for reading in subject.readings:
        for path, value in leaves(reading.record.payload):
            if isinstance(value, str) and len(value) <= LONGEST_CODE:
                met[dotted(path)][value] += 1
    return (path for path, values in met.items() if values.total() >= 4 * len(values) and len(values) > 1)


def _changed(subject: Subject, reading: Reading, path: Path, value: Any) -> Reading:
    record = reading.record
    return read_itself(subject.one, RawRecord(record.local_id, with_value(record.payload, path, value)))


def _unbroken(after: Reading, change: str) -> None:
    if after.fault:
        raise Broken(
            f"{shown(after.record)} with {change}: normalise {after.fault}",
            "take every field as if it might be absent, null or of another type (isinstance, .get), and raise "
            'RecordError("…") where the record cannot be published without it.',
        )
