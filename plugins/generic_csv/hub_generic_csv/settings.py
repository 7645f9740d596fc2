"""What a source may say: where the file is, how it is laid out, and which column fills which field of the model."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from hub import BeforeValidator, Field, JsonValue, Options, SecretStr, TableLayout, model_validator

Column = Annotated[str, Field(min_length=1)]
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Columns = Annotated[tuple[Column, ...], BeforeValidator(_listed), Field(min_length=1)]


class Join(Options):
    """A second table whose columns are added to each row: another sheet, or another file."""

    sheet: str | None = None
    """The sheet of the same spreadsheet."""
    path: str | None = None
    """The second file, relative to the configuration's folder."""
    url: str | None = None
    """The address of the second file."""
    file: TableLayout = TableLayout()
    """Layout of the second file, or of the second sheet (`header_row`)."""
    key: Column
    """The column of the first table that says which row belongs to it."""
    matches: Column | None = None
    """The column of the second table that holds the same values; the same name when left out."""
    columns: tuple[Column, ...] = ()
    """The columns to add; all when left out."""
    prefix: str = ""
    """Put before the names of the added columns, so that they differ from the first table's."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(place is not None for place in (self.sheet, self.path, self.url)) != 1:
            raise ValueError("give one of sheet, path and url")
        return self


class FieldOption(Options):
    """Which column fills a field, and how its cells are to be read."""

    column: Columns
    """The column; several are put together, empty ones left out."""
    glue: str = " "
    """What stands between the cells of several columns."""
    language: LanguageTag | None = None
    """Language tag of a text, instead of one at the end of the path."""
    separator: Annotated[str, Field(min_length=1)] | None = None
    """What stands between several values in one cell."""
    table: str | None = None
    """The value table that translates the partner's values."""
    unknown: Literal["report", "skip", "keep", "refuse"] = "report"
    """A value that the table lacks: left out and counted, left out silently, kept as it is, or the record refused."""
    markup: Literal["plain", "html"] = "plain"
    """Whether the cells of a description are plain text or HTML."""
    format: str | None = None
    """How days are written, such as ``dd/mm/yyyy``; ISO 8601 is understood as well."""
    decimal: Literal[".", ","] | None = None
    """The decimal sign."""
    thousands: Literal[".", ",", " ", "'"] | None = None
    """The sign between thousands; without it a number that has one is refused."""
    factor: Annotated[float, Field(gt=0)] | None = None
    """What a number is multiplied by, such as 12 for years where the model has months."""


class ValueTable(Options):
    """Partner's values and ours; an empty value means that it deliberately says nothing."""

    owner: str | None = None
    """Who keeps the table."""
    checked: str | None = None
    """When it was last compared with the partner's values."""
    values: dict[str, JsonValue]
    """The partner's value, in any case, and ours: one value, a list of values, or a table for a whole block."""


class Formats(Options):
    """How this file writes days, numbers, yes and no, and nothing, unless a field says otherwise."""

    date: str = "yyyy-mm-dd"
    """Days, such as ``dd/mm/yyyy`` or ``d-m-yyyy HH:MM``."""
    decimal: Literal[".", ","] = "."
    """The decimal sign."""
    thousands: Literal[".", ",", " ", "'"] | None = None
    """The sign between thousands."""
    true: tuple[str, ...] = ("true", "1", "yes", "y", "ja", "j", "oui", "o", "waar", "vrai", "x")
    """What means yes, in any case."""
    false: tuple[str, ...] = ("false", "0", "no", "n", "nee", "neen", "non", "onwaar", "faux")
    """What means no, in any case."""
    empty: tuple[str, ...] = ()
    """What means nothing besides an empty cell, such as ``-`` or ``NULL``."""


class Gone(Options):
    """How a row says that it is no longer offered."""

    column: Column
    """The column that says so."""
    values: Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
    """The values that mean so, in any case."""


class Modified(Options):
    """The moment the partner last changed a row; Brussels time where the cell names no time zone."""

    column: Column
    """The column that says so."""
    format: str = "yyyy-mm-dd HH:MM:SS"
    """How it is written; ISO 8601 is understood as well."""


def _short_form(value: object) -> object:
    return {"column": value} if isinstance(value, str | list) else value


def _plain_table(value: object) -> object:
    if isinstance(value, Mapping) and not isinstance(value.get("values"), Mapping):
        return {"values": value}
    return value


class Settings(Options):
    """Everything about one file."""

    path: str | None = None
    """The file, relative to the configuration's folder."""
    url: str | None = None
    """The http(s) address of the file."""
    headers: dict[str, SecretStr] = Field(default_factory=dict)
    """Headers sent with the request for the file, such as an authorisation."""
    kind: Literal["programme", "vacancy"]
    """What one row is."""
    id: Columns
    """The column with the partner's own id; several columns together when no single one is unique."""
    file: TableLayout = TableLayout()
    """Layout of the file."""
    join: Join | None = None
    """A second sheet or file."""
    language: LanguageTag = "und"
    """Language tag of texts whose field names none; ``und`` lets the hub detect it."""
    formats: Formats = Formats()
    """How the file writes days, numbers, yes and no."""
    fields: dict[str, Annotated[FieldOption, BeforeValidator(_short_form)]] = Field(default_factory=dict)
    """Path in the model, and the column that fills it."""
    constants: dict[str, JsonValue] = Field(default_factory=dict)
    """Path in the model, and a value that every row gets."""
    flags: dict[str, dict[str, JsonValue]] = Field(default_factory=dict)
    """Path of a list in the model, and for each yes-or-no column the value it adds."""
    tables: dict[str, Annotated[ValueTable, BeforeValidator(_plain_table)]] = Field(default_factory=dict)
    """Value tables by name."""
    gone: Gone | None = None
    """How a row says that it is no longer offered."""
    modified: Modified | None = None
    """The column that says when the partner changed a row."""
    ignore: tuple[Column, ...] = ()
    """Columns known and left out on purpose; any other column that is not used is reported."""
    personal: tuple[Column, ...] = ()
    """Columns about persons, such as a contact: taken out before anything is kept of the row."""
