"""Value tables: what a partner's values mean in the common model."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from hub.mapping.folding import bare, folded

Match = Literal["whole", "words"]
Confidence = Literal["A", "B", "C", "D"]

NOTHING: Mapping[str, Any] = MappingProxyType({})
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class ValueEntry:
    """What one value of the partner means.

    Args:
        key: the partner's value; in a table of words, the words that a value contains.
        facts: fields of the model and their values; none when the value is known and says nothing more.
        label: the partner's own word for it, under which it is found too.
        refuse: code of the issue that refuses a record with this value.
        unless: in a table of words, those beside which the entry does not hold.
        confidence: how well the meaning is known: A official, B agreeing observers, C one observer, D assumed.
        note: why it is read so.
    """

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    label: str | None = None
    refuse: str | None = None
    unless: tuple[str, ...] = ()
    confidence: Confidence | None = None
    note: str = ""


@dataclass(frozen=True)
class ValueTable:
    """Entries by the partner's value.

    Args:
        name: of the table, as reports mention it.
        entries: in the order in which they stand.
        match: ``whole``: a value is an entry's key or label, whatever its capitals and spaces; ``words``: it contains
            the entry's whole words, whatever the accents (a last ``*`` lets the last word go on); the facts of every
            entry that holds are put together, the first to state a field wins.
        about: what the table is about.
        source: where its values come from.
    """

    name: str
    entries: tuple[ValueEntry, ...]
    match: Match = "whole"
    about: str = ""
    source: str = ""
    _held: dict[str, tuple[ValueEntry, ...]] = field(default_factory=dict, repr=False, compare=False)

    def find(self, value: object) -> Mapping[str, Any] | None:
        """Return the facts of a value; empty when it is known and says nothing, None when the table lacks it."""
        held = self.holding(value)
        if len(held) == 1:
            return held[0].facts
        return combined(held) if held else None

    def entry(self, value: object) -> ValueEntry | None:
        """Return the entry of a value, the first that holds; None when the table lacks it."""
        held = self.holding(value)
        return held[0] if held else None

    def holding(self, value: object) -> tuple[ValueEntry, ...]:
        """Return every entry that holds for a value: one at most, except in a table of words."""
        word = value if isinstance(value, str) else as_word(value)
        if word is None:
            return ()
        held = self._held.get(word)
        if held is None:
            held = self._search(word)
            # Values that nobody knows must not fill the memory of a long run.
            if len(self._held) < _REMEMBERED:
                self._held[word] = held
        return held

    def keys(self) -> tuple[str, ...]:
        """Return every value that has an entry."""
        return tuple(each.key for each in self.entries)

    def refusing(self, code: str) -> frozenset[str]:
        """Return the values whose entries refuse a record with this code."""
        return frozenset(each.key for each in self.entries if each.refuse == code)

    def _search(self, word: str) -> tuple[ValueEntry, ...]:
        if self.match == "words":
            words = bare(word)
            return tuple(each for each, holds, not_beside in self._phrases if _holds(words, holds, not_beside))
        found = self._exact.get(word) or self._folded.get(folded(word))
        return (found,) if found else ()

    @cached_property
    def _exact(self) -> Mapping[str, ValueEntry]:
        return {each.key: each for each in self.entries}

    @cached_property
    def _folded(self) -> Mapping[str, ValueEntry]:
        return {word: each for each in reversed(self.entries) for word in words_of(each)}

    @cached_property
    def _phrases(self) -> "tuple[tuple[ValueEntry, re.Pattern[str], tuple[re.Pattern[str], ...]], ...]":
        return tuple((each, phrase(each.key), tuple(map(phrase, each.unless))) for each in self.entries)


def words_of(entry: ValueEntry) -> tuple[str, ...]:
    """Return the words under which an entry of whole values is found, as they are compared."""
    return (folded(entry.key),) if entry.label is None else (folded(entry.label), folded(entry.key))


def combined(entries: Iterable[ValueEntry]) -> dict[str, Any]:
    """Return the facts of several entries together; the first to state a field wins."""
    facts: dict[str, Any] = {}
    for entry in entries:
        facts = {**entry.facts, **facts}
    return facts


def as_word(value: object) -> str | None:
    """Return a partner's value as text; None for what is no single value, or empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return (str(value).strip() or None) if isinstance(value, str | int | float) else None


def phrase(words: str) -> re.Pattern[str]:
    """Return the pattern of whole words; a last ``*`` lets the last word go on."""
    ending = r"" if words.endswith("*") else r"(?!\w)"
    return re.compile(rf"(?<!\w){re.escape(bare(words.removesuffix('*')))}{ending}")


def _holds(words: str, holds: re.Pattern[str], not_beside: tuple[re.Pattern[str], ...]) -> bool:
    return holds.search(words) is not None and not any(other.search(words) for other in not_beside)
