"""Read the CSV files of ESCO out of a folder or a zip file, and refuse what is no ESCO, or not all of it."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from hub.codelists.layouts import RELEASED, TYPES, Kind, Layout, layout_of, told_by_name
from hub.errors import ConfigError

MOST_BYTES = 400_000_000
"""Bytes of the largest file that is read; the largest of ESCO has 40 million."""
_VERSION = re.compile(r"v(\d+\.\d+(?:\.\d+)?)", re.IGNORECASE)
_DOWNLOAD = "download the classification as CSV from the ESCO portal and give the folder it is unpacked in, or the zip"


class Opener(Protocol):
    """Opens a file from its start."""

    def __call__(self) -> IO[bytes]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class EscoFile:
    """One file of ESCO."""

    kind: Kind
    language: str
    where: str
    opener: Opener


@dataclass(frozen=True, slots=True)
class Concept:
    """One row: an occupation, a skill or a group, in one language.

    Args:
        uri: its address for life.
        label: what it is called; empty where it is not translated.
        others: what it is called too.
        hidden: what people search it by.
        group: the ISCO-08 unit group of an occupation, or the code of a group.
    """

    uri: str
    label: str
    others: tuple[str, ...]
    hidden: tuple[str, ...]
    group: str


def find_files(place: Path) -> tuple[EscoFile, ...]:
    """Return the files of ESCO in a folder (those in zip files too) or a zip file; ConfigError when none is there."""
    found = sorted(_found(place), key=lambda file: (file.kind, file.language))
    if not any(file.kind is Kind.occupations for file in found):
        raise ConfigError(f"{place} has no file such as occupations_nl.csv: {_DOWNLOAD}")
    seen: dict[tuple[Kind, str], EscoFile] = {}
    for file in found:
        if other := seen.get((file.kind, file.language)):
            raise ConfigError(f"{other.where} and {file.where} are of one kind and language: leave one of them")
        seen[file.kind, file.language] = file
    return tuple(found)


def version_of(place: Path) -> str | None:
    """Return the version of ESCO that the name of a folder or zip file, or of a zip file in it, says; None without."""
    names = [place.resolve().name, *(sorted(each.name for each in place.glob("*.zip")) if place.is_dir() else ())]
    return next((told[1] for name in names if (told := _VERSION.search(name))), None)


def _found(place: Path) -> Iterator[EscoFile]:
    if place.is_file():
        yield from _in_zip(place)
        return
    if not place.is_dir():
        raise ConfigError(f"{place} is no folder and no file: {_DOWNLOAD}")
    for path in sorted(place.rglob("*")):
        if path.suffix.lower() == ".zip":
            yield from _in_zip(path)
        elif (told := told_by_name(path.name)) and path.is_file():
            yield EscoFile(*told, str(path), partial(path.open, "rb"))


def _in_zip(path: Path) -> Iterator[EscoFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise ConfigError(f"{path} is no whole zip file ({error}): download it again") from error
    for entry in entries:
        if told := told_by_name(PurePosixPath(entry.filename).name):
            where = f"{path}: {entry.filename}"
            if entry.file_size > MOST_BYTES:
                raise ConfigError(f"{where} says to have {entry.file_size:,} bytes, which no file of ESCO has")
            yield EscoFile(*told, where, partial(_member, path, entry.filename))


def _member(path: Path, name: str) -> IO[bytes]:
    with zipfile.ZipFile(path) as archive:
        return archive.open(name)


def read_concepts(file: EscoFile) -> Iterator[Concept]:
    """Yield the released concepts of a file; ConfigError when it is of another layout, or only part of one."""
    with _breaks_told(file), file.opener() as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as stream:
        rows = csv.reader(stream, strict=True)
        columns = [name.strip() for name in next(rows, [])]
        layout = _layout(file, columns)
        places = {name: place for place, name in enumerate(columns)}
        for row in rows:
            if len(row) != len(columns):
                raise ConfigError(_cut(file, f"line {rows.line_num:,} has {len(row)} fields of {len(columns)}"))
            if _counts(file.kind, layout, row, places):
                yield _concept(file.kind, layout, row, places)


def _layout(file: EscoFile, columns: list[str]) -> Layout:
    layout = layout_of(columns)
    if layout is None:
        said = ", ".join(columns[:6]) or "nothing"
        raise ConfigError(f"{file.where} is no file of ESCO: its first line says {said[:200]}. {_DOWNLOAD}")
    if missing := [name for name in layout.required(file.kind) if name not in columns]:
        lacking = ", ".join(missing)
        raise ConfigError(f"{file.where} lacks the columns {lacking} of {layout.name}: download it again, whole")
    return layout


def _counts(kind: Kind, layout: Layout, row: list[str], places: dict[str, int]) -> bool:
    """Say whether a row is a released concept of the kind that its file is about."""
    status, told = places.get(layout.status), places.get(layout.type)
    released = kind is Kind.groups or status is None or row[status].strip().lower() == RELEASED
    return released and (told is None or row[told].strip() == TYPES[kind])


def _concept(kind: Kind, layout: Layout, row: list[str], places: dict[str, int]) -> Concept:
    def said(name: str) -> str:
        return row[places[name]].strip() if name in places else ""

    group = {Kind.occupations: said(layout.group).zfill(4), Kind.groups: said(layout.code), Kind.skills: ""}[kind]
    others, hidden = _lines(said(layout.others)), _lines(said(layout.hidden))
    return Concept(said(layout.uri), said(layout.label), others, hidden, group)


def _lines(said: str) -> tuple[str, ...]:
    return tuple(line for each in said.splitlines() if (line := each.strip()))


@contextmanager
def _breaks_told(file: EscoFile) -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        raise ConfigError(_cut(file, str(error))) from error
    except UnicodeDecodeError as error:
        said = f"{file.where} is not in UTF-8, as ESCO is (byte {error.start:,}): download it again"
        raise ConfigError(said) from error
    except (EOFError, zlib.error, zipfile.BadZipFile, OSError) as error:
        raise ConfigError(_cut(file, str(error))) from error


def _cut(file: EscoFile, said: str) -> str:
    return f"{file.where} is cut or damaged ({said}): download it again"
