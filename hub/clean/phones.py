"""Mobile numbers in running text; ``phones.toml`` says what they look like. Pure, and linear in the text's length."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

GAP = r"(?:[\s./()\xb7\u2010-\u2015-]|&nbsp;|</?\w[^<>]{0,9}>){0,6}"
"""What people write between the digits of a number, and what HTML puts there."""

_TIGHT = r"(?:[ .\xa0]|&nbsp;)?"
_START = r"(?<![\w./=\u2010-\u2015-])"
_END = r"(?!\d)"
# What every number looks like, from one sure mark on. Looking for that first costs a fiftieth of the whole search.
_LIKELY = tuple(
    re.compile(rf"{mark}(?:{GAP}\d){{{digits}}}")
    for mark, digits in (("0", 8), (r"\+", 8), ("4", 8), ("6", 8), ("7", 8))
)
_WHATSAPP = re.compile(
    r"(?:https?://)?(?:wa\.me/|(?:\w+\.)?whatsapp\.com/send/?\?(?:[^\s\"'<>]{0,200}[&;])?phone=)\+?\d{8,14}[^\s\"'<>]*"
)

_ENTERPRISE = re.compile(r"\d{4}[. ]\d{3}[. ]\d{3}")
_IBAN = re.compile(r"\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){0,7} ?[A-Z0-9]{0,3}$")
_DAY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])([-/. ])(?:0?[1-9]|1[0-2])\1(?:(?:19|20)\d\d(?!\d)|\d\d(?!\1?\d))")
_HOURS = re.compile(r"[0-2]\d\.[0-5]\d(?: ?[-/,\u2010-\u2015] ?| )[0-2]\d\.[0-5]\d(?!\.)")
_BEFORE = 40

Span = tuple[int, int]


def find_mobiles(text: str, countries: Collection[str] = ()) -> Iterator[Span]:
    """Yield where mobile numbers stand in a text, or in HTML.

    Args:
        text: the text.
        countries: where the offer is, as ISO 3166-1 codes; some numbers are mobile ones in one country only.
    """
    if not is_likely(text):
        return
    for found in _written(frozenset(countries)).finditer(text):
        if not _is_other(found, text):
            yield found.span()
    yield from (found.span() for found in _WHATSAPP.finditer(text))
    yield from (found.span("number") for found in _said_mobile().finditer(text))


@lru_cache(maxsize=16)  # asked twice of each text
def is_likely(text: str) -> bool:
    """Say, quickly, whether a text may hold a phone number at all."""
    return any(likely.search(text) for likely in _LIKELY)


def is_mobile(number: str, countries: Collection[str] = ()) -> bool:
    """Say whether a phone number is a mobile one."""
    return next(find_mobiles(number, countries), None) is not None


def _is_other(found: re.Match[str], text: str) -> bool:
    """Say whether it is a KBO number, an account, a day and hour, opening hours or a reference instead."""
    written, before = found[0], text[max(0, found.start() - _BEFORE) : found.start()]
    if _is_enterprise(written) or _DAY.match(written) or _HOURS.match(text, found.start()):
        return True
    return bool(_IBAN.search(before)) or (written.isdigit() and bool(_reference().search(before)))


def _is_enterprise(number: str) -> bool:
    """Say whether the number is written as a KBO number and its check digits are right."""
    digits = re.sub(r"\D", "", number)
    return bool(_ENTERPRISE.fullmatch(number)) and 97 - int(digits[:8]) % 97 == int(digits[8:])


# The table as regular expressions -----------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _written(countries: frozenset[str]) -> re.Pattern[str]:
    table = _table()
    homes = [_home(rule) for rule in table["home"] if _applies(rule, countries)]
    abroad = [rf"{_spaced(code)}{GAP}(?:0{GAP})?(?:{'|'.join(map(_spaced, numbers))})"
              for code, numbers in table["abroad"].items()]  # fmt: skip
    return re.compile(rf"{_START}(?:(?:\+|00){GAP}(?:{'|'.join(abroad)}){_END}|{'|'.join(homes)})")


def _applies(rule: Mapping[str, Any], countries: frozenset[str]) -> bool:
    if rule.get("within"):
        return rule["country"] in countries
    return not countries or not countries <= set(rule.get("unless", ()))


def _home(rule: Mapping[str, Any]) -> str:
    if "pairs" in rule:
        mark = f"m{rule['country']}"
        return rf"{rule['pairs']}(?P<{mark}>[ ./\xa0-]|&nbsp;)\d\d(?:(?P={mark})\d\d){{3}}{_END}"
    gap = "" if rule.get("whole") else _TIGHT if rule.get("tight") else GAP
    first = "" if rule.get("whole") else r"(?:[\s./\xa0-]|&nbsp;)?" if rule.get("tight") else gap
    return rf"{rule['head']}{first}\d(?:{gap}\d){{{rule['digits'] - 1}}}{_END}"


def _spaced(number: str) -> str:
    """Return a number of the table with room between its digits."""
    return GAP.join(r"\d" if mark == "#" else mark for mark in re.findall(r"\[[^]]+\]|.", number))


@cache
def _said_mobile() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(_table()["words"]["mobile"], key=len, reverse=True)))
    between = r"(?:[\s:.,()|\u2010-\u2015-]|&nbsp;|</?\w[^<>]{0,9}>){1,8}"
    return re.compile(rf"(?i:\b(?:{words})){between}(?P<number>\+?\d(?:{GAP}\d){{7,13}}){_END}")


@cache
def _reference() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(_table()["words"]["reference"], key=len, reverse=True)))
    return re.compile(rf"\b(?:{words})\b[\s.:#°nr]*$", re.IGNORECASE)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("hub.clean").joinpath("phones.toml").read_text("utf-8"))


@cache
def edition() -> str:
    """Return the edition of the table."""
    return str(_table()["edition"])
