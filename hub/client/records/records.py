"""Records being read: one after the other, then the proof that the end was reached."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import JsonValue

from hub.errors import SourceError


class RecordsCut(SourceError):
    """The file ends before its end; the records read so far are right, what follows is lost."""


@dataclass(slots=True)
class Records:
    """The records of one file, read as they are iterated, once.

    Args:
        items: the records, as JSON values.
        proof: what shows at the end that nothing is missing; None where nothing does.
        read: how many were yielded.
        ended: whether the end was reached.
    """

    items: Iterator[JsonValue] = field(repr=False)
    proof: str | None
    read: int = 0
    ended: bool = False

    @property
    def ending(self) -> str | None:
        """What shows that nothing is missing, such as ``the list closed, the gzip end reached``.

        None before the end; and after it, where the text alone cannot show that lines are missing (NDJSON that is not
        packed and not declared to be whole): then end the run with Incomplete.
        """
        return self.proof if self.ended else None

    def __iter__(self) -> Iterator[JsonValue]:
        """Yield the records; raises RecordsCut where the file breaks off, UnexpectedAnswer where it cannot be read."""
        for item in self.items:
            self.read += 1
            yield item
        self.ended = True
