"""One reading of a whole list, page after page, and whether it is proof of having seen everything."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

from hub.adapter import Complete, Incomplete
from hub.client.paging.account import KNOWN_CAPS, Account, counted
from hub.client.paging.page import Page, Turn
from hub.client.paging.styles import Paging
from hub.errors import UnexpectedAnswer


class Reading:
    """Reads a list once: iterate it for its items, then ask `end` (or `fault` and `proof`) what it is worth.

    Each item comes once: one whose id came before is left out and counted. The reading goes on to the end the paging
    knows: an empty page, the stated total where `states_total`, or a page that names no next one (an empty page that
    names itself ends it too). It stops earlier where going on is useless or unsafe: a page that came before, a next
    link that loops or leads away, too many pages.

    SourceError that `ask` raises, as for an HTML page where data was due, passes through and fails the run: nothing of
    it is applied, since a partner that breaks down in the middle may have told half of what it knows before.

    Args:
        paging: how the list is paged.
        ask: asks the partner for a turn and reads its answer.
        identify: returns the partner's id of an item; None where it has none.
        where: names the list in sentences, such as ``GET api.example.be/jobs``; never with a query.
        drift: by how many items the total may move, and may differ from what came, in a list that never rests.
        max_pages: the most pages that are asked for.
        states_total: whether the partner states a total that can be relied on: the reading ends when it is reached, and
            a list that states none is no proof. After a page as full as any, the next one is asked for all the same,
            as the total may be old, or that of the page; a partner that refuses that page with a 4xx status confirms
            the end. Where it is not set, a total that comes all the same must agree.
        changes: whether this is a list of changes, in which an id may come again with a later word; such items are
            yielded too and are no fault, and the total counts them.
        caps: numbers of items at which partners cut lists off; a list that ends with one, and states no total that
            agrees, is no proof (nor is one of exactly 10,000, to which search engines count, with a total). Neither is
            one whose last page is full, where a cursor or link is the only sign of the end. An empty set lets such
            ends pass, for a partner whose lists are known to be that long.
        progress: is told after each page how many items came, of how many where known; `Job.progress` fits.
    """

    def __init__(  # noqa: PLR0913 - what a partner may do differently
        self,
        paging: Paging,
        ask: Callable[[Turn], Page],
        identify: Callable[[Any], str | None],
        *,
        where: str,
        drift: int = 0,
        max_pages: int = 10_000,
        states_total: bool = False,
        changes: bool = False,
        caps: frozenset[int] = KNOWN_CAPS,
        progress: Callable[[int, int | None], None] | None = None,
    ) -> None:
        self._paging = paging
        self._ask = ask
        self._where = where
        self._max_pages = max_pages
        self._states_total = states_total
        self._progress = progress
        self._account = Account(identify, drift=drift, changes=changes, caps=caps)
        self._size = paging.size
        self._ended: str | None = None
        self._checking = False
        self.following: str | None = None
        """The cursor or address that the last page named, from which some partners let the next run go on."""

    def __iter__(self) -> Iterator[Any]:
        """Yield the items, each once; SourceError of `ask` passes through."""
        turn: Turn | None = self._paging.start()
        while turn is not None and (page := self._answered(turn)):
            self.following = page.following or self.following
            yield from self._account.add(page)
            if self._progress:
                self._progress(self.read, page.total)
            turn = self._next(turn, page)

    # What came ------------------------------------------------------------------------------------------------

    @property
    def read(self) -> int:
        """How many items came, repeated ones too."""
        return self._account.read

    @property
    def pages(self) -> int:
        """How many pages came."""
        return self._account.pages

    @property
    def ids(self) -> set[str]:
        """The ids that came."""
        return self._account.ids

    @property
    def nameless(self) -> int:
        """How many items have no id."""
        return self._account.nameless

    @property
    def repeated(self) -> int:
        """How many items had an id that came before."""
        return self._account.repeated

    @property
    def total(self) -> int | None:
        """The highest total that the partner stated, None where it stated none."""
        return max(self._account.totals, default=None)

    # What it is worth -----------------------------------------------------------------------------------------

    @property
    def stopped(self) -> str | None:
        """Why the reading stopped before the end of the list, one sentence; None where it did not."""
        return self._named(self._account.stopped)

    @property
    def shortfall(self) -> str | None:
        """Why some items surely were not seen, one sentence: it stopped early, or fewer came than the total."""
        return self._named(self._account.stopped or self._account.shortfall())

    @property
    def fault(self) -> str | None:
        """Why this reading is no proof of having seen everything, one sentence; None where it is one."""
        return self._named(self._fault())

    @property
    def proof(self) -> str | None:
        """What shows that everything came, such as ``the total the partner states``; None where there is a fault."""
        if self._fault() or self._ended is None:
            return None
        agrees = "the total the partner states" if self._account.totals else ""
        return " and ".join(dict.fromkeys(filter(None, (agrees, self._ended))))

    def end(
        self, cursor: str | None = None, covers: Literal["everything", "changes"] = "everything"
    ) -> Complete | Incomplete:
        """Return how the fetch ends: Complete with the proof, or Incomplete with the reason."""
        if self.proof is None:
            return Incomplete(self.fault or "", listed=self.total)
        said = f"{self._where}: {counted(self.read)} read, {self.proof}."
        return Complete(said, covers=covers, cursor=cursor, listed=self.total)

    def _fault(self) -> str | None:
        account = self._account
        if account.stopped or self._ended is None:
            return account.stopped or "the list was not read to its end; read all items before ending the run."
        return account.fault() or self._unstated() or account.round_stop(full=self._ends_full())

    def _unstated(self) -> str | None:
        if not self._states_total or self._account.totals:
            return None
        return "the answers state no total, so it cannot be known whether all came; correct where the total is read."

    def _ends_full(self) -> bool:
        """Whether the partner calls a page the last though it is as full as a page can be, without a total to agree."""
        return self._paging.ends_by_saying and self._account.last_is_full(self._size)

    def _named(self, fault: str | None) -> str | None:
        return f"{self._where}: {fault}" if fault else None

    def _answered(self, turn: Turn) -> Page | None:
        """Return the page; None where it was asked for only to make sure of the end, and the partner refuses it."""
        try:
            return self._ask(turn)
        except UnexpectedAnswer as error:
            if not self._checking or error.status is None:
                raise
        self._ended = "the total the partner states"
        return None

    # Going on -------------------------------------------------------------------------------------------------

    def _next(self, turn: Turn, page: Page) -> Turn | None:
        if self._account.stopped:
            return None
        self._ended = self._end_of(turn, page)
        return None if self._ended else self._follow(turn, page)

    def _end_of(self, turn: Turn, page: Page) -> str | None:
        """Return what shows that this page is the last; None where another follows."""
        if self._paging.ends_by_saying:
            if not page.following:
                return "the partner says that no page follows"
            resting = not page.items and self._paging.follow(turn, page).asks_as(turn)
            return "an empty page that leads back to itself" if resting else None
        if not page.items:
            return "an empty page at the end"
        return "the total the partner states" if self._reached(page) else None

    def _reached(self, page: Page) -> bool:
        """Whether the stated total came; after a page as full as any, one more is asked for to make sure."""
        if not self._states_total or page.total is None or self.read < page.total:
            return False
        if self._account.pages >= self._max_pages or not self._account.more_may_follow(self._size):
            return True
        self._checking = page.total > 0
        return not self._checking

    def _follow(self, turn: Turn, page: Page) -> Turn | None:
        if refused := self._paging.ends_by_saying and self._paging.refuse(turn, page):
            self._account.stop(f"the next link on page {turn.number + 1} {refused}.")
        elif turn.number + 1 >= self._max_pages:
            self._account.stop(
                f"the list has more than {self._max_pages:,} pages, so the rest was not read; raise max_pages if that "
                "is right."
            )
        else:
            following = self._paging.follow(turn, page)
            self._account.note_turn(turn, following)
            return None if self._account.stopped else following
        return None
