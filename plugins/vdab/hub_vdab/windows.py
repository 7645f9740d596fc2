"""Where a run continues: windows of changes since the last complete run, or everything again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from hub_vdab.options import VdabOptions


def stamp(moment: datetime) -> str:
    """Return a moment as VDAB writes it, such as ``2026-02-13T12:00:00.000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def windows(cursor: str | None, now: datetime, options: VdabOptions) -> list[tuple[str, str]]:
    """Return the windows from the cursor until now; none when everything must be read again."""
    last = _moment(cursor)
    if last is None or not timedelta() <= now - last:
        return []
    start = last - timedelta(seconds=options.overlap_seconds)
    if now - start > timedelta(days=options.gap_days):
        return []
    return list(_steps(start, now, timedelta(days=options.window_days)))


def _steps(start: datetime, end: datetime, step: timedelta) -> Iterator[tuple[str, str]]:
    while start < end:
        yield stamp(start), stamp(min(start + step, end))
        start += step


def _moment(cursor: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(cursor) if cursor else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
