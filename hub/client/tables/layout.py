"""How a file is laid out: what the configuration says of it, and what is found out where it says nothing."""

import codecs
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from hub.adapter import Options

_LINE_ENDS = "\r\n"
_ONLY_DELIMITED = ("delimiter", "quote", "escape", "encoding", "final_line_end", "whole")


def _text_encoding(name: str) -> str:
    try:
        "a".encode(name)
        return codecs.lookup(name).name
    except LookupError:
        raise ValueError(f"'{name}' is not an encoding this hub knows; try utf-8, utf-16, cp1252 or latin-1") from None


def _one_character(value: str) -> str:
    if value in _LINE_ENDS:
        raise ValueError("a line end cannot separate, quote or escape")
    return value


Character = Annotated[str, Field(min_length=1, max_length=1), AfterValidator(_one_character)]


class TableLayout(Options):
    """The layout of one table; what is left out is found out from the file, or refused where that is ambiguous."""

    format: Literal["csv", "xlsx"] | None = None
    """Delimited text (CSV, TSV, …) or a spreadsheet; told by its first bytes when left out."""
    delimiter: Character | None = None
    """The character between cells, such as ``;`` or ``\\t``; told by the header and the first rows when left out."""
    quote: Character | Literal[""] = '"'
    """The character around cells that hold a delimiter or a line end; empty when there is none."""
    escape: Character | None = None
    """The character that takes away the meaning of the next one, such as ``\\``; without it a quote is doubled."""
    encoding: Annotated[str, AfterValidator(_text_encoding)] | None = None
    """Such as ``utf-8``, ``utf-16`` or ``cp1252``; found out when left out."""
    header_row: int = Field(default=1, ge=1, le=1000)
    """The row that names the columns, counted from 1; the title rows above it are skipped."""
    sheet: str | None = None
    """The sheet of a spreadsheet that has several."""
    compression: Literal["none", "gzip", "zip"] | None = None
    """How it is packed; told by its first bytes when left out."""
    member: str | None = None
    """The file inside a zip archive that holds several: its name, or a pattern such as ``jobs-*.csv``."""
    final_line_end: bool = True
    """The last row of an unpacked text file ends with a line end, so that a cut file is noticed."""
    whole: bool = False
    """The owner's word that an unpacked text is whole whenever it is there, because nobody ever meets it half written;
    nothing in such a text shows that rows are missing at its end."""
    max_megabytes: int = Field(default=4096, ge=1)
    """The largest size once unpacked; a spreadsheet, which is read in memory, never more than 256."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.format == "xlsx" and (stray := [name for name in _ONLY_DELIMITED if name in self.model_fields_set]):
            raise ValueError(f"{', '.join(stray)}: a spreadsheet has none; leave it out")
        if self.format == "csv" and self.sheet:
            raise ValueError("sheet: a delimited file has no sheets; leave it out")
        if self.delimiter and self.delimiter in {self.quote, self.escape}:
            raise ValueError("delimiter: must differ from quote and escape")
        return self
