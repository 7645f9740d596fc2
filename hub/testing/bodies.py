"""Scrubbing whole bodies, each in its own form: JSON, lines of JSON, delimited text, XML, or running text."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
from lxml import etree

from hub.errors import UnexpectedAnswer
from hub.testing.personal import goes_on, is_person
from hub.testing.scrubbing import Scrubber

_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF")
_MARK = b"\xef\xbb\xbf"
_DELIMITERS = ";,\t|"
_LARGEST = 64_000_000
_PRETTY = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def kind_of(body: bytes, name: str) -> str:
    """Return in which form a body is, as the ending of its file; UnexpectedAnswer when it cannot be scrubbed.

    Args:
        body: the whole of it.
        name: what the question or the file is called, for the message.
    """
    if body.startswith(_PACKED) or b"\0" in body[:4096]:
        raise UnexpectedAnswer(f"{name} is packed or no text, so persons cannot be taken out; record it unpacked.")
    if len(body) > _LARGEST:
        raise UnexpectedAnswer(f"{name} has {len(body):,} bytes, too many for a recording; ask for smaller pages.")
    start = body.removeprefix(_MARK).lstrip()
    if start.startswith((b"{", b"[")):
        return "json" if _is_json(start) else "ndjson" if all(map(_is_json, start.splitlines())) else "txt"
    if re.match(rb"<\?xml|<(?!!doctype html|html)\w", start, re.IGNORECASE):
        return "xml"
    return "csv" if _delimiter(start.decode(errors="replace")) else "txt"


def learn(scrubber: Scrubber, body: bytes, kind: str) -> None:
    """Let the scrubber remember the persons that a body names in fields of their own."""
    for value in _VALUES.get(kind, _nothing)(body):
        scrubber.learn(value)


def scrubbed(scrubber: Scrubber, body: bytes, kind: str) -> bytes:
    """Return a body without secrets and persons, JSON laid out for reading."""
    return _SCRUBBED.get(kind, _text)(scrubber, body)


def _is_json(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


# JSON ---------------------------------------------------------------------------------------------------------


def _json_values(body: bytes) -> Iterator[Any]:
    yield orjson.loads(body.removeprefix(_MARK))


def _line_values(body: bytes) -> Iterator[Any]:
    yield from (orjson.loads(line) for line in body.removeprefix(_MARK).splitlines() if line.strip())


def _json(scrubber: Scrubber, body: bytes) -> bytes:
    return orjson.dumps(scrubber.scrub(orjson.loads(body.removeprefix(_MARK))), option=_PRETTY)


def _lines(scrubber: Scrubber, body: bytes) -> bytes:
    return b"".join(orjson.dumps(scrubber.scrub(value)) + b"\n" for value in _line_values(body))


# Tables -------------------------------------------------------------------------------------------------------


def _delimiter(text: str) -> str:
    """Return what separates the columns of a table with a header; nothing when it is none."""
    head = text.partition("\n")[0]
    best = max(_DELIMITERS, key=head.count)
    return best if best in head and "\n" in text else ""


def _table(text: str) -> tuple[list[list[str]], str]:
    delimiter = _delimiter(text)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), delimiter


def _row_values(body: bytes) -> Iterator[Any]:
    rows, _ = _table(_decoded(body)[0])
    yield from (dict(zip(rows[0], row, strict=False)) for row in rows[1:])


def _delimited(scrubber: Scrubber, body: bytes) -> bytes:
    text, encoding = _decoded(body)
    rows, delimiter = _table(text)
    written = io.StringIO(newline="")
    ending = "\r\n" if "\r\n" in text else "\n"
    writer = csv.writer(written, delimiter=delimiter, lineterminator=ending)
    writer.writerow(rows[0])
    writer.writerows(_row(scrubber, rows[0], row) for row in rows[1:])
    return written.getvalue().encode(encoding)


def _row(scrubber: Scrubber, header: list[str], row: list[str]) -> list[str]:
    names = header + [""] * (len(row) - len(header))
    return [scrubber.scrub(cell, name, person=is_person(name)) for name, cell in zip(names, row, strict=False)]


def _decoded(body: bytes) -> tuple[str, str]:
    try:
        return body.decode("utf-8-sig"), "utf-8-sig" if body.startswith(_MARK) else "utf-8"
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace"), "cp1252"


# XML and text -------------------------------------------------------------------------------------------------


def _tree(body: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise UnexpectedAnswer(f"XML that cannot be read cannot be scrubbed: {error.msg}.") from None


def _xml_values(body: bytes) -> Iterator[Any]:
    yield _as_value(_tree(body))


def _as_value(element: Any) -> Any:
    children = [(_tag(each), _as_value(each)) for each in element.iterchildren(tag=etree.Element)]
    return _merged(children) if children else element.text or ""


def _merged(children: list[tuple[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name, value in children:
        merged[name] = [*merged.get(name, []), value]
    return {name: values[0] if len(values) == 1 else values for name, values in merged.items()}


def _xml(scrubber: Scrubber, body: bytes) -> bytes:
    root = _tree(body)
    _scrub_element(scrubber, root, person=False)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _scrub_element(scrubber: Scrubber, element: Any, *, person: bool) -> None:
    name = _tag(element)
    within = goes_on(name, person=person)
    for key, value in element.attrib.items():
        element.set(key, scrubber.scrub(value, etree.QName(key).localname, person=within))
    if element.text:
        element.text = scrubber.scrub(element.text, name, person=within)
    for child in element:
        if isinstance(child.tag, str):
            _scrub_element(scrubber, child, person=within)
        elif child.text:
            child.text = scrubber.text(child.text)
        if child.tail:
            child.tail = scrubber.text(child.tail)


def _tag(element: Any) -> str:
    return str(etree.QName(element).localname)


def _nothing(_: bytes) -> Iterator[Any]:
    yield from ()


def _text(scrubber: Scrubber, body: bytes) -> bytes:
    text, encoding = _decoded(body)
    return scrubber.text(text).encode(encoding)


_VALUES: Mapping[str, Callable[[bytes], Iterator[Any]]] = {
    "json": _json_values,
    "ndjson": _line_values,
    "csv": _row_values,
    "xml": _xml_values,
}
_SCRUBBED: Mapping[str, Callable[[Scrubber, bytes], bytes]] = {
    "json": _json,
    "ndjson": _lines,
    "csv": _delimited,
    "xml": _xml,
}
