"""The adapter for tables in files: everything about a file is configuration."""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Cells
from datetime import datetime
from functools import lru_cache
from typing import ClassVar

from hub import (
    ENTERPRISE_NUMBERS,
    Adapter,
    Fetched,
    Job,
    JsonValue,
    Mapping,
    Normalised,
    Noticed,
    Programme,
    RawRecord,
    Read,
    RecordError,
    Vacancy,
    as_text,
    fit_listing,
    make_plan,
    moment_reader,
    refuse,
    tables_mapping,
)
from hub_generic_csv.mistakes import used_columns
from hub_generic_csv.options import GenericCsvOptions
from hub_generic_csv.rows import fetch_rows
from hub_generic_csv.settings import Settings

_MODELS: Cells[str, type[Programme | Vacancy]] = {"programme": Programme, "vacancy": Vacancy}


class GenericCsv(Adapter[GenericCsvOptions]):
    """Reads CSV, TSV and XLSX files, plain or packed, by path or address."""

    name: ClassVar[str] = "generic_csv"
    version: ClassVar[str] = "1"
    options_type = GenericCsvOptions
    example = "hub_generic_csv.example:build"
    limitations = (
        "A file always lists everything: there is no incremental fetch.",
        "A text file that is cut exactly between two rows looks whole: it needs a trailer, or its owner's word.",
        "XLSX is read in memory: 64 MB packed and 256 MB unpacked at most. Old .xls files are not read.",
        "Cells of a spreadsheet that show an error, such as #N/A, read as empty.",
        "Reading stops at the first row whose quotes do not pair, because what follows cannot be trusted.",
        "An archive holds one table, and is not packed twice.",
        "Names of months are not read in dates, nor amounts with a currency sign.",
        "A cell of text holds at most 131,072 characters.",
    )

    def __init__(self, options: GenericCsvOptions) -> None:
        super().__init__(options)
        self._model = _MODELS[options.kind]
        self._build = make_plan(options, options.kind)
        self._modified = _modified_reader(options)
        self._known = _known_columns(options)
        self._strange = lru_cache(maxsize=16)(self._find_strange)

    def fetch(self, job: Job) -> Iterator[Fetched]:
        """Yield a record for each row, ending with the proof that the end of the file was reached."""
        return fetch_rows(self.options, job)

    def normalise(self, record: RawRecord) -> Normalised:
        """Return the programme or vacancy that a row describes."""
        payload = record.payload
        if not isinstance(payload, dict):
            raise RecordError("unreadable-record")
        noticed = Noticed()
        listing, left_out = fit_listing(self._model, self._build(payload, noticed), ENTERPRISE_NUMBERS)
        return Normalised(
            listing=listing,
            warnings=left_out,
            partner_modified=self._modified_moment(payload),
            unknown_fields=tuple(name for name in self._strange(tuple(payload)) if payload[name] not in ("", None)),
            unknown_values=tuple(noticed.unknown),
            read_values=tuple(noticed.read),
        )

    def mappings(self) -> Sequence[Mapping]:
        """Return the value tables of the source."""
        return (tables_mapping(self.options),)

    def _modified_moment(self, payload: Cells[str, JsonValue]) -> datetime | None:
        found = self._modified(payload, Noticed()) if self._modified else None
        return found if isinstance(found, datetime) else None

    def _find_strange(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Return the columns that are neither used nor ignored."""
        return tuple(name for name in columns if name not in self._known)


def _known_columns(options: Settings) -> frozenset[str]:
    join = options.join
    return frozenset(
        {*used_columns(options), *options.ignore, *options.personal, *([join.matches] if join and join.matches else [])}
    )


def _modified_reader(options: Settings) -> Read | None:
    if options.modified is None:
        return None
    column, written = options.modified.column, options.modified.format
    get, read = options.cell([column], ""), moment_reader(written)

    def moment(payload: Cells[str, JsonValue], _: Noticed) -> object:
        if (cell := get(payload)) is None:
            return None
        try:
            return read(as_text(cell))
        except ValueError:
            raise refuse(column, cell, f"a moment written {written}") from None

    return moment
