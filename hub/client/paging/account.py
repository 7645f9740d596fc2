"""The account of one reading: what came, and where the partner's answers contradict each other."""

from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Any

import orjson

from hub.client.paging.page import Page, Turn

KNOWN_CAPS = frozenset({1000, 2000, 2500, 3000, 3150, 5000, 10_000, 20_000, 25_000, 50_000, 65_536, 100_000})
"""Numbers of items at which search engines and partners cut a list off without a word."""

COUNTED_TO = frozenset({10_000})
"""Totals beyond which search engines do not count, so that a list that states and has so many may be longer."""

TRY_AGAIN = "the next run tries again, best when the list is quiet."
_LENIENT = orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS


class Account:
    """Counts pages and items as they come."""

    def __init__(
        self, identify: Callable[[Any], str | None], *, drift: int, changes: bool, caps: frozenset[int]
    ) -> None:
        self._identify = identify
        self._drift = drift
        self._changes = changes
        self._caps = caps
        self._digests: dict[bytes, int] = {}
        self._turns: set[tuple[str | None, tuple[tuple[str, str], ...]]] = set()
        self._last = 0
        self._largest = 0
        self.ids: set[str] = set()
        self.totals: set[int] = set()
        self.read = 0
        self.pages = 0
        self.nameless = 0
        self.repeated = 0
        self.stopped: str | None = None

    def add(self, page: Page) -> Iterator[Any]:
        """Count a page, and return those of its items that are to be yielded."""
        self.pages += 1
        self.read += len(page.items)
        self._last, self._largest = len(page.items), max(self._largest, len(page.items))
        if page.total is not None and (page.total or page.items or self.pages == 1):
            self.totals.add(page.total)  # beyond the end, many partners count none at all
        named = [self._identify(item) for item in page.items]
        self._judge_repeated(page, named)
        return iter([item for item, name in zip(page.items, named, strict=True) if self._count(name)])

    def stop(self, fault: str) -> None:
        """Note why reading on is useless or unsafe; the first reason counts."""
        self.stopped = self.stopped or fault

    def note_turn(self, turn: Turn, following: Turn) -> None:
        """Stop where what is to be asked for next was asked for before."""
        self._turns.add(turn.question)
        if following.question in self._turns:
            self.stop(
                f"page {turn.number + 1} names a next page that was read before, so the pages go round in a circle and "
                "others may be missing; ask the partner."
            )

    def last_is_full(self, size: int | None) -> bool:
        """Whether the last page has as many items as fit on one, as far as is known."""
        full = size or (self._largest if self.pages > 1 else 0)
        return 0 < full <= self._last

    def more_may_follow(self, size: int | None) -> bool:
        """Whether the last page is as full as any, or a first one of a round number, as where fewer fit than asked."""
        return self.last_is_full(size) or (self._last == self._largest and (self.pages > 1 or self._last % 5 == 0))

    # Faults ---------------------------------------------------------------------------------------------------

    def fault(self) -> str | None:
        """Return where the answers contradict each other, None where they agree."""
        return self._moved() or self._repeated() or self._disagreement()

    @property
    def came(self) -> int:
        """How many items the total is held against: in a list of changes every word, otherwise every item once."""
        return self.read if self._changes else len(self.ids) + self.nameless

    def shortfall(self) -> str | None:
        """Return why some items surely did not come, None where as many came as the highest total."""
        stated = max(self.totals, default=0)
        if self.came >= stated - self._drift:
            return None
        return f"{counted(self.read)} came, but the partner states a total of {stated:,}; {TRY_AGAIN}"

    def round_stop(self, *, full: bool) -> str | None:
        """Return why the number of items at which the list ends is suspicious; None where no cap is declared."""
        if not self._caps:
            return None
        if self.read in (self._caps & COUNTED_TO if self.totals else self._caps):
            return (
                f"the list ends after exactly {counted(self.read)}, as lists do that are cut off; ask the partner, "
                "or ask for it in smaller parts."
            )
        if full and not self.totals:
            return (
                f"the list ends with a full page of {counted(self._last)} and states no total, so the next page may "
                f"have been lost; {TRY_AGAIN}"
            )
        return None

    def _moved(self) -> str | None:
        lowest, highest = min(self.totals, default=0), max(self.totals, default=0)
        if highest - lowest <= self._drift:
            return None
        return f"the total moved from {lowest:,} to {highest:,} while the list was read; {TRY_AGAIN}"

    def _repeated(self) -> str | None:
        if not self.repeated or self._changes:
            return None
        return (
            f"{counted(self.repeated)} came twice, so the list moved while it was read and others may be missing; "
            f"{TRY_AGAIN}"
        )

    def _disagreement(self) -> str | None:
        lowest, highest = min(self.totals, default=self.came), max(self.totals, default=self.came)
        if lowest - self._drift <= self.came <= highest + self._drift:
            return None
        return f"{counted(self.came)} came, but the partner states a total of {highest:,}; {TRY_AGAIN}"

    # Repetitions ----------------------------------------------------------------------------------------------

    def _count(self, name: str | None) -> bool:
        """Count an item; say whether it is to be yielded."""
        if name is None:
            self.nameless += 1
        elif name in self.ids:
            self.repeated += 1
            return self._changes
        else:
            self.ids.add(name)
        return True

    def _judge_repeated(self, page: Page, named: list[str | None]) -> None:
        if not page.items:
            return
        known = not self._changes and all(name is not None and name in self.ids for name in named)
        digest = _digest(page)
        first = self._digests.setdefault(digest, self.pages)
        if known or first != self.pages:
            told = f"page {first} again" if first != self.pages else "earlier pages"
            self.stop(
                f"page {self.pages} repeats {told}, so the partner does not page as expected and others may be "
                "missing; check the paging, or ask the partner."
            )


def counted(items: int) -> str:
    """Return a number of items for a sentence."""
    return f"{items:,} item" if items == 1 else f"{items:,} items"


def _digest(page: Page) -> bytes:
    return blake2b(orjson.dumps(list(page.items), default=str, option=_LENIENT), digest_size=16).digest()
