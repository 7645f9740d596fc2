"""Opening a file of records: what it is packed in, what kind of text it is, what will prove its end."""

import re
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager

from pydantic import JsonValue

from hub.adapter import Document
from hub.client.records import json_stream, xml_stream
from hub.client.records.json_lines import read_lines
from hub.client.records.json_stream import read_json
from hub.client.records.layout import RecordLayout
from hub.client.records.records import Records, RecordsCut
from hub.client.records.xml_stream import read_xml
from hub.client.tables.packing import DECLARED, GZIP, ZIP, Unpacked, unpack
from hub.client.tables.table import TableCut
from hub.errors import UnexpectedAnswer

_KINDS = {
    GZIP: "packed twice: unpack it once",
    **dict.fromkeys(ZIP, "an archive inside an archive, or a spreadsheet: unpack it once"),
    b"%PDF": "a PDF: ask the partner for JSON or XML",
}
_PAGE = re.compile(rb"\s*+(?:<!--.*?-->\s*+)*+<(?:!doctype html|html|head|body|script)\b", re.IGNORECASE | re.DOTALL)
_LOOKED_AT = 4096

Items = Generator[JsonValue, None, None]


@contextmanager
def open_records(document: Document, layout: RecordLayout | None = None) -> Iterator[Records]:
    """Open the records of a document, as it is or packed with gzip or zip.

    They come as a stream, so that a file of any size takes little memory. Raises RecordsCut when the file is cut or
    damaged (here, or while the records are read), UnexpectedAnswer when it is not what was expected. Objects are dicts
    and lists are lists; see `RecordLayout.path` for what becomes of XML.
    """
    layout = layout or RecordLayout()
    with _cuts_named():
        file = unpack(document, layout)
        _check_kind(file)
    with closing(_bounded(_items(document, file, layout), file.name, layout.max_records)) as items:
        yield Records(items, _proof(document, file, layout))


def _items(document: Document, file: Unpacked, layout: RecordLayout) -> Items:
    match layout.format:
        case "json":
            return read_json(file, layout)
        case "xml":
            return read_xml(file, layout)
    return read_lines(file, layout, proven=bool(file.ending or document.proof))


def _proof(document: Document, file: Unpacked, layout: RecordLayout) -> str | None:
    """Return what the end of the file will have proven, None where it proves nothing.

    That a download is complete is proof only beside another: the partner may have offered a file that it was writing.
    """
    told = {"json": json_stream.ENDING, "xml": xml_stream.ENDING}.get(layout.format, DECLARED if layout.whole else "")
    proof = ", ".join(filter(None, (told, file.ending)))
    return ", ".join(filter(None, (proof, "" if file.packed else document.proof))) if proof else None


def _bounded(items: Items, name: str, most: int) -> Items:
    with _cuts_named(), closing(items):
        for number, item in enumerate(items, 1):
            if number > most:
                raise UnexpectedAnswer(
                    f"{name} holds more than {most:,} records: check the file, then raise max_records if it really is "
                    "this long."
                )
            yield item


@contextmanager
def _cuts_named() -> Iterator[None]:
    try:
        yield
    except TableCut as cut:
        raise RecordsCut(str(cut)) from None


def _check_kind(file: Unpacked) -> None:
    try:
        head = file.head(_LOOKED_AT)
    except TableCut:
        return  # whoever reads the records says so
    for mark, what in _KINDS.items():
        if head.startswith(mark):
            raise UnexpectedAnswer(f"{file.name} is {what}.")
    if _PAGE.match(head):
        raise UnexpectedAnswer(
            f"{file.name} is a web page (HTML), not a file of records: the address may be wrong, or ask for a login; "
            "open it in a browser to see."
        )
