"""What fetch yields: records, withdrawals, and how it ended."""

from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from hub.model.issue import Issue


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One item exactly as the partner sent it: the partner's id, and the item as JSON."""

    local_id: str
    payload: JsonValue


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The partner says that this item is no longer offered."""

    local_id: str
    payload: JsonValue = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The partner says that this item is another of its own items, told twice; only the other is published."""

    local_id: str
    of: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An item that cannot even be read. It counts as seen where its id is known, so nothing is withdrawn for it."""

    issue: Issue
    payload: JsonValue
    local_id: str | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    """The end of a fetch that saw everything, with the proof.

    Args:
        proof: one sentence, such as ``3,204 records read, the total the partner states``.
        covers: ``everything`` the partner lists, so what is absent is gone; or only the ``changes`` since the cursor.
        cursor: where the next run continues; kept only when this run is applied.
        listed: how many items the partner says there are, where it says so.
    """

    proof: str
    covers: Literal["everything", "changes"] = "everything"
    cursor: str | None = None
    listed: int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.proof, str) or not self.proof:
            raise TypeError("Complete needs its proof, one sentence")
        if self.covers not in {"everything", "changes"}:
            raise ValueError(f"Complete covers everything or changes, not {self.covers!r}")
        if not isinstance(self.cursor, str | None):
            raise TypeError("the cursor of Complete is text")


@dataclass(frozen=True, slots=True)
class Incomplete:
    """The end of a fetch that may have missed something: what was read is applied, nothing is inferred to be gone.

    Args:
        reason: one sentence: what happened, and what to do about it.
        listed: how many items the partner says there are, where it says so.
    """

    reason: str
    listed: int | None = None


Fetched = RawRecord | Withdrawal | Duplicate | Refused | Complete | Incomplete
