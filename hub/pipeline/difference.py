"""Where two published forms of one thing differ, field by field."""

from collections.abc import Iterator
from typing import Any, NamedTuple


class Difference(NamedTuple):
    """One field that differs; a side that lacks it is None."""

    field: str
    before: Any
    after: Any


def differences(before: Any, after: Any, field: str = "") -> Iterator[Difference]:
    """Yield the fields that differ, by dotted path; positions in lists are left out of it."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            path = f"{field}.{name}" if field else name
            yield from differences(before.get(name), after.get(name), path)
    elif _alike(before, after):
        for one, other in zip(before, after, strict=True):
            yield from differences(one, other, field)
    else:
        yield Difference(field, before, after)


def _alike(before: Any, after: Any) -> bool:
    """Say whether both are lists of as many blocks, so that each can be compared with its like."""
    if not isinstance(before, list) or not isinstance(after, list) or len(before) != len(after):
        return False
    return all(isinstance(each, dict) for each in (*before, *after))
