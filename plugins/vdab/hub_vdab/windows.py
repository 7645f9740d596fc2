"""Where a run continues: windows of changes since the last complete run, or everything again."""

from datetime import UTC, datetime, timedelta

from hub import TimeWindows
from hub_vdab.options import VdabOptions


def stamp(moment: datetime) -> str:
    """Return a moment as VDAB writes it, such as ``2026-02-13T12:00:00.000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def windows(cursor: str | None, now: datetime, options: VdabOptions) -> list[tuple[str, str]]:
    """Return the windows from the cursor until now; none when everything must be read again."""
    last = _moment(cursor)
    if last is None or not timedelta() <= now - last:
        return []
    overlap = timedelta(seconds=options.overlap_seconds)
    if now - last + overlap > timedelta(days=options.gap_days):
        return []
    steps = TimeWindows(last, now, timedelta(days=options.window_days), overlap)
    return [(stamp(start), stamp(end)) for start, end in steps]


def _moment(cursor: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(cursor) if cursor else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
