"""The roll of what is live: ids and days, without a body being read, in parts of equal size."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

_LIVE = "FROM opportunity WHERE reason IS NULL AND position > 0"
_PARTS = text(
    f"""
    SELECT max(changed) FROM (SELECT changed, (row_number() OVER (ORDER BY position) - 1) / :size AS part {_LIVE})
    GROUP BY part ORDER BY part
    """  # noqa: S608 - constants only
)
_PART = text(f"SELECT id, changed {_LIVE} ORDER BY position LIMIT :size OFFSET :skipped")


def parts(connection: Connection, size: int) -> list[str]:
    """Return for each part when it changed last, ISO 8601 in UTC; no part where nothing is live."""
    return [changed for (changed,) in connection.execute(_PARTS, {"size": size})]


def part(connection: Connection, number: int, size: int) -> Iterator[tuple[str, str]]:
    """Return id and moment of the last change of what is in a part, counted from 0, in order of change."""
    found = connection.execute(_PART, {"size": size, "skipped": number * size})
    return ((row.id, row.changed) for row in found)
