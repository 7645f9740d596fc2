"""Titles of jobs without the suffix that says they are for everybody, and without shouting, by ``titles.toml``."""

import re
import tomllib
from collections.abc import Collection
from functools import cache, lru_cache
from importlib.resources import files
from itertools import permutations
from typing import Any
from unicodedata import combining, normalize

_WORD = re.compile(r"[^\W_]+(?:[#+²]+)?")
_VOWEL = re.compile(r"[aeiouyàâäáéèêëíîïóôöúûüœæ]", re.IGNORECASE)
_UPPER, _LETTERS = re.compile(r"[^\W\d_a-zß-öø-ÿœ]"), re.compile(r"[^\W\d_]")
_SHOUTED = 0.8
"""Share of capitals among the letters of a title that shouts."""
_LONG = 5
"""Letters of a word in capitals that is no acronym any more."""

_SIGN = r"[/|\\·•.+\-\u2010-\u2013]"
_LETTER = r"(?:[^\W\d_]|\*)"
_SIGNS = re.compile(rf"\s|[,]|{_SIGN}")
_JOINT = re.compile(rf"\s?{_SIGN}\s?")
_SLASHED = re.compile(rf"{_LETTER}(?:(?:\s?[/|\\,]\s?|\s){_LETTER})*")
_DASHED = re.compile(rf"{_LETTER}(?:\s?{_SIGN}\s?{_LETTER})*")
_TWO = 2
_PARTS = re.compile(r"\s*[,;]\s*|\s+[-\u2013|/]\s+")
_LEFT_OVERS = (
    (re.compile(r"\(\s*[,;/|-]?\s*\)|\[\s*\]|\{\s*\}"), " "),
    (re.compile(r"\(\s*[,;/|-]\s*"), "("),
    (re.compile(r"\s*[,;/|-]\s*\)"), ")"),
    (re.compile(r"\"\s*\"|'\s*'"), " "),
    (re.compile(r"\s+"), " "),
    (re.compile(r" ([,;:.)])"), r"\1"),
    (re.compile(r"([-\u2013|,;:/]) (?:[-\u2013|,;/] )+"), r"\1 "),
    (re.compile(r"^([^(]*)\)$"), r"\1"),
    (re.compile(r"^[\s,;:|/\u2013-]+|[\s,;:|/(\[{\u2013-]+$"), ""),
)
_BEHIND = ".\xb7\u2022-/("
"""Signs between a word and the ending that tells its other gender."""


def without_gender(title: str) -> str:
    """Return a title without suffixes such as (m/v/x); the very same where it has none, or is nothing else.

    Forms of the word itself, such as ``vendeur/vendeuse`` and ``medewerk(st)er``, are part of the title and stay.
    """
    if not any(mark in title for mark in "/(-|[{.") and title[-3:].casefold() not in _last():
        return title
    bare = _without_gender(title)
    return title if bare == title else bare


@lru_cache(maxsize=8192)  # titles repeat
def _without_gender(title: str) -> str:
    bare = _without_suffixes(_bracketed().sub(_opened, title))
    if bare == title:
        return title
    for pattern, instead in _LEFT_OVERS:
        bare = pattern.sub(instead, bare)
    return bare if _LETTERS.search(bare) else title


def shouts(title: str) -> bool:
    """Say whether a title is written in capitals, acronyms and the like left aside."""
    if title.islower() or not any(word.isupper() and len(word) >= _LONG for word in title.replace("-", " ").split()):
        return False
    letters = "".join(word for word in _WORD.findall(title) if not _is_acronym(word))
    return len(letters) >= _LONG and len(_UPPER.findall(letters)) >= _SHOUTED * len(letters)


def mend_title(title: str, language: str, names: Collection[str] = ()) -> str:
    """Return a title that shouts as a sentence is written; another one as it is.

    Args:
        title: the title.
        language: its language tag; ``de`` gives capitals to nouns, ``und`` knows the small words of all languages.
        names: names that the offer itself tells, such as its employer's and its municipality's.
    """
    if not shouts(title):
        return title
    known = {**_kept(language), **_present(names, title)}
    known = {**{_plain(word): written for word, written in known.items()}, **known}
    before, parts, end = "", [], 0
    for found in _WORD.finditer(title):
        ending = _is_ending(found, title)
        parts += [title[end : found.start()], found[0].lower() if ending else _cased(found[0], before, language, known)]
        before, end = found[0].casefold(), found.end()
    mended = "".join([*parts, title[end:]])
    return _capital(mended, language)


def _present(names: Collection[str], title: str) -> dict[str, str]:
    """Return the words of those names that stand in the title as a whole, where capitals often lack their accents."""
    said = _plain(title)
    return {word.casefold(): word for name in names if _plain(name) in said for word in _WORD.findall(name)}


def _plain(text: str) -> str:
    """Return a text without capitals and accents."""
    return "".join(mark for mark in normalize("NFKD", text.casefold()) if not combining(mark))


def _is_ending(found: re.Match[str], title: str) -> bool:
    """Say whether a word is but the ending of the one before it: the E of ``INFIRMIER(E)``."""
    before = title[: found.start()]
    return before[-1:] in _BEHIND and before[-4:-1].isalpha() and found[0].casefold() in _endings()


