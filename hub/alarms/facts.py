"""What is known of a source when it is judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run that ended.

    Args:
        outcome: ``complete``, ``incomplete``, ``held``, ``failed`` or ``interrupted``.
        covers: ``everything`` or ``changes`` of a complete run, else None.
        fetched: records that came.
        changed: records that changed something.
        refused: records refused.
        reasons: codes of refusals, with their counts.
        unknown_fields: paths of fields nobody knows, with their counts.
        read: how many values were looked up in tables.
        unknown_values: values that no table knows, with their counts.
        reason: why it was not complete.
    """

    outcome: str
    covers: str | None = None
    fetched: int = 0
    changed: int = 0
    refused: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    unknown_fields: Mapping[str, int] = field(default_factory=dict)
    read: int = 0
    unknown_values: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None

    @property
    def unknown(self) -> int:
        """How many values were unknown."""
        return sum(self.unknown_values.values())


@dataclass(frozen=True, slots=True)
class Mass:
    """So many of so many that nobody believes it, and where that is about age, how many days are usual."""

    count: int
    of: int
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """A source and its last runs.

    Args:
        source: its id.
        now: the moment it is judged.
        last_good: when its last complete run started; None when there was none.
        norm: how long the next good run may take to come; None where it runs by hand.
        runs: those that ended, the newest first.
        waiting: why a plan waits for a person; None where none does.
        dead_links: links that are gone, where these are too many to doubt anything.
        old: vacancies older than is usual, where these are too many to doubt anything.
    """

    source: str
    now: datetime
    last_good: datetime | None = None
    norm: timedelta | None = None
    runs: Sequence[RunFacts] = ()
    waiting: str | None = None
    dead_links: Mass | None = None
    old: Mass | None = None
