"""Cron expressions of five fields: what is allowed, said in one sentence when it is not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

_RANGE = re.compile(r"(?:(?P<all>\*)|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?", re.ASCII)

_LONGEST_MONTH = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()
    numbers: bool = True

    @property
    def allowed(self) -> str:
        numbers = f"{self.low}-{self.high}" if self.numbers else ""
        named = f"{self.names[0]}-{self.names[-1]}" if self.names else ""
        return " or ".join(filter(None, (numbers, named)))


# Days of the week are names only: the number 1 is Monday in crontab and Tuesday elsewhere.
_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day", 1, 31),
    _Field("month", 1, 12, ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
    _Field("weekday", 0, 6, ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), numbers=False),
)


def checked(expression: str) -> str:
    """Return the expression, or raise ValueError saying which field is wrong and what it may be."""
    parts = expression.split()
    if len(parts) != len(_FIELDS):
        raise ValueError(f"must be five fields (minute hour day month weekday), such as 15 */2 * * *; not {len(parts)}")
    values = [set(_values(field, part)) for field, part in zip(_FIELDS, parts, strict=True)]
    if min(values[2]) > max(_LONGEST_MONTH.get(month, 31) for month in values[3]):
        raise ValueError("must be a day that exists in one of these months")
    return " ".join(parts)


def _values(field: _Field, text: str) -> Iterator[int]:
    for part in text.split(","):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise ValueError(
                f"{field.name} must be *, a value, a range or a list of them, such as */5 or 1,15; not {part}"
            )
        first, last = _bounds(field, match)
        yield from range(first, last + 1, _step(field, match, last - first))


def _bounds(field: _Field, match: re.Match[str]) -> tuple[int, int]:
    if match["all"]:
        return field.low, field.high
    first = _number(field, match["first"])
    until = field.high if match["step"] else first
    last = _number(field, match["last"]) if match["last"] else until
    if first > last:
        raise ValueError(f"{field.name} {match[0]} runs backwards; write the lower one first")
    return first, last


def _number(field: _Field, text: str) -> int:
    if text.lower() in field.names:
        return field.names.index(text.lower()) + field.low
    if field.numbers and text.isdigit() and field.low <= int(text) <= field.high:
        return int(text)
    raise ValueError(f"{field.name} must be {field.allowed}")


def _step(field: _Field, match: re.Match[str], width: int) -> int:
    if match["step"] is None:
        return 1
    if match["first"] and not match["first"].isdigit():
        raise ValueError(f"{field.name} {match[0]}: a step goes with *, or with numbers")
    step = int(match["step"])
    if not 1 <= step <= width:
        raise ValueError(
            f"{field.name} {match[0]}: the step must be 1-{width}" if width else f"{field.name} has no steps"
        )
    return step


Cron = Annotated[str, AfterValidator(checked)]
"""A checked expression of five fields: minute hour day month weekday."""