def _cased(word: str, before: str, language: str, known: dict[str, str]) -> str:
    lower = word.lower()
    if (kept := known.get(word.casefold()) or known.get(_plain(word))) is not None:
        return kept
    small = lower in _small(language)
    if _is_acronym(word) and not small:
        return word
    if len(word) == 1 and (before in _classes() or not small):
        return word
    return lower if small or language[:2] != "de" else lower.capitalize()


def _is_acronym(word: str) -> bool:
    """Say whether a word in capitals is one: listed, with a digit in it, or short and without a vowel."""
    if word.casefold() in _acronyms() or any(mark.isdigit() for mark in word):
        return True
    return word.isupper() and len(word) <= _LONG and not _VOWEL.search(word)


def _capital(title: str, language: str) -> str:
    """Return a title that begins with a capital, unless its first word is a name written otherwise."""
    first = _WORD.search(title)
    if first is None or first[0].casefold() in _kept(language):
        return title
    at = first.start()
    capital = "IJ" if title[at : at + 2] == "ij" and language[:2] in {"nl", "un"} else title[at].upper()
    return title[:at] + capital + title[at + len(capital) :]


def _opened(found: re.Match[str]) -> str:
    """Return a bracket without its part about sexes: ``(m/v, 80 %)`` keeps the rest."""
    if _is_for_all(found[2]):
        return " "
    parts = _PARTS.split(found[2])
    kept = [part for part in parts if not _is_for_all(part)]
    if len(kept) == len(parts):
        return found[0]
    return f"{found[1]}{', '.join(kept)}{found[3]}" if kept else " "


def _is_for_all(said: str) -> bool:
    """Say whether what stands within brackets stands for everybody."""
    told = said.casefold().strip(" ./,")
    gender = _table()["gender"]
    if told in gender["bare"] or _JOINT.sub("/", told) in _words():
        return True
    letters = _SIGNS.sub("", told)
    if letters not in _orders():
        return False
    dashed = len(letters) > _TWO or letters in gender["dashed"]
    return bool(_SLASHED.fullmatch(told) or (dashed and _DASHED.fullmatch(told)))


def _without_suffixes(title: str) -> str:
    """Return a title without what stands for everybody outside brackets."""
    kept, end, at = [], 0, 0
    while found := _suffix().search(title, at):
        said = found[0].casefold().rstrip(".")
        if _SIGNS.sub("", said) in _orders() or _JOINT.sub("/", said) in _words():
            kept.append(title[end : found.start()])
            at = end = found.end()
        else:
            at = found.start() + 1
    bare = " ".join([*kept, title[end:]]) if kept else title
    return bare[:-3] if bare[-4:-3].isspace() and bare[-3:].casefold() in _last() else bare


# The table as patterns ----------------------------------------------------------------------------------------


@cache
def _bracketed() -> re.Pattern[str]:
    return re.compile(r"([(\[{])([^()\[\]{}]{1,60})([)\]}])")


@cache
def _suffix() -> re.Pattern[str]:
    """Return what may stand for everybody outside brackets: letters with signs between them, or one of the words."""
    words = [re.escape(said).replace("/", r"\s?/\s?") for said in _words() if "/" in said]
    said = "|".join((rf"{_LETTER}(?:\s?[/|]\s?{_LETTER})+", rf"{_LETTER}(?:{_SIGN}{_LETTER}){{2,}}", *words))
    return re.compile(rf"(?<![\w/&.+'’-])(?:{said})(?:\.?(?=\s*$)|(?![\w/&+'’]|[-.]\w))", re.IGNORECASE)


@cache
def _words() -> frozenset[str]:
    return frozenset(_table()["gender"]["words"])


@cache
def _last() -> frozenset[str]:
    return frozenset(_table()["gender"]["last"])


@cache
def _orders() -> frozenset[str]:
    """Return every order of letters that stands for everybody, such as mv, mvx and xmv."""
    gender, found = _table()["gender"], set()
    for pair in gender["pairs"]:
        found.add(pair)
        for more in ("".join(some) for count in (1, 2) for some in permutations(gender["more"], count)):
            found |= {pair + more, more + pair, pair[0] + more + pair[1]}
    return frozenset(found)


@lru_cache(maxsize=64)
def _kept(language: str) -> dict[str, str]:
    capitals = _table()["capitals"]
    own = capitals["proper"].get(language[:2], ())
    return {word.casefold(): word for word in (*capitals["names"], *own)}


@lru_cache(maxsize=64)
def _small(language: str) -> frozenset[str]:
    small: dict[str, list[str]] = _table()["capitals"]["small"]
    known = small.get(language[:2])
    return frozenset(known if known is not None else (word for words in small.values() for word in words))


@cache
def _acronyms() -> frozenset[str]:
    return frozenset(word.casefold() for word in _table()["capitals"]["acronyms"])


@cache
def _endings() -> frozenset[str]:
    return frozenset(_table()["capitals"]["endings"])


@cache
def _classes() -> frozenset[str]:
    return frozenset(_table()["capitals"]["classes"]["before"])


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("hub.clean").joinpath("titles.toml").read_text("utf-8"))
