"""The persons whom a partner names in fields of their own, found again wherever else they are mentioned."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from hub.clean.persons import is_general_mailbox
from hub.testing.fictitious import Cast
from hub.testing.personal import goes_on, is_person, is_phone, looks_like_a_name, may_be_a_name, names_a_person

PARTS = re.compile(r"([,;/|()\n]|\s[-–]\s|:\s)")
"""What stands between a name and the rest where a person is written in one field."""
_WORD = re.compile(r"[\w'’-]+")
_GAP = re.compile(r"\.?\s{1,3}")
_MAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+?\(?\d(?:[\s./()-]{0,3}\d){7,13}")
_PLAIN_MAILBOX = re.compile(r"[a-z]+@", re.IGNORECASE)
_TELLING = 8
"""So many digits at the end tell phone numbers apart, however they begin."""


class Acquaintances:
    """Names, mail addresses and phone numbers of persons."""

    def __init__(self) -> None:
        self._names: set[tuple[str, ...]] = set()
        self._mails: set[str] = set()
        self._phones: set[str] = set()
        self._lengths: list[int] = []
        self._first: set[str] = set()

    def learn(self, value: Any) -> None:
        """Remember the persons in a JSON value."""
        for name, text in _told(value):
            self._mails.update(found.casefold() for found in _MAIL.findall(text) if not _is_plain_mailbox(found))
            if is_phone(name):
                self._phones.update(filter(None, [_key(text)]))
        self._names.update(tuple(_words_of(name)) for name in _named(value))
        self._lengths = sorted({len(name) for name in self._names}, reverse=True)
        self._first = {name[0] for name in self._names}

    def knows_phone(self, written: str) -> bool:
        """Say whether a phone number is that of a person."""
        return _key(written) in self._phones

    def swapped(self, text: str, cast: Cast) -> str:
        """Return a text in which everybody known is a stand-in."""
        if self._names:
            text = self._without_names(text, cast)
        if self._mails and "@" in text:
            text = _MAIL.sub(
                lambda found: cast.mail(found[0]) if found[0].casefold() in self._mails else found[0], text
            )
        if self._phones:
            text = _PHONE.sub(lambda found: cast.phone(found[0]) if self.knows_phone(found[0]) else found[0], text)
        return text

    def _without_names(self, text: str, cast: Cast) -> str:
        found = list(_WORD.finditer(text))
        said = [word[0].casefold() for word in found]
        parts, end, place = [], 0, 0
        while place < len(said):
            length = self._name_at(text, found, said, place) if said[place] in self._first else 0
            if length:
                start, stop = found[place].start(), found[place + length - 1].end()
                parts += [text[end:start], cast.name(text[start:stop])]
                end = stop
            place += length or 1
        return "".join([*parts, text[end:]])

    def _name_at(self, text: str, found: Sequence[re.Match[str]], said: Sequence[str], place: int) -> int:
        """Return of how many words the name is that begins at this word, 0 when none does."""
        for length in self._lengths:
            words = found[place : place + length]
            gaps = (text[one.end() : other.start()] for one, other in pairwise(words))
            if tuple(said[place : place + length]) in self._names and all(map(_GAP.fullmatch, gaps)):
                return length
        return 0


def _told(value: Any, name: str = "", *, person: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the texts within persons, each with the name of its field."""
    match value:
        case dict():
            for key, each in value.items():
                yield from _told(each, key, person=goes_on(key, person=person))
        case list():
            for each in value:
                yield from _told(each, name, person=person)
        case str() | int() if person and not isinstance(value, bool):
            yield name, str(value)


def _named(value: Any, name: str = "", *, person: bool = False) -> Iterator[str]:
    """Yield the full names of the persons in a JSON value."""
    match value:
        case dict():
            yield from _pairs(value)
            for key, each in value.items():
                yield from _named(each, key, person=goes_on(key, person=person))
        case list():
            for each in value:
                yield from _named(each, name, person=person)
        case str() if names_a_person(name, within=person):
            yield from filter(may_be_a_name, [value])
        case str() if is_person(name):
            yield from (part for part in PARTS.split(value) if looks_like_a_name(part))


def _pairs(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield first and last name together, either way round, where a record tells them apart."""
    texts = ((key, value) for key, value in record.items() if isinstance(value, str))
    own = [value for key, value in texts if names_a_person(key, within=False)]
    if len(own) == 2:
        yield from filter(may_be_a_name, (f"{own[0]} {own[1]}", f"{own[1]} {own[0]}"))


def _is_plain_mailbox(address: str) -> bool:
    """Say whether an address is an organisation's beyond doubt: ``jobs@``, but not ``contact.ann@``."""
    return is_general_mailbox(address) and bool(_PLAIN_MAILBOX.match(address))


def _key(written: str) -> str:
    digits = re.sub(r"\D", "", written)
    return digits[-_TELLING:] if len(digits) >= _TELLING else ""


def _words_of(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
