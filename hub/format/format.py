"""A format: a way to write a view."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar

from hub.format.edition import Edition
from hub.format.entry import Entry
from hub.model.vocabulary import Kind

MANIFEST = "snapshot.json"
"""The name of what lists the files of a view, below its address; no format may have it."""


class Format(ABC):
    """A way to write a view; every format says the same truth, as far as it can.

    A subclass names itself and implements `write`. It must be pure: the same entries and edition give the same bytes,
    and it neither reads the network nor the clock.
    """

    name: ClassVar[str]
    """Short name, such as ``atom``: letters, digits and ``-``."""
    file: ClassVar[str]
    """Name of its file below the address of a view, such as ``jobs.xml``."""
    media_type: ClassVar[str]
    """Media type, such as ``application/atom+xml``."""
    title: ClassVar[str]
    """What it is, in a few English words, such as ``Complete job list for job boards (XML)``."""
    kinds: ClassVar[frozenset[Kind]] = frozenset(Kind)
    """The kinds it can say; others are left out."""
    latest: ClassVar[int | None] = None
    """How many items it holds, those that changed last; None when it is complete, and then kept as a file."""
    in_languages: ClassVar[bool] = False
    """Whether it is written in one language, which the reader chooses."""
    tombstones: ClassVar[bool] = False
    """Whether it can say that something is gone."""

    def holds(self, entry: Entry) -> bool:  # noqa: ARG002
        """Tell whether it can say this item, which is of one of its kinds; what it cannot say is not given to it."""
        return True

    @abstractmethod
    def write(self, entries: Iterable[Entry], edition: Edition) -> Iterator[bytes]:
        """Yield the bytes of the whole, in pieces of any size; entries come once and need not fit into memory."""
