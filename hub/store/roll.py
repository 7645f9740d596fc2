"""The roll of what is live: ids and days, without a body being read, in parts of equal size."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, TextClause, text

from hub.store.views.extents import WITHIN, Extent

_LIVE = "FROM opportunity WHERE reason IS NULL AND position > 0"


class _Roll(NamedTuple):
    parts: TextClause
    part: TextClause


def _of(live: str) -> _Roll:
    numbered = f"SELECT changed, (row_number() OVER (ORDER BY position) - 1) / :size AS part {live}"
    return _Roll(
        text(f"SELECT max(changed) FROM ({numbered}) GROUP BY part ORDER BY part"),  # noqa: S608 - constants only
        text(f"SELECT id, changed {live} ORDER BY position LIMIT :size OFFSET :skipped"),
    )


_WHOLE, _WITHIN = _of(_LIVE), _of(f"{_LIVE} AND {WITHIN}")


def parts(connection: Connection, extent: Extent, size: int) -> list[str]:
    """Return for each part when it changed last, ISO 8601 in UTC; no part where nothing is live."""
    return [changed for (changed,) in connection.execute(_roll(extent).parts, {**extent.said, "size": size})]


def part(connection: Connection, extent: Extent, number: int, size: int) -> Iterator[tuple[str, str]]:
    """Return id and moment of the last change of what is in a part, counted from 0, in order of change."""
    given = {**extent.said, "size": size, "skipped": number * size}
    return ((row.id, row.changed) for row in connection.execute(_roll(extent).part, given))


def _roll(extent: Extent) -> _Roll:
    return _WHOLE if extent.is_whole else _WITHIN
