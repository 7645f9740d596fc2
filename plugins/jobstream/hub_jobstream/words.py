"""What files of the stream say: for each ad the last word, however often and in whatever order it is told.

The files are read twice, and nothing of an ad is kept in between but when it was told: memory stays flat however many
ads there are, and a file that is cut is found out before anything of it is believed.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import islice
from typing import Any

from hub import Document, RecordLayout, Refused, issue, open_records
from hub_jobstream.moments import told_at

_FIRST_BYTES = 1024
_BOM = b"\xef\xbb\xbf"


class Words:
    """The files of one run, in the order they were asked for.

    Args:
        documents: the files.
        written: how they are written: ``auto``, ``json`` or ``ndjson``.
    """

    def __init__(self, documents: Sequence[Document], written: str) -> None:
        self._documents = [(document, layout(document, written)) for document in documents]
        self._last: dict[str, tuple[datetime, int]] = {}
        self.read = 0
        """How many words came, repeated ones too."""
        self.unproven: str | None = None
        """Name of a file of which nothing shows that it is whole."""

    def __len__(self) -> int:
        """Return how many ads are told of."""
        return len(self._last)

    def count(self) -> None:
        """Read all once, and find the last word on each ad; raises RecordsCut, UnexpectedAnswer."""
        for position, item in enumerate(self._items()):
            self.read += 1
            if identifier := ad_id(item):
                word = (told_at(item), position)
                self._last[identifier] = max(word, self._last.get(identifier, word))

    def last(self) -> Iterator[tuple[str, dict[str, Any]] | Refused]:
        """Yield each ad's id and what was said last of it, and what has no id."""
        for position, item in enumerate(self._items()):
            identifier = ad_id(item)
            if identifier is None:
                yield Refused(issue("empty-id", "id"), item)
            elif self._last[identifier][1] == position:
                yield identifier, item

    def _items(self) -> Iterator[Any]:
        for document, how in self._documents:
            with open_records(document, how) as records:
                yield from records
            if records.ending is None:
                self.unproven = document.name


def ad_id(item: Any) -> str | None:
    """Return the id of an ad, which is text that may look like a number."""
    value = item.get("id") if isinstance(item, dict) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None


def layout(document: Document, written: str) -> RecordLayout:
    """Return how a file is written, told by its first sign where the options do not say."""
    if written == "auto":
        written = "json" if _first_sign(document) == b"[" else "ndjson"
    if written == "json":
        return RecordLayout(format="json")
    # The partner writes each answer when it is asked, so that one which came whole is whole.
    return RecordLayout(format="ndjson", whole=bool(document.proof))


def _first_sign(document: Document) -> bytes:
    with closing(document.open()) as content:
        return bytes(islice(content.read(_FIRST_BYTES).removeprefix(_BOM).lstrip(), 1))
