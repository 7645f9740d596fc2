"""From the TOML of a mapping to its tables, with every mistake at once."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from hub.mapping.facts import fault_of, known_facts
from hub.mapping.finding import Finding, Weight
from hub.mapping.likeness import nearest
from hub.mapping.table import Confidence, Match, ValueEntry, ValueTable
from hub.model.issue import Severity, catalogue

_TOP = ("owner", "date", "tables")
_TABLE = ("about", "source", "match", "values")
_ENTRY = ("label", "confidence", "note", "refuse", "unless")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(slots=True)
class Found:
    """What a text holds: the tables as far as they can be read, and what is wrong with it."""

    file: str
    tables: dict[str, ValueTable] = field(default_factory=dict)
    owner: str = ""
    date: str = ""
    mistakes: list[Finding] = field(default_factory=list)

    def complain(self, code: str, said: str, *where: str) -> None:
        """Add a mistake; ``where`` is table, entry and key, as far as it goes."""
        self.mistakes.append(Finding(code, Weight.error, said, self.file, *where))


def read_mapping(text: str, file: str) -> Found:
    """Return the tables written in a text, and every mistake in it."""
    found = Found(file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found.complain("not-toml", f"it is not TOML: {error}; a value that comes twice stops here too")
        return found
    _check_names(data, _TOP, found)
    found.owner, found.date = _owner(data, found), _date(data, found)
    tables = data.get("tables")
    if not isinstance(tables, dict) or not tables:
        found.complain("no-tables", "it holds no table; write one as [tables.<name>.values]")
        return found
    for name, table in tables.items():
        found.tables[name] = _table(name, table if isinstance(table, dict) else {}, found)
    return found


def _owner(data: Mapping[str, Any], found: Found) -> str:
    owner = data.get("owner")
    if isinstance(owner, str) and owner.strip():
        return owner.strip()
    found.complain("no-owner", 'it names no owner; write owner = "someone@example.org" at the top')
    return ""


def _date(data: Mapping[str, Any], found: Found) -> str:
    written = data.get("date")
    said = written.isoformat() if isinstance(written, date) else written
    if isinstance(said, str) and _is_day(said):
        return said
    shown = "has no date" if written is None else f"has the date {written!r}"
    found.complain("no-date", f'it {shown}; write the day of its last review at the top, as date = "2026-11-22"')
    return ""


def _is_day(said: str) -> bool:
    try:
        return bool(_DAY.fullmatch(said) and date.fromisoformat(said))
    except ValueError:
        return False


def _table(name: str, table: Mapping[str, Any], found: Found) -> ValueTable:
    _check_names(table, _TABLE, found, name)
    match: Match = table.get("match", "whole")
    if match not in get_args(Match):
        found.complain("wrong-type", f"{match!r} is not allowed; allowed: whole, words", name, "", "match")
        match = "whole"
    values = table.get("values")
    if not isinstance(values, dict):
        found.complain("no-values", f'it has no values; write them as [tables.{name}.values."<value>"]', name)
        values = {}
    entries = tuple(_entry(name, key, said, found) for key, said in values.items())
    return ValueTable(name, entries, match, _text(table, "about", found, name), _text(table, "source", found, name))


def _entry(table: str, key: str, said: Any, found: Found) -> ValueEntry:
    where = (table, key)
    if not isinstance(said, dict):
        found.complain("wrong-type", f"{said!r} is no entry; write it as {{ label = …, <field> = … }}", *where)
        return ValueEntry(key)
    if not key.strip():
        found.complain("wrong-type", "the value is empty, which no partner's value is; remove the entry", *where)
    facts = {name: value for name, value in said.items() if name not in _ENTRY}
    for name, value in facts.items():
        _check_fact(name, value, where, found)
    return ValueEntry(
        key,
        {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()},
        _text(said, "label", found, *where) or None,
        _refusal(said, where, found),
        _unless(said, where, found),
        _confidence(said, where, found),
        _text(said, "note", found, *where),
    )


def _check_fact(name: str, value: object, where: tuple[str, str], found: Found) -> None:
    if name not in known_facts():
        found.complain("field-unknown", _no_field(name, [*_ENTRY, *known_facts()]), *where, name)
    elif fault := fault_of(name, value):
        found.complain("not-in-vocabulary", f"{value!r} is not allowed; {fault}", *where, name)


def _no_field(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f"the model has no field '{name}'" + (f"; did you mean '{near[0]}'?" if near else "; remove it")


def _confidence(said: Mapping[str, Any], where: tuple[str, str], found: Found) -> Confidence | None:
    confidence = said.get("confidence")
    if confidence is not None and confidence not in get_args(Confidence):
        means = "A (official), B (agreeing observers), C (one observer), D (assumed)"
        found.complain("not-in-vocabulary", f"{confidence!r} is not allowed; allowed: {means}", *where, "confidence")
        return None
    return confidence


def _refusal(said: Mapping[str, Any], where: tuple[str, str], found: Found) -> str | None:
    code = said.get("refuse")
    errors = [name for name, each in catalogue().items() if each["severity"] == Severity.error]
    if code is None or code in errors:
        return code
    near = nearest(str(code), errors)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    found.complain("not-in-vocabulary", f"{code!r} is no issue that refuses a record{hint}", *where, "refuse")
    return None


def _unless(said: Mapping[str, Any], where: tuple[str, str], found: Found) -> tuple[str, ...]:
    words = said.get("unless", [])
    if isinstance(words, list) and all(isinstance(word, str) and word.strip() for word in words):
        return tuple(words)
    found.complain("wrong-type", f"{words!r} is not allowed; allowed: a list of words", *where, "unless")
    return ()


def _text(said: Mapping[str, Any], key: str, found: Found, *where: str) -> str:
    value = said.get(key, "")
    if isinstance(value, str):
        return value
    place = where if len(where) == 2 else (*where, "")
    found.complain("wrong-type", f"{value!r} is not allowed; allowed: a text", *place, key)
    return ""


def _check_names(said: Mapping[str, Any], known: tuple[str, ...], found: Found, table: str = "") -> None:
    for name in said:
        if name not in known:
            words = ", ".join(known)
            found.complain("key-unknown", f"it is no key of a mapping; allowed here: {words}", table, "", name)
