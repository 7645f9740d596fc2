"""XML with records somewhere inside, read as a stream: no DTD, no entities, no network, no tree in memory."""

from collections.abc import Generator, Mapping

from lxml import etree
from pydantic import JsonValue

from hub.client.records.json_values import too_deep
from hub.client.records.layout import RecordLayout
from hub.client.records.records import RecordsCut
from hub.client.records.source import Source
from hub.client.tables.packing import Unpacked
from hub.errors import UnexpectedAnswer

ENDING = "the root element closed"
_INCLUDES = "{http://www.w3.org/2001/XInclude}"


def read_xml(file: Unpacked, layout: RecordLayout) -> Generator[JsonValue, None, None]:
    """Yield the elements that the layout names, as JSON values; raises RecordsCut or UnexpectedAnswer."""
    with file.open() as stream:
        source = Source(stream, file.name, most=layout.max_record_kilobytes * 1000)
        taken = _Taken(file.name, layout)
        parser = etree.XMLParser(
            target=taken, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
        )
        while piece := source.read():
            _feed(parser, piece, file.name)
            if taken.ready:
                source.mark()
                yield from taken.hand_over()
        _close(parser, file.name)
        yield from taken.hand_over()
        taken.judge()


def _feed(parser: etree.XMLParser, piece: bytes, name: str) -> None:
    try:
        parser.feed(piece)
    except etree.XMLSyntaxError as error:
        if "xcessive depth" in str(error):
            raise too_deep(name) from None
        raise UnexpectedAnswer(f"{name} is not valid XML: {_reason(error)}; ask the partner.") from None


def _close(parser: etree.XMLParser, name: str) -> None:
    try:
        parser.close()
    except etree.XMLSyntaxError:
        raise RecordsCut(f"{name} is cut: its XML ends in the middle; fetch it again.") from None


def _reason(error: etree.XMLSyntaxError) -> str:
    return str(error.msg)[:120].strip().rstrip(".")


class _Taken:
    """What the parser told: the records that are whole, and the elements around them by name only.

    An element without attributes and children is its text, or None where it has none. Any other is an object:
    attributes under ``@name``, children under their name, in a list where a name comes more than once (or is
    one of the layout's `lists`), text under ``#text``. Names have no namespace, text is stripped, comments are dropped.
    """

    def __init__(self, name: str, layout: RecordLayout) -> None:
        self._name = name
        self._depth = layout.max_depth
        self._path = layout.path.strip("/").split("/")
        self._lists = layout.lists
        self._open: list[str] = []
        self._elements: list[_Element] = []
        self._found = False
        self.ready: list[JsonValue] = []

    # What the parser calls ------------------------------------------------------------------------------------

    def doctype(self, *_: object) -> None:
        """Refuse a document type: it can define entities that grow, or that read files and addresses."""
        raise UnexpectedAnswer(
            f"{self._name} has a document type (DOCTYPE), which can hide an attack: ask the partner for XML without."
        )

    def start(self, tag: str | bytes, attrib: dict[str | bytes, str | bytes]) -> None:
        """Open an element."""
        if str(tag).startswith(_INCLUDES):
            raise UnexpectedAnswer(f"{self._name} includes other files (XInclude): ask the partner for XML without.")
        local = _local(str(tag))
        self._open.append(local)
        if len(self._open) > self._depth:
            raise too_deep(self._name)
        if self._elements or self._is_record():
            self._elements.append(_Element(attrib))
        else:
            self._found = self._found or (len(self._path) > 1 and self._open == self._path[:-1])

    def data(self, data: str | bytes) -> None:
        """Take text in."""
        if self._elements:
            self._elements[-1].texts.append(str(data))

    def end(self, tag: str | bytes) -> None:  # noqa: ARG002 - as lxml calls it
        """Close an element."""
        local = self._open.pop()
        if not self._elements:
            return
        value = self._elements.pop().value(self._lists)
        if self._elements:
            self._elements[-1].children.setdefault(local, []).append(value)
        else:
            self._found = True
            self.ready.append(value)

    def comment(self, text: str | bytes) -> None:
        """Leave a comment out."""

    def close(self) -> None:
        """Do nothing: the parser returns what this returns."""

    # What the reader asks -------------------------------------------------------------------------------------

    def hand_over(self) -> list[JsonValue]:
        """Return the records that are whole, and forget them."""
        ready, self.ready = self.ready, []
        return ready

    def judge(self) -> None:
        """Raise UnexpectedAnswer where neither a record nor the place of records was there."""
        if not self._found:
            raise UnexpectedAnswer(
                f"{self._name} has no element {'/'.join(self._path)!r}, where its records are due: correct path "
                "(written from the root on, such as jobs/job, it may be an empty list), or read what was sent instead."
            )

    def _is_record(self) -> bool:
        return self._open[-1] == self._path[-1] and (len(self._path) == 1 or self._open == self._path)


class _Element:
    """An element that is open."""

    __slots__ = ("attributes", "children", "texts")

    def __init__(self, attributes: Mapping[str | bytes, str | bytes]) -> None:
        self.attributes = {f"@{_local(str(name))}": str(value) for name, value in attributes.items()}
        self.children: dict[str, list[JsonValue]] = {}
        self.texts: list[str] = []

    def value(self, lists: frozenset[str]) -> JsonValue:
        text = "".join(self.texts).strip()
        if not self.attributes and not self.children:
            return text or None
        children = {
            name: values if len(values) > 1 or name in lists else values[0] for name, values in self.children.items()
        }
        return {**self.attributes, **children, **({"#text": text} if text else {})}


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
