"""Which fields of a partner's record are about a person, by what they are called (``personal.toml``)."""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

from hub.clean.secrets import words

_WORD = r"[^\W\d_a-z][\w'’.-]*"
_PARTICLE = r"(?:van|von|de|der|den|het|ter|ten|te|le|la|les|du|des|el|al|ben|bin|di|da|dos)"
_PERSON_NAME = re.compile(rf"{_WORD}(?: {_PARTICLE}){{0,2}}(?: (?:{_PARTICLE} )?{_WORD}){{1,3}}")
_PLAIN_WORD = re.compile(r"\w+")


@lru_cache(maxsize=4096)
def is_person(name: str) -> bool:
    """Say whether what is called like this is a person: ``contactpersoon``, ``recruiter``, ``contactPerson``."""
    return _has("persons", name)


@lru_cache(maxsize=4096)
def is_other(name: str) -> bool:
    """Say whether what is called like this is not a person, though it is told within one."""
    return _has("others", name) and not is_person(name)


@lru_cache(maxsize=4096)
def names_a_person(name: str, *, within: bool) -> bool:
    """Say whether the value of this field is the name of a person; ``within`` says whether it stands in one."""
    own = "".join(words(name)) in _lists()["own_names"]
    return own or (within and _has("names", name))


@lru_cache(maxsize=4096)
def is_phone(name: str) -> bool:
    """Say whether the value of this field is a phone number."""
    return _has("phones", name)


def goes_on(name: str, *, person: bool) -> bool:
    """Say whether what a field holds is a person, or part of one; ``person`` says whether the field is."""
    return is_person(name) or (person and not is_other(name))


def looks_like_a_name(text: str) -> bool:
    """Say whether a text is nothing but the name of a person: two to five words, and no word of an organisation."""
    return bool(_PERSON_NAME.fullmatch(text.strip())) and may_be_a_name(text)


def may_be_a_name(text: str) -> bool:
    """Say whether the value of a field for names is a whole name: some words, none of them an organisation's."""
    found = _PLAIN_WORD.findall(text.casefold())
    return 2 <= len(found) <= 6 and not _lists()["organisations"] & set(found)


def _has(group: str, name: str) -> bool:
    return bool(_lists()[group] & set(words(name)))


@cache
def _lists() -> dict[str, frozenset[str]]:
    lists = tomllib.loads(files("hub.testing").joinpath("personal.toml").read_text("utf-8"))
    return {group: frozenset(words) for group, words in lists.items()}
