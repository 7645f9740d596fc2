"""Where a run continues: windows of changes since the last one, or a snapshot of everything again.

The cursor is two moments: up to when everything is known, and when the last snapshot was read. A window never tells
that an ad expired, nor an ad whose publication was put off until after its last change; so a snapshot is read again
regularly, and what it lacks is gone.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hub import TimeWindows
from hub_jobstream.options import JobstreamOptions

SWEDEN = ZoneInfo("Europe/Stockholm")
"""The time zone of every time that JobTech writes without one."""
_HOUR = timedelta(hours=1)

Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Position:
    """How far the stream was read.

    Args:
        until: up to this moment every change is known.
        snapshot: when the last snapshot was asked for.
    """

    until: datetime
    snapshot: datetime

    def cursor(self) -> str:
        """Return the position as the text that the hub keeps."""
        return json.dumps({"until": _stamp(self.until), "snapshot": _stamp(self.snapshot)})

    def windows(self, now: datetime, options: JobstreamOptions) -> list[Window]:
        """Return the windows from here until now; none when a snapshot is due."""
        if self._stale(now, options):
            return []
        # The hour that clocks repeat in autumn is written twice the same; the earlier one is meant by asking more.
        back = timedelta(seconds=options.overlap_seconds) + (_HOUR if is_ambiguous(self.until) else timedelta())
        return list(TimeWindows(self.until, now, timedelta(hours=options.window_hours), back))

    def _stale(self, now: datetime, options: JobstreamOptions) -> bool:
        """Say whether windows are not enough: too long a gap, too old a snapshot, a clock that went back."""
        another_day = now.astimezone(SWEDEN).date() != self.snapshot.astimezone(SWEDEN).date()
        return (
            not self.snapshot <= now
            or now < self.until
            or now - self.until > timedelta(hours=options.gap_hours)
            or now - self.snapshot >= timedelta(hours=options.reconcile_hours)
            or (another_day and options.reconcile_each_day)
        )


def read_cursor(cursor: str | None) -> Position | None:
    """Return the position of a cursor; None where there is none, or none that can be read."""
    try:
        held = json.loads(cursor or "")
        position = Position(datetime.fromisoformat(held["until"]), datetime.fromisoformat(held["snapshot"]))
    except (ValueError, TypeError, KeyError):
        return None
    return position if position.until.tzinfo and position.snapshot.tzinfo else None


def local(moment: datetime) -> str:
    """Return a moment as JobTech writes it: Swedish time, without offset."""
    return moment.astimezone(SWEDEN).replace(tzinfo=None).isoformat(timespec="seconds")


def is_ambiguous(moment: datetime) -> bool:
    """Say whether the Swedish clock shows this time twice, as in the night in which summer time ends."""
    there = moment.astimezone(SWEDEN)
    return there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
