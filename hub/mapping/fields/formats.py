"""How days and moments are written: a format such as ``dd/mm/yyyy`` becomes a pattern."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")

_TOKENS = {
    "yyyy": ("year", r"\d{4}"),
    "mm": ("month", r"\d\d"),
    "m": ("month", r"\d\d?"),
    "dd": ("day", r"\d\d"),
    "d": ("day", r"\d\d?"),
    "HH": ("hour", r"\d\d"),
    "H": ("hour", r"\d\d?"),
    "MM": ("minute", r"\d\d"),
    "SS": ("second", r"\d\d"),
}
_WRITTEN = re.compile("|".join(_TOKENS) + r"|[A-Za-z]+|.", re.DOTALL)
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d.*)?")
EPOCHS: Mapping[str, int] = {"seconds": 1, "milliseconds": 1000}
"""Moments written as a number since 1970 UTC, and how many of it make a second."""
_EPOCH = re.compile(r"-?\d{1,15}(?:\.\d+)?")
_DAY_LENGTH = len("yyyy-mm-dd")
_DAY = ("year", "month", "day")


def check_format(written: str) -> str | None:
    """Return what is wrong with a format, or None."""
    if written in EPOCHS:
        return None
    parts = _WRITTEN.findall(written)
    if strange := [part for part in parts if part.isalpha() and part not in _TOKENS]:
        return f"'{strange[0]}' is not understood; write yyyy, mm, m, dd, d, HH, H, MM and SS"
    named = [_TOKENS[part][0] for part in parts if part in _TOKENS]
    if len(set(named)) < len(named):
        return "a part comes twice; mm is the month, MM the minutes"
    if missing := [name for name in _DAY if name not in named]:
        return f"it lacks the {missing[0]}; an example is dd/mm/yyyy"
    return None


def _pattern(written: str) -> re.Pattern[str]:
    return re.compile("".join(map(_piece, _WRITTEN.findall(written))))


def _piece(part: str) -> str:
    if part not in _TOKENS:
        return re.escape(part)
    name, digits = _TOKENS[part]
    return f"(?P<{name}>{digits})"


def day_reader(written: str) -> Callable[[str], date]:
    """Return a function that reads a day written so, or in ISO 8601; it raises ValueError.

    A moment that names its offset is the day it is in Brussels.
    """
    if written in EPOCHS:
        moment = moment_reader(written)
        return lambda cell: moment(cell).astimezone(BRUSSELS).date()
    match = _pattern(written).fullmatch

    def read(cell: str) -> date:
        if found := match(cell):
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        if found := _ISO_DAY.fullmatch(cell):
            return _day_there(cell) or date(int(found[1]), int(found[2]), int(found[3]))
        raise ValueError(cell)

    return read


def _day_there(cell: str) -> date | None:
    if len(cell) <= _DAY_LENGTH or (moment := datetime.fromisoformat(cell)).tzinfo is None:
        return None
    return moment.astimezone(BRUSSELS).date()


def moment_reader(written: str) -> Callable[[str], datetime]:
    """Return a function that reads a moment written so, or in ISO 8601; it raises ValueError."""
    if written in EPOCHS:
        return _epoch_reader(EPOCHS[written])
    match = _pattern(written).fullmatch

    def read(cell: str) -> datetime:
        found = match(cell)
        parts = {name: int(value) for name, value in found.groupdict().items()} if found else None
        moment = datetime(**parts, tzinfo=BRUSSELS) if parts else datetime.fromisoformat(cell)
        return moment if moment.tzinfo else moment.replace(tzinfo=BRUSSELS)

    return read


def _epoch_reader(parts: int) -> Callable[[str], datetime]:
    def read(cell: str) -> datetime:
        if not _EPOCH.fullmatch(cell):
            raise ValueError(cell)
        try:
            return datetime.fromtimestamp(float(cell) / parts, UTC)
        except (OverflowError, OSError):
            raise ValueError(cell) from None

    return read
