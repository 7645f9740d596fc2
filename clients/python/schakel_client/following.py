"""Following a feed: each page handed over once it is whole, and its position saved once it is dealt with."""

import logging
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import Self

from schakel_client.bell import Bell
from schakel_client.changes import Batch, Change, Sweep, changes_of
from schakel_client.errors import Malformed, Refused, Unavailable
from schakel_client.fetching import Connection
from schakel_client.page import Page, beginning, cursor, feed_of, read
from schakel_client.patience import Patience
from schakel_client.state import Position, State

_LOG = logging.getLogger("schakel_client")
_KNOWN_MILLISECONDS = 6 * 24 * 3600 * 1000
"""For how long after its beginning a reading can rely on the tombstones made since: RPDE keeps them for seven days."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """A page that was read, None where it is the one read before; its tag, and where the hub says to begin anew."""

    page: Page | None
    etag: str | None
    restart: str | None


@dataclass(frozen=True, slots=True)
class Wish:
    """How to follow: the arguments of `follow`, and how to sleep."""

    url: str
    key: str | None = None
    wait: float | None = None
    events: bool = False
    patience: Patience = field(default_factory=Patience)
    sleep: Callable[[float], None] = time.sleep


class Following(Iterator[Batch]):
    """The batches of changes of a feed, one page each; close it, or use it in a ``with`` block, to let go at once."""

    def __init__(self, wish: Wish, state: State) -> None:
        """Prepare; nothing is read or asked yet."""
        # The walk does not know of this object: who drops it, as by `break`, ends the walk at once.
        self._batches = _Walk(wish, state).batches()

    def __next__(self) -> Batch:
        return next(self._batches)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop; a batch that is not saved yet is undone where the state can, and comes again next time."""
        self._batches.close()


class _Walk:
    """One walk along a feed."""

    def __init__(self, wish: Wish, state: State) -> None:
        self._wish = wish
        self._feed = feed_of(wish.url)
        self._state = state
        self._saved: Position | None = None

    def batches(self) -> Generator[Batch, None, None]:
        """Yield what there is, and let go of everything at the end."""
        connection = Connection(self._wish.key, self._wish.patience)
        bell = Bell(connection.http, self._feed, self._wish.sleep)
        bell.deaf = not self._wish.events
        try:
            self._saved = self._state.load(self._feed)
            yield from self._read_on(connection, bell)
        finally:
            self._state.release()
            bell.close()
            connection.close()

    def _read_on(self, connection: Connection, bell: Bell) -> Iterator[Batch]:
        place, etag = self._saved or _first(self._wish.url), None
        while True:
            turn = self._page(connection, place, etag)
            if turn.restart and _is_lost(place):
                _LOG.warning("%s no longer knows what has gone since %s; reading everything anew", *_from(place))
                place, etag = _anew(self._feed, turn.restart, place), None
                continue
            if turn.page:
                yield from self._hand_over(turn.page, place)
                place = _after(turn.page, place)
            etag = None
            if turn.page is None or turn.page.last:
                if self._wish.wait is None:
                    return
                bell.wait(self._wish.wait, cursor(place.next) or 0)
                etag = turn.etag

    def _hand_over(self, page: Page, place: Position) -> Iterator[Batch]:
        changes: list[Change] = changes_of(page.items, place.reading)
        if page.last and place.sweeping:
            changes.append(Sweep(place.reading))
        onward = _after(page, place)
        if not changes and onward == self._saved:
            return
        self._state.begin(self._feed, self._saved)
        batch = Batch(page.items, changes, lambda: self._save(onward))
        try:
            if changes:
                yield batch
            batch.save()
        finally:
            if not batch.saved:
                batch.over = True
                self._state.discard()

    def _save(self, position: Position) -> None:
        self._state.save(self._feed, position)
        self._saved = position

    def _page(self, connection: Connection, place: Position, etag: str | None) -> _Turn:
        """Return the page at a place; tries as often as is worth it."""
        failures = 0
        while True:
            try:
                found = connection.get(place.next, etag=etag, fresh=place.sweeping)
                page = None if found.unchanged else read(found.body, url=place.next)
                return _Turn(page, found.etag, found.restart)
            except (Unavailable, Malformed) as error:
                failures += 1
                self._rest(error, failures)

    def _rest(self, error: Unavailable | Malformed, failures: int) -> None:
        """Wait before the next try; raise the error when there is to be none."""
        asked = error.after if isinstance(error, Unavailable) else None
        polls = self._wish.wait is not None and isinstance(error, Unavailable)
        if not polls and (failures >= self._wish.patience.tries or (asked or 0) > self._wish.patience.longest):
            raise error
        seconds = self._wish.patience.pause(failures, asked)
        _LOG.warning("%s; trying again in %.0f s", error, seconds)
        self._wish.sleep(seconds)


def follow(
    url: str,
    state: State,
    *,
    key: str | None = None,
    wait: float | None = None,
    events: bool = False,
    patience: Patience | None = None,
) -> Following:
    """Yield what changed since the position in the state, page by page, in order.

    A batch is saved, so that it never comes again, when the loop asks for the next one, or by its `save`. Leave the
    loop earlier, or be stopped anywhere, and following again begins with that batch.

    Args:
        url: address of a feed, such as ``https://hub.example.org/feeds/all``. Where the state has no position yet,
            reading begins at the beginning, or behind the ``afterChangeNumber`` of the address if it has one.
        state: what keeps the position: `SqliteState`, `FileState`, or one of your own.
        key: for a view that is not public.
        wait: seconds between polls at the end of the feed; None ends the loop there.
        events: whether to ask the hub to be told at once instead of waiting for the next poll.
        patience: how long to wait for the hub, and how often to try.

    Raises:
        Unavailable: the hub gave no answer, however often it was asked. Never while polling.
        Malformed: what it answers, however often it is asked, is no page of a feed.
        Refused: it does not give this feed.
        StateError: the position cannot be read or saved safely.
    """
    return Following(Wish(url, key, wait, events, patience or Patience()), state)


def _first(url: str) -> Position:
    """Return where to begin without a position: nothing can be swept where the beginning is left out."""
    return Position(url, _now(), sweeping=cursor(url) is None)


def _anew(feed: str, restart: str, place: Position) -> Position:
    """Return where to begin when the hub says to begin anew."""
    if feed_of(restart) != feed:
        raise Refused(f"{place.next} says to begin anew at {restart[:200]}, which is another feed")
    return Position(beginning(place.next), max(_now(), place.reading + 1), sweeping=True)


def _after(page: Page, place: Position) -> Position:
    return replace(place, next=page.next, sweeping=place.sweeping and not page.last)


def _is_lost(place: Position) -> bool:
    """Say whether what has gone since this reading came by may be unknown to the hub by now.

    A reading from the beginning needs no tombstones of what went before it began, only of what went since.
    """
    return not place.sweeping or _now() - place.reading > _KNOWN_MILLISECONDS


def _from(place: Position) -> tuple[str, str]:
    return feed_of(place.next), f"change number {cursor(place.next) or 0}"


def _now() -> int:
    return time.time_ns() // 1_000_000
