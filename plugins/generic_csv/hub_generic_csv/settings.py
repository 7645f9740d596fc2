"""What a source may say: where the file is, how it is laid out, and which column fills which field of the model."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

from hub import (
    BeforeValidator,
    Cell,
    Field,
    FieldOption,
    FieldSettings,
    KindName,
    Options,
    SecretStr,
    TableLayout,
    column_cell,
    model_validator,
)

Column = Annotated[str, Field(min_length=1)]


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


class ColumnField(FieldOption):
    """Which column fills a field, and how its cells are to be read."""

    column: Columns
    """The column; several are put together, empty ones left out."""

    @property
    def sources(self) -> Sequence[str]:
        """Return the columns."""
        return self.column


class Gone(Options):
    """How a row says that it is no longer offered."""

    column: Column
    """The column that says so."""
    values: Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
    """The values that mean so, in any case."""


class Trailer(Options):
    """A last row that belongs to no list: it says that the list is over, and maybe how many rows it has."""

    starts: Annotated[str, Field(min_length=1)]
    """What its first cell says, such as ``EINDE``; no other row may say so."""
    count: Annotated[int, Field(ge=2)] | None = None
    """Which of its cells, counted from 1, says how many rows came before it."""


class Modified(Options):
    """The moment the partner last changed a row; Brussels time where the cell names no time zone."""

    column: Column
    """The column that says so."""
    format: str = "yyyy-mm-dd HH:MM:SS"
    """How it is written; ISO 8601 is understood as well."""


def _as_trailer(value: object) -> object:
    return {"starts": value} if isinstance(value, str) else value


def _short_form(value: object) -> object:
    return {"column": value} if isinstance(value, str | list) else value


class Settings(FieldSettings, Options):
    """Everything about one file."""

    word: ClassVar[str] = "column"

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
    trailer: Annotated[Trailer, BeforeValidator(_as_trailer)] | None = None
    """A last row that says that the list is over; a file without it is cut."""
    join: Join | None = None
    """A second sheet or file."""
    fields: Mapping[str, Annotated[ColumnField, BeforeValidator(_short_form)]] = Field(default_factory=dict)
    """Path in the model, and the column that fills it."""
    gone: Gone | None = None
    """How a row says that it is no longer offered."""
    modified: Modified | None = None
    """The column that says when the partner changed a row."""
    ignore: tuple[Column, ...] = ()
    """Columns known and left out on purpose; any other column that is not used is reported."""
    personal: tuple[Column, ...] = ()
    """Columns about persons, such as a contact: taken out before anything is kept of the row."""

    @property
    def kinds(self) -> Sequence[KindName]:
        """Return what a row is."""
        return (self.kind,)

    def cell(self, sources: Sequence[str], glue: str) -> Cell:
        """Return the function that gets the cell of a column, or several put together."""
        return column_cell(sources, glue, frozenset({"", *self.formats.empty}))

    def field(self, source: str, **said: object) -> ColumnField:
        """Return a field that this column fills."""
        return ColumnField.model_validate({"column": source, **said})
