"""What a follower is told: what to store, what to remove, and what to drop after reading everything anew."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schakel_client.errors import StateError


@dataclass(frozen=True, slots=True)
class Upsert:
    """Store this under its id, in place of what was there.

    Args:
        id: of the opportunity; the same for life, never used again for something else.
        kind: ``vacancy`` or ``programme``.
        modified: its change number.
        data: the opportunity as JSON-LD.
        reading: which reading from the beginning it came by in; keep it with the row, for `Sweep`.
    """

    id: str
    kind: str
    modified: int
    data: Mapping[str, Any]
    reading: int


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove what is stored under this id, if anything is.

    Args:
        id: of the opportunity.
        kind: ``vacancy`` or ``programme``.
        modified: its change number.
        reason: why it is gone, if the hub says so.
        merged_into: the id of the opportunity it is part of now, if it is and the hub knows.
    """

    id: str
    kind: str
    modified: int
    reason: str | None = None
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class Sweep:
    """Everything has come by: remove what you hold of this feed with a lower ``reading`` than this.

    Comes once at the end of every reading from the beginning: the first one, where there is nothing to remove yet, one
    with a state that was lost, and one that the hub asked for because it no longer knows what has gone since.
    """

    reading: int


Change = Upsert | Delete | Sweep


class Batch:
    """The changes of one page; saved, so that they never come again, when the loop asks for the next batch."""

    def __init__(self, items: Sequence[Mapping[str, Any]], changes: Sequence[Change], save: Callable[[], None]) -> None:
        """Take what one page says; ``items`` are its items as they came."""
        self.items = items
        self.saved = False
        self.over = False
        """Whether the loop was left before it was saved."""
        self._changes = changes
        self._save = save

    def __iter__(self) -> Iterator[Change]:
        return iter(self._changes)

    def __len__(self) -> int:
        return len(self._changes)

    def save(self) -> None:
        """Say that these changes are dealt with: only needed before leaving the loop with ``break``."""
        if self.over:
            raise StateError("the loop was left before this batch was saved; follow again, and it comes again")
        if not self.saved:
            self._save()
            self.saved = True


def changes_of(items: Sequence[Mapping[str, Any]], reading: int) -> list[Change]:
    """Return what the items of a page, as JSON, say."""
    return [_upsert(item, reading) if item["state"] == "updated" else _delete(item) for item in items]


def _upsert(item: Mapping[str, Any], reading: int) -> Upsert:
    return Upsert(item["id"], item["kind"], item["modified"], item["data"], reading)


def _delete(item: Mapping[str, Any]) -> Delete:
    return Delete(item["id"], item["kind"], item["modified"], item.get("reason"), item.get("mergedInto"))
