"""The bytes of a file of records on their way to a parser: counted since the last record, so that none is too large."""

import io
from typing import Protocol

from hub.errors import UnexpectedAnswer

PIECE = 1 << 16
"""Bytes handed over at once."""


class Watch(Protocol):
    """Looks at the bytes that pass; raises UnexpectedAnswer for what must not."""

    def __call__(self, piece: bytes) -> None: ...  # noqa: D102


class Source:
    """A stream for a parser, which says afterwards whether its end was reached.

    Args:
        stream: where the bytes come from.
        name: of the file, for messages.
        most: bytes that may pass without a record.
        watch: is shown every piece.
    """

    def __init__(self, stream: io.BufferedReader, name: str, *, most: int, watch: Watch | None = None) -> None:
        self._stream = stream
        self._name = name
        self._most = most
        self._watch = watch
        self._since = 0
        self.at_end = False

    def read(self, size: int = PIECE) -> bytes:
        """Return the next bytes; raises UnexpectedAnswer where too many passed without a record."""
        if size == 0:  # a parser asks so for the kind of stream this is
            return b""
        piece = self._stream.read1(min(size, PIECE))
        self.at_end = not piece
        self._since += len(piece)
        if self._since > self._most + PIECE:
            raise too_large(self._name, self._most)
        if self._watch:
            self._watch(piece)
        return piece

    def mark(self) -> None:
        """Note that a record ended."""
        self._since = 0


def too_large(name: str, most: int) -> UnexpectedAnswer:
    """Return what to raise where a record is larger than allowed."""
    return UnexpectedAnswer(
        f"{name} holds a record, or a stretch without any, of more than {most:,} bytes, which looks like a mistake or "
        "an attack: check the path of the records, then raise max_record_kilobytes if they really are this large."
    )
