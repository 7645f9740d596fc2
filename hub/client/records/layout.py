"""How a file of records is laid out, and how large what it holds may be."""

from typing import Literal, Self

from pydantic import Field, model_validator

from hub.adapter import Options


class RecordLayout(Options):
    """The layout of one file of records."""

    format: Literal["json", "ndjson", "xml"] = "json"
    """One JSON text, one JSON text per line, or XML."""
    path: str = ""
    """JSON: where the records are, names with dots between them and ``item`` for each entry of a list, such as
    ``results.item``; ``item`` when left out, a list on top. XML: the name of a record's element, without namespace;
    or names with slashes from the root on, such as ``jobs/job``. NDJSON has none."""
    lists: frozenset[str] = frozenset()
    """XML: names of elements inside a record that always become a list, however many there are; others become one
    only where they come more than once. An element without attributes and children becomes its text, or None; any other
    an object with its attributes under ``@name``, its children under their names, its text under ``#text``."""
    max_depth: int = Field(default=64, ge=1, le=200)
    """How deep lists, objects and elements may lie in each other, counted from the top of the file."""
    max_record_kilobytes: int = Field(default=4000, ge=1, le=64_000)
    """The largest record, in units of 1,000 bytes as they stand in the file; also the largest stretch without one."""
    max_records: int = Field(default=1_000_000, ge=1)
    """The most records of one file."""
    final_line_end: bool = True
    """An NDJSON file that nothing else proves ends with a line end, so that a cut last line is noticed."""
    whole: bool = False
    """The owner's word that an NDJSON text is whole whenever it is there, because nobody ever meets it half written;
    nothing in such a text shows that lines are missing at its end."""
    compression: Literal["none", "gzip", "zip"] | None = None
    """How it is packed; told by its first bytes when left out."""
    member: str | None = None
    """The file inside a zip archive that holds several: its name, or a pattern such as ``jobs-*.json``."""
    max_megabytes: int = Field(default=4096, ge=1)
    """The largest size once unpacked."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.format == "xml" and not self.path:
            raise ValueError("path: the name of the element that is a record is needed, such as job")
        if self.format == "ndjson" and self.path:
            raise ValueError("path: each line of NDJSON is one record; leave it out")
        return self
