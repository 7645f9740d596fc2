"""One JSON text with a list of records somewhere inside, read as a stream."""

from collections.abc import Generator, Iterator

import ijson  # type: ignore[import-untyped]
from ijson.common import IncompleteJSONError, JSONError  # type: ignore[import-untyped]
from pydantic import JsonValue

from hub.client.records.json_values import ENDS, STARTS, Event, Surrogates, build, doubled, too_deep
from hub.client.records.layout import RecordLayout
from hub.client.records.records import RecordsCut
from hub.client.records.source import PIECE, Source
from hub.client.tables.packing import Unpacked
from hub.errors import UnexpectedAnswer

ENDING = "the JSON text closed"
_MARK = b"\xef\xbb\xbf"


def read_json(file: Unpacked, layout: RecordLayout) -> Generator[JsonValue, None, None]:
    """Yield the records at the layout's path; raises RecordsCut or UnexpectedAnswer."""
    with file.open() as stream:
        if stream.peek(len(_MARK)).startswith(_MARK):
            stream.read(len(_MARK))
        most = layout.max_record_kilobytes * 1000
        source = Source(stream, file.name, most=most, watch=Surrogates(file.name))
        for record in _Walk(file.name, layout).records(parsed(source, file.name)):
            source.mark()
            yield record


def parsed(source: Source, name: str) -> Iterator[Event]:
    """Yield the parser's events; raises RecordsCut where the text ends too early, UnexpectedAnswer where it errs."""
    try:
        yield from ijson.basic_parse(source, use_float=True, buf_size=PIECE)
    except (IncompleteJSONError, JSONError, UnicodeDecodeError) as error:
        if source.at_end:
            raise RecordsCut(f"{name} is cut: its JSON ends in the middle; fetch it again.") from None
        raise UnexpectedAnswer(f"{name} is not valid JSON: {_reason(error)}; ask the partner.") from None


def _reason(error: Exception) -> str:
    """Return what the parser found wrong, without the text around it, which may hold personal data."""
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return text.partition("\n")[0].strip().rstrip(".")[:120] or type(error).__name__


class _Walk:
    """The way through the text to its records, which remembers whether the list of them was ever there."""

    def __init__(self, name: str, layout: RecordLayout) -> None:
        self._name = name
        self._depth = layout.max_depth
        self._path = (layout.path or "item").split(".")
        self._shown = layout.path or "item"

    def records(self, events: Iterator[Event]) -> Iterator[JsonValue]:
        """Yield the value at each place that the path names."""
        at: list[str] = []
        used: list[set[str]] = []
        found = False
        for event, value in events:
            if event == "map_key":
                self._note_key(value, at, used)
            elif event in ENDS:
                at.pop()
                used.pop()
            elif at == self._path:
                found = True
                yield build((event, value), events, self._name, self._depth - len(at))
            elif event in STARTS:
                found = found or (event == "start_array" and [*at, "item"] == self._path)
                at.append("item" if event == "start_array" else "")
                used.append(set())
                if len(at) > self._depth:
                    raise too_deep(self._name)
        if not found:
            raise UnexpectedAnswer(
                f"{self._name} has nothing at {self._shown!r}, where its records are due: correct path, or read what "
                "the partner sent instead."
            )

    def _note_key(self, key: str, at: list[str], used: list[set[str]]) -> None:
        if key in used[-1]:
            raise doubled(self._name, key)
        used[-1].add(key)
        at[-1] = key
