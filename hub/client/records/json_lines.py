"""NDJSON: one JSON text per line."""

import io
from collections.abc import Generator, Iterator

from pydantic import JsonValue

from hub.client.records.json_stream import parsed
from hub.client.records.json_values import Surrogates, build
from hub.client.records.layout import RecordLayout
from hub.client.records.records import RecordsCut
from hub.client.records.source import Source, too_large
from hub.client.tables.packing import Unpacked
from hub.errors import UnexpectedAnswer

_MARK = b"\xef\xbb\xbf"


def read_lines(file: Unpacked, layout: RecordLayout, *, proven: bool) -> Generator[JsonValue, None, None]:
    """Yield the value of each line that is not blank; raises RecordsCut or UnexpectedAnswer.

    Args:
        file: the text.
        layout: how it is laid out.
        proven: whether something else than the text shows that no end is missing, so that a line end may be.
    """
    most = layout.max_record_kilobytes * 1000
    with file.open() as stream:
        for number, line in enumerate(_lines(stream, file.name, most), 1):
            if not line.endswith(b"\n") and layout.final_line_end and not proven:
                raise RecordsCut(
                    f"{file.name} ends without a line end, so its last line may be cut and lines may be missing; fetch "
                    "it again, or set final_line_end = false if the partner always leaves it out."
                )
            text = line.removeprefix(_MARK) if number == 1 else line
            if text.strip():
                yield _value(text, f"line {number:,} of {file.name}", layout.max_depth)


def _lines(stream: io.BufferedReader, name: str, most: int) -> Iterator[bytes]:
    while line := stream.readline(most + 2):
        if len(line.rstrip(b"\r\n")) > most:
            raise too_large(name, most)
        yield line


def _value(line: bytes, name: str, depth: int) -> JsonValue:
    whole = line.endswith(b"\n")
    source = Source(io.BufferedReader(io.BytesIO(line)), name, most=len(line), watch=Surrogates(name))
    events = parsed(source, name)
    try:
        value = build(next(events), events, name, depth)
        next(events, None)
    except RecordsCut:
        if whole:
            raise UnexpectedAnswer(f"{name} is not one whole JSON text: ask the partner for one per line.") from None
        raise
    return value
