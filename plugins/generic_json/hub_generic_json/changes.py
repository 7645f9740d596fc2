"""What a reading covers: everything the partner lists, or only the changes since the last one."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from hub import Field, Options

BRUSSELS = ZoneInfo("Europe/Brussels")
_DAY = timedelta(days=1)
_PARTS = {"seconds": 1, "milliseconds": 1000}
Days = Annotated[int, Field(ge=1, le=3650)]


class _Changes(Options):
    """What every list of changes has."""

    keep_days: Days = 7
    """How many days the partner tells what is gone; after so long without a run everything is read again."""
    whole_every_days: Days | None = None
    """Read everything again after so many days, so that what the changes missed is noticed."""


class FollowedChanges(_Changes):
    """The list itself is ordered by change: the next run goes on where this one ended (RPDE, and the like)."""

    by: Literal["next"]
    """The next run goes on from the last page's address or cursor."""


class ChangesSince(_Changes):
    """The partner lists what changed since a moment."""

    by: Literal["moment"]
    """The partner lists what changed since a moment."""
    parameter: str
    """The parameter that carries the moment; in a body, names with dots between them."""
    format: Literal["iso", "utc", "day", "seconds", "milliseconds"] = "iso"
    """How it is written: with the offset of Brussels, in UTC with Z, as a day, or since 1970."""
    overlap_minutes: Annotated[int, Field(ge=0, le=10_080)] = 5
    """How far a reading reaches back before the last one, for changes that the partner lists late."""

    def written(self, moment: datetime) -> str:
        """Return the moment from which a reading starts, as the partner wants it."""
        since = moment - timedelta(minutes=self.overlap_minutes)
        if self.format in _PARTS:
            return str(int(since.timestamp() * _PARTS[self.format]))
        if self.format == "utc":
            return since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        local = since.astimezone(BRUSSELS)
        return local.date().isoformat() if self.format == "day" else local.isoformat(timespec="seconds")


Changes = Annotated[FollowedChanges | ChangesSince, Field(discriminator="by")]


@dataclass(frozen=True, slots=True)
class Position:
    """What one run leaves to the next.

    Args:
        of: the address it was read from; another one starts anew.
        at: when the run started.
        whole: when everything was last read.
        next: the address or cursor to go on from.
    """

    of: str
    at: datetime
    whole: datetime
    next: str | None = None

    def as_text(self) -> str:
        """Return it as the text that a run keeps."""
        return json.dumps({name: _text(value) for name, value in asdict(self).items()}, separators=(",", ":"))


def _text(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def position(text: str | None, changes: Changes | None, *, of: str, now: datetime) -> Position | None:
    """Return where to go on; None when everything must be read."""
    if text is None or changes is None or (found := _read(text)) is None or found.of != of:
        return None
    too_old = now - found.at >= changes.keep_days * _DAY
    due = changes.whole_every_days is not None and now - found.whole >= changes.whole_every_days * _DAY
    lost = isinstance(changes, FollowedChanges) and not found.next
    return None if too_old or due or lost else found


def _read(text: str) -> Position | None:
    """Return the position that a text holds, None for a text of another adapter."""
    try:
        said: Mapping[str, Any] = json.loads(text)
        moments = (datetime.fromisoformat(said["at"]), datetime.fromisoformat(said["whole"]))
        return Position(said["of"], *moments, next=said["next"])
    except (ValueError, KeyError, TypeError):
        return None
