"""Crosswalks: a partner's own codes told in another scheme, from a CSV file that the admin imports."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from pydantic import ValidationError

from hub.codelists.list_file import ListFile, table_sections, text_sections, write_list
from hub.codelists.list_file import key_number as number_of
from hub.errors import ConfigError
from hub.model.code import Code

TARGETS = ("esco", "isco-08", "rome", "competent", "nace-bel")
"""The schemes that a crosswalk may lead to."""
COLUMNS = ("from", "to")
_VALUES: Mapping[str, re.Pattern[str]] = {
    "isco-08": re.compile(r"\d{4}"),
    "esco": re.compile(r"https?://data\.europa\.eu/esco/(?:occupation|skill|isco)/\S+"),
    "nace-bel": re.compile(r"[A-Z]|[\d.]{2,9}"),
}
_EXAMPLES = {"isco-08": "7212", "esco": "http://data.europa.eu/esco/occupation/…", "nace-bel": "81210"}
_SHOWN = 5


class Mapped(NamedTuple):
    """A code that another one leads to, and how surely."""

    scheme: str
    value: str
    confidence: float


def crosswalk_name(source: str, target: str) -> str:
    """Return the name of the list from one scheme to another: ``partner-vdab-to-isco-08``."""
    return f"{source.replace(':', '-')}-to-{target}"


def import_crosswalk(file: Path, path: Path, *, source: str, target: str) -> dict[str, Any]:
    """Read a CSV file with the columns from and to (and confidence, 0 to 1) and write it as a list.

    A code that leads to several is ambiguous: it is left out, and counted in what is returned. ConfigError when the
    schemes are unknown or a row is wrong.
    """
    _check_schemes(source, target)
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for code, to, sure in _rows(file, target):
        found[code][to] = sure
    if not found:
        raise ConfigError(f"{file} has no row: give the columns from and to, and a row for each code")
    single = {code: next(iter(targets.items())) for code, targets in found.items() if len(targets) == 1}
    about = {
        "list": "crosswalk",
        "from": source,
        "to": target,
        "imported": datetime.now(UTC).isoformat(timespec="seconds"),
        "counts": {"codes": len(single), "ambiguous": len(found) - len(single)},
    }
    told = [orjson.dumps(each).decode() for each in single.values()]
    places = {number_of(code): place for place, code in enumerate(single)}
    return write_list(path, (*table_sections("from", places), *text_sections("to", told)), about)


class Crosswalk:
    """An imported crosswalk."""

    def __init__(self, path: Path) -> None:
        """Open the list."""
        self.file = ListFile(path)
        self.source: str = self.file.about["from"]
        self.target: str = self.file.about["to"]
        self._places, self._told = self.file.table("from"), self.file.texts("to")

    def find(self, value: str) -> Mapped | None:
        """Return what a code leads to."""
        place = self._places.find(value)
        if place is None:
            return None
        to, sure = orjson.loads(self._told[place])
        return Mapped(self.target, to, sure)


def _check_schemes(source: str, target: str) -> None:
    if target not in TARGETS:
        raise ConfigError(f"--to {target} is no scheme that codes can be told in: give one of {', '.join(TARGETS)}")
    try:
        Code(scheme=source, value="x")
    except ValidationError:
        raise ConfigError(
            f"--from {source} is no scheme: give the one that the source publishes, such as partner:vdab"
        ) from None
    if source == target:
        raise ConfigError(f"--from and --to are both {source}: a crosswalk leads from one scheme to another")


def _rows(file: Path, target: str) -> Iterator[tuple[str, str, float]]:
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read as UTF-8 text: {error}") from error
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise ConfigError(f"{file} lacks the column {' and '.join(missing)}: its first line must say from,to")
    mistakes = []
    try:
        for row in rows:
            read = _row(row, target)
            if isinstance(read, str):
                mistakes.append(f"{file}, line {rows.line_num}: {read}")
            else:
                yield read
    except csv.Error as error:
        raise ConfigError(f"{file} is cut or damaged ({error})") from error
    if mistakes:
        more = [f"and {len(mistakes) - _SHOWN:,} more"] if len(mistakes) > _SHOWN else []
        raise ConfigError([*mistakes[:_SHOWN], *more])


def _row(row: Mapping[str, str | None], target: str) -> tuple[str, str, float] | str:
    """Return what a row says, or what is wrong with it."""
    code, to = (row.get("from") or "").strip(), (row.get("to") or "").strip()
    if not code or not to:
        return "from and to must both be filled in"
    if target in _VALUES and not _VALUES[target].fullmatch(to):
        return f"'{to}' is no {target} code such as {_EXAMPLES[target]}"
    said = (row.get("confidence") or "").strip() or "1"
    try:
        sure = float(said)
    except ValueError:
        sure = -1.0
    return (code, to, sure) if 0 < sure <= 1 else f"the confidence '{said}' is no number above 0, up to 1"
