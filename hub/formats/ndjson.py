"""All of a view as JSON Lines: what the ``data`` of the change feed holds, one opportunity a line."""

from collections.abc import Iterable, Iterator

from hub.format import Edition, Entry, Format


class Ndjson(Format):
    """One published JSON-LD a line, UTF-8 without a byte order mark, each line ended by a line feed."""

    name = "ndjson"
    file = "snapshot.ndjson"
    media_type = "application/x-ndjson"
    title = "Everything, one JSON-LD object a line (NDJSON)"

    def write(self, entries: Iterable[Entry], edition: Edition) -> Iterator[bytes]:  # noqa: ARG002
        """Yield a line for each; JSON as we write it has no line feed within."""
        for entry in entries:
            if entry.body:
                yield entry.body + b"\n"
