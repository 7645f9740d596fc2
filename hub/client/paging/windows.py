"""A stretch of time in windows, for partners that answer only so long a stretch at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class TimeWindows:
    """Windows that follow each other without a hole; each starts at the moment the one before it ends.

    Iterating yields pairs (start, end), datetimes with a zone; nothing where `since` is not before `until`.

    Args:
        since: where the last run ended, with its time zone.
        until: where this run ends, with its time zone.
        step: the longest window the partner allows.
        overlap: how far the first window reaches back before `since`, since two clocks never quite agree and a partner
            lists some changes late; what comes twice must then do no harm.
    """

    since: datetime
    until: datetime
    step: timedelta
    overlap: timedelta = timedelta()

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.until.tzinfo is None:
            raise ValueError("TimeWindows needs moments with a time zone, or a window may be hours off")
        if self.step <= timedelta() or self.overlap < timedelta():
            raise ValueError("TimeWindows needs a step above zero and an overlap of zero or more")

    def __iter__(self) -> Iterator[tuple[datetime, datetime]]:
        """Yield each window as its start and its end."""
        start = self.since - self.overlap
        while start < self.until:
            yield start, min(start + self.step, self.until)
            start += self.step
