"""The styles of paging that partners have: each says what to ask after the pages that came."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from hub.client.paging.page import Page, Turn

SAME_PLACE = "which is on another host or in another place than {start}, so it is not followed; ask the partner"

UNREADABLE = "//["
"""Stands for an address that cannot be read, as it cannot either."""


class Paging(Protocol):
    """How a list is paged. `follow` is asked after every page; it only looks at what came."""

    @property
    def size(self) -> int | None:
        """How many items a full page has, where that is known."""

    @property
    def ends_by_saying(self) -> bool:
        """Whether the partner says which page is the last; otherwise an empty page does."""

    def start(self) -> Turn:
        """Return the first turn."""

    def follow(self, turn: Turn, page: Page) -> Turn:
        """Return the turn after this one, whose `number` and `read` count on."""

    def refuse(self, turn: Turn, page: Page) -> str | None:
        """Return why what the page says follows must not be asked for, as the rest of a sentence."""


@dataclass(frozen=True, slots=True)
class PageNumber:
    """Pages by their number: ``?page=3&size=100``.

    A first page that is shorter than asked for sets the size of the next ones: some partners answer a size they do not
    accept with one of their own, but count the pages in the size that was asked for.

    Args:
        size: items to ask for per page.
        first: number of the first page.
        page_parameter: name of the parameter with the number.
        size_parameter: name of the parameter with the size; empty where the partner knows none.
    """

    size: int
    first: int = 1
    page_parameter: str = "page"
    size_parameter: str = "size"

    @property
    def ends_by_saying(self) -> bool:
        """An empty page is the end."""
        return False

    def start(self) -> Turn:
        """Return the first turn."""
        return Turn(0, self._params(self.first, self.size))

    def follow(self, turn: Turn, page: Page) -> Turn:
        """Return the turn of the next number."""
        size = turn.params.get(self.size_parameter, str(self.size))
        if turn.number == 0 and self.size_parameter:
            size = str(min(int(size), len(page.items)) or size)
        number = turn.number + 1
        return Turn(number, self._params(self.first + number, int(size)), read=turn.read + len(page.items))

    def refuse(self, turn: Turn, page: Page) -> str | None:  # noqa: ARG002 - the protocol's
        """Return None: nothing the partner says leads on."""
        return None

    def _params(self, number: int, size: int) -> dict[str, str]:
        sized = {self.size_parameter: str(size)} if self.size_parameter else {}
        return {self.page_parameter: str(number), **sized}


@dataclass(frozen=True, slots=True)
class Offset:
    """Pages by how many items to pass over: ``?offset=200&limit=100``. What came is what is passed over next.

    Args:
        size: items to ask for per page.
        offset_parameter: name of the parameter with how many to pass over.
        size_parameter: name of the parameter with the size; empty where the partner knows none.
    """

    size: int
    offset_parameter: str = "offset"
    size_parameter: str = "limit"

    @property
    def ends_by_saying(self) -> bool:
        """An empty page is the end."""
        return False

    def start(self) -> Turn:
        """Return the first turn."""
        return self._turn(0, 0)

    def follow(self, turn: Turn, page: Page) -> Turn:
        """Return the turn behind what came."""
        return self._turn(turn.number + 1, turn.read + len(page.items))

    def refuse(self, turn: Turn, page: Page) -> str | None:  # noqa: ARG002 - the protocol's
        """Return None: nothing the partner says leads on."""
        return None

    def _turn(self, number: int, read: int) -> Turn:
        sized = {self.size_parameter: str(self.size)} if self.size_parameter else {}
        return Turn(number, {self.offset_parameter: str(read), **sized}, read=read)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Pages by a word that the page before gave: ``?cursor=bGFzdA``.

    Args:
        parameter: name of the parameter with the cursor; the first page is asked for without one.
        size: items to ask for per page; without it the partner decides.
        size_parameter: name of the parameter with the size.
        after: the cursor to start from, where an earlier run left one.
    """

    parameter: str = "cursor"
    size: int | None = None
    size_parameter: str = "limit"
    after: str | None = None

    @property
    def ends_by_saying(self) -> bool:
        """The last page gives no cursor."""
        return True

    def start(self) -> Turn:
        """Return the first turn."""
        return self._turn(0, self.after, 0)

    def follow(self, turn: Turn, page: Page) -> Turn:
        """Return the turn of the cursor that came."""
        return self._turn(turn.number + 1, page.following, turn.read + len(page.items))

    def refuse(self, turn: Turn, page: Page) -> str | None:  # noqa: ARG002 - the protocol's
        """Return None: a cursor leads nowhere else."""
        return None

    def _turn(self, number: int, cursor: str | None, read: int) -> Turn:
        sized = {self.size_parameter: str(self.size)} if self.size and self.size_parameter else {}
        return Turn(number, {**({self.parameter: cursor} if cursor else {}), **sized}, read=read)


@dataclass(frozen=True, slots=True)
class NextLink:
    """Pages by the address that the page before gave, in its body or in a Link header (see `link_header`).

    Every turn has its `url`, the first one `start_url`. A link counts only within the scheme, host, port and folder of
    `start_url`; relative ones start from the page that names them.

    Args:
        start_url: address of the first page, its query included.
        size: how many items a full page has, where that is known; it makes a suspicious end noticeable.
    """

    start_url: str
    size: int | None = None

    @property
    def ends_by_saying(self) -> bool:
        """The last page gives no link."""
        return True

    def start(self) -> Turn:
        """Return the first turn."""
        return Turn(0, url=self.start_url)

    def follow(self, turn: Turn, page: Page) -> Turn:
        """Return the turn of the link that came."""
        return Turn(turn.number + 1, url=self._target(turn, page), read=turn.read + len(page.items))

    def refuse(self, turn: Turn, page: Page) -> str | None:
        """Return why the link is not followed, None when it is a link within the list's own place."""
        try:
            target, start = urlsplit(self._target(turn, page)), urlsplit(self.start_url)
            same = _origin(self._target(turn, page)) == _origin(self.start_url) and target.username is None
        except ValueError:
            return "which cannot be read as an address; ask the partner"
        if same and target.path.startswith(start.path.rpartition("/")[0] + "/"):
            return None
        leads = f"leads to {target.scheme}://{target.hostname or ''}{target.path}"
        return f"{leads}, {SAME_PLACE.format(start=f'{start.scheme}://{start.hostname}{start.path}')}"

    def _target(self, turn: Turn, page: Page) -> str:
        base = turn.url or self.start_url
        try:
            return urljoin(base, page.following or "").partition("#")[0]
        except ValueError:
            return UNREADABLE


_PORTS = {"http": 80, "https": 443}


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
