"""What could be better in a mapping: entries that cannot be found, that contradict each other, that nobody meets."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from hub.mapping.finding import Finding, Weight
from hub.mapping.folding import bare, folded
from hub.mapping.mapping import Mapping
from hub.mapping.reading import read_mapping
from hub.mapping.table import ValueEntry, ValueTable, phrase

Met = dict[str, dict[str, int]]
"""Values met in the last runs, by table, with how often."""

_REVIEW_DAYS = 365


def lint_text(text: str, file: str, today: date) -> list[Finding]:
    """Return everything to say of a mapping as it is written: mistakes, then what `lint` finds."""
    found = read_mapping(text, file)
    return found.mistakes + lint(Mapping(found.tables, found.owner, found.date, file), today)


def lint(mapping: Mapping, today: date) -> list[Finding]:
    """Return what is to be said of tables that can be read: doubles, entries out of reach, a review that is due."""
    found = list(_dated(mapping, today))
    for table in mapping.tables.values():
        found += _shadowed(table, mapping.file) if table.match == "words" else _doubles(table, mapping.file)
    return found


def unused(mapping: Mapping, met: Met) -> Iterator[Finding]:
    """Yield a note for each entry that no published record of the last runs met, in the tables that were used at all.

    Entries that refuse a record are passed over: what is refused is not counted.
    """
    for table in mapping.tables.values():
        if values := met.get(table.name):
            used = {entry.key for value in values for entry in table.holding(value)}
            for entry in table.entries:
                if entry.key not in used and entry.refuse is None:
                    said = f"met by none of the {sum(values.values()):,} values of the last runs"
                    yield Finding("unused", Weight.note, said, mapping.file, table.name, entry.key)


def _dated(mapping: Mapping, today: date) -> Iterator[Finding]:
    if not mapping.date:
        return
    days = (today - date.fromisoformat(mapping.date)).days
    if days > _REVIEW_DAYS:
        said = f"last reviewed on {mapping.date}, {days:,} days ago; compare it with the partner's values, then date it"
        yield Finding("stale", Weight.warning, said, mapping.file)
    elif days < 0:
        said = f"the date of its last review, {mapping.date}, lies in the future; correct it"
        yield Finding("stale", Weight.warning, said, mapping.file)


def _doubles(table: ValueTable, file: str) -> Iterator[Finding]:
    """Yield the entries whose key or label another entry has as well, capitals and spaces apart."""
    named: dict[str, list[ValueEntry]] = defaultdict(list)
    for entry in table.entries:
        for word in dict.fromkeys((folded(entry.key), folded(entry.label or entry.key))):
            named[word].append(entry)
    for first, *others in named.values():
        for other in others:
            yield _double(first, other, table, file)


def _double(first: ValueEntry, other: ValueEntry, table: ValueTable, file: str) -> Finding:
    what = "value" if folded(first.key) == folded(other.key) else "label"
    if _same(first, other):
        said = f'says the same as "{first.key}", whose {what} is the same'
        weight = Weight.error if what == "value" else Weight.note
    else:
        said = f'contradicts "{first.key}", whose {what} is the same; a {what} finds only the first of the two'
        weight = Weight.error
    return Finding("duplicate", weight, said, file, table.name, other.key)


def _same(first: ValueEntry, other: ValueEntry) -> bool:
    return dict(first.facts) == dict(other.facts) and first.refuse == other.refuse


def _shadowed(table: ValueTable, file: str) -> Iterator[Finding]:
    """Yield the entries of a table of words that add nothing, since earlier ones hold wherever they do."""
    for place, entry in enumerate(table.entries):
        if by := next((each for each in table.entries[:place] if _covers(each, entry)), None):
            said = f'is out of reach: wherever it holds, "{by.key}" holds before it and says the same; remove it'
            yield Finding("unreachable", Weight.error, said, file, table.name, entry.key)


def _covers(first: ValueEntry, other: ValueEntry) -> bool:
    words = bare(other.key.removesuffix("*")) + ("x" if other.key.endswith("*") else "")
    everywhere = phrase(first.key).search(words) is not None and set(first.unless) <= set(other.unless)
    return everywhere and other.facts.keys() <= first.facts.keys()


def worst(findings: Sequence[Finding]) -> Weight | None:
    """Return the weight of the gravest finding."""
    weights = [each.weight for each in findings]
    return next((weight for weight in Weight if weight in weights), None)
