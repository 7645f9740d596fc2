"""The adapter for tables in files: everything about a file is configuration."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import ClassVar

from hub import Adapter, Fetched, Job, JsonValue, Normalised, Programme, RawRecord, RecordError, Vacancy
from hub_generic_csv.cells import Read, as_text, cell_getter, refuse
from hub_generic_csv.formats import moment_reader
from hub_generic_csv.mistakes import used_columns
from hub_generic_csv.options import GenericCsvOptions
from hub_generic_csv.plan import make_plan
from hub_generic_csv.rows import fetch_rows
from hub_generic_csv.settings import Settings

_MODELS: Mapping[str, type[Programme | Vacancy]] = {"programme": Programme, "vacancy": Vacancy}


class GenericCsv(Adapter[GenericCsvOptions]):
    """Reads CSV, TSV and XLSX files, plain or packed, by path or address."""

    name: ClassVar[str] = "generic_csv"
    version: ClassVar[str] = "1"
    options_type = GenericCsvOptions
    limitations = (
        "A file always lists everything: there is no incremental fetch.",
        "A text file that is cut exactly between two rows looks whole; the source's expectation guards against that.",
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
        self._build = make_plan(options)
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
        unknown: list[tuple[str, str]] = []
        values = self._build(payload, unknown)
        return Normalised(
            listing=self._model.model_validate(values),
            partner_modified=self._modified_moment(payload),
            unknown_fields=tuple(name for name in self._strange(tuple(payload)) if payload[name] not in ("", None)),
            unknown_values=tuple(unknown),
        )

    def _modified_moment(self, payload: Mapping[str, JsonValue]) -> datetime | None:
        found = self._modified(payload, []) if self._modified else None
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
    get, read = cell_getter([column], "", frozenset({"", *options.formats.empty})), moment_reader(written)

    def moment(payload: Mapping[str, JsonValue], _: object) -> object:
        if (cell := get(payload)) is None:
            return None
        try:
            return read(as_text(cell))
        except ValueError:
            raise refuse(column, cell, f"a moment written {written}") from None

    return moment
