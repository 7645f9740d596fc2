"""A partner whose paged list does whatever a machine tells it to, read by the real reading of pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from told import Told

from hub.adapter import Complete, Fetched, Incomplete, Job, RawRecord, Withdrawal
from hub.client.paging import Page, PageNumber, Reading, Turn
from hub.errors import SourceUnavailable

SIZE = 4
FAULTS = ("short page", "cut off", "repeated page", "looping", "error midway")
"""Ways of answering after which nobody can know what the list holds."""


@dataclass(slots=True)
class Partner:
    """What a partner has, and how it answers next.

    Args:
        offers: the title of each offer, by id.
        gone: ids that it reports as withdrawn in the next answer.
        fault: how the next answer goes wrong; empty where it does not.
    """

    offers: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    fault: str = ""
    backwards: bool = False

    def answer(self, turn: Turn) -> Page:
        """Return the page for a turn."""
        listed: list[tuple[str, str | None]] = [*self.offers.items(), *((name, None) for name in sorted(self.gone))]
        ordered = listed[::-1] if self.backwards else listed
        place = turn.number
        if place and self.fault == "error midway":
            raise SourceUnavailable("the partner fails in the middle of its list")
        if place and self.fault in {"repeated page", "looping"}:
            place = 0 if self.fault == "looping" else place - 1
        page = ordered[place * SIZE : (place + 1) * SIZE]
        if self.fault == "short page":
            page = page[: len(page) // 2]
        if place and self.fault == "cut off":
            page = []
        return Page(page, len(ordered))

    @property
    def damaged(self) -> bool:
        """Whether the next answer shows less than the partner has, or another thing."""
        listed = len(self.offers) + len(self.gone)
        return self.fault == "short page" and listed > 0 if listed <= SIZE else self.fault in FAULTS


class Churning(Told):
    """Lists what the partner has, through the real reading of pages."""

    name: ClassVar[str] = "churning"
    believes: ClassVar[bool] = False
    """Whether it takes every end for the end, as a careless adapter does."""

    def __init__(self, partner: Partner) -> None:
        super().__init__()
        self._partner = partner

    def fetch(self, job: Job) -> Iterator[Fetched]:
        """Yield the offers, and what the reading of the pages says of its end."""
        reading = Reading(PageNumber(SIZE), self._ask, _name, where="GET partner.example/jobs", states_total=True)
        for name, title in reading:
            yield Withdrawal(name) if title is None else RawRecord(name, {"title": title})
        end = reading.end()
        yield Complete("it says so") if self.believes and isinstance(end, Incomplete) else end

    def _ask(self, turn: Turn) -> Page:
        try:
            return self._partner.answer(turn)
        except SourceUnavailable:
            if self.believes:
                return Page([], None)
            raise


class Believing(Churning):
    """Takes every end for the end: what the hub must never do."""

    believes: ClassVar[bool] = True


def _name(item: Sequence[Any]) -> str:
    return str(item[0])
