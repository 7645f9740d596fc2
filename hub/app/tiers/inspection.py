"""Gathering the evidence: the promises examined over sandbox and recordings, and all that stands beside the code.

Examining takes seconds, so what came of it is kept in the hub's data folder for as long as the code stays the same.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from hashlib import sha256
from importlib.metadata import Distribution, distribution
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson

from hub.adapter import Adapter, RawRecord
from hub.app.tiers.evidence import Evidence, History
from hub.mapping import Mapping
from hub.mapping.finding import Weight
from hub.mapping.lint import lint
from hub.testing import Subject, examine
from hub.testing.recording import recorded_in

_HEADING = re.compile(r"^#{1,6} (.+?)\s*$", re.MULTILINE)
_CODE = ("*.py", "*.toml", "*.json")


class Inspector:
    """Gathers the evidence on adapters.

    Args:
        memory: folder in which results are kept; None keeps nothing.
        today: the day by which a review of tables is due.
    """

    def __init__(self, memory: Path | None, today: date) -> None:
        self._memory = memory
        self._today = today

    def known(self, adapter: type[Adapter[Any]], history: History) -> Evidence | None:
        """Return what was found before of exactly this code; None when it has to be examined."""
        return self.read(self.place(adapter), history)

    def read(self, kept: Path | None, history: History) -> Evidence | None:
        """Return what was found before and kept at this place; None where nothing was."""
        if kept is None or not kept.is_file():
            return None
        with suppress(OSError, ValueError, KeyError, TypeError):
            return replace(Evidence.of(orjson.loads(kept.read_bytes())), history=history)
        return None

    def inspect(self, adapter: type[Adapter[Any]], distribution_name: str, history: History) -> Evidence:
        """Examine an adapter, which takes seconds, and keep what came of it."""
        evidence = self._gathered(adapter, distribution(distribution_name))
        if kept := self.place(adapter):
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(orjson.dumps(evidence.as_dict()))
        return replace(evidence, history=history)

    def _gathered(self, adapter: type[Adapter[Any]], brought_by: Distribution) -> Evidence:
        folder = _recordings(adapter)
        subject = replace(Subject.of(adapter), recorded=_records(folder, adapter))
        met, known = _values(subject)
        mappings = _mappings(subject)
        return Evidence(
            results=examine(subject) if subject.build or subject.recorded else (),
            sandbox=bool(adapter.sandbox or adapter.example),
            recordings=len(_files(folder)),
            headings=_HEADING.findall(_readme(adapter, brought_by)),
            unexplained=[name for name, field in adapter.options_type.model_fields.items() if not field.description],
            tables=sum(len(mapping.tables) for mapping in mappings),
            lint=[
                each.sentence
                for mapping in mappings
                for each in lint(mapping, self._today)
                if each.weight != Weight.note
            ],
            met=met,
            known=known,
        )

    def place(self, adapter: type[Adapter[Any]]) -> Path | None:
        """Return where what is found of exactly this code is kept; None where nothing is."""
        return self._memory / f"{adapter.name}-{_digest(adapter)}.json" if self._memory else None


def _package(adapter: type[Adapter[Any]]) -> Path:
    return Path(str(files(adapter.__module__.partition(".")[0])))


def _readme_beside(adapter: type[Adapter[Any]]) -> Path:
    return _package(adapter).parent / "README.md"


def _recordings(adapter: type[Adapter[Any]]) -> Path | None:
    """Return the folder with recordings: of the package itself, or beside the tests of its source tree."""
    package = _package(adapter)
    places = (package / "recordings", package.parent / "tests" / "recordings")
    return next((place for place in places if place.is_dir()), None)


def _records(folder: Path | None, adapter: type[Adapter[Any]]) -> Sequence[RawRecord]:
    """Return the recorded records; recordings that cannot be replayed give none, and the tests beside them say why."""
    if folder is None:
        return ()
    with suppress(Exception):
        return recorded_in(folder, adapter)
    return ()


def _files(folder: Path | None) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder else []


def _digest(adapter: type[Adapter[Any]]) -> str:
    """Return a digest of the adapter's code, README and recordings, and of the kit that examines it."""
    found = sha256(str(adapter.version).encode())
    for package in (adapter.__module__.partition(".")[0], "hub.testing", "hub.adapter", "hub.client", "hub.app.tiers"):
        root = Path(str(files(package)))
        for path in sorted(each for pattern in _CODE for each in root.rglob(pattern)):
            found.update(path.read_bytes())
    beside = _readme_beside(adapter)
    for path in [*_files(_recordings(adapter)), *([beside] if beside.is_file() else [])]:
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _values(subject: Subject) -> tuple[int, int]:
    """Return how many values were looked up over sandbox and recordings, and how many the tables knew."""
    met = unknown = 0
    with suppress(Exception):  # what goes wrong here breaks a promise, and is told there
        for reading in subject.readings:
            if reading.normalised is not None:
                unknown += len(reading.normalised.unknown_values)
                met += len(reading.normalised.read_values) or len(reading.normalised.unknown_values)
    return met, met - unknown


def _mappings(subject: Subject) -> Sequence[Mapping]:
    try:
        return tuple(subject.one.mappings())
    except Exception:  # an adapter that cannot be made has no tables to look at
        return ()


def _readme(adapter: type[Adapter[Any]], brought_by: Distribution) -> str:
    """Return the README: the one in the source tree, or else what was installed with the package."""
    beside = _readme_beside(adapter)
    return beside.read_text("utf-8") if beside.is_file() else brought_by.read_text("METADATA") or ""
