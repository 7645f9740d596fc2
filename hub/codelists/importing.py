"""Import ESCO: from the official CSV files, in every language that is there, to one list on disk."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.codelists.indexing import Labelled, occupation_entries, skill_entries
from hub.codelists.layouts import Kind
from hub.codelists.list_file import Section, key_number, table_sections, text_sections, write_list
from hub.codelists.reading import Concept, EscoFile, find_files, read_concepts, version_of
from hub.errors import ConfigError

Progress = Callable[[int, int], None]

_UNIT_GROUP = re.compile(r"(?!0000)\d{4}")
_LEAST_SHARE = 0.9
"""A language has at least this share of the concepts of the fullest one; ESCO is translated whole."""


def import_esco(place: Path, path: Path, *, progress: Progress, version: str | None = None) -> dict[str, Any]:
    """Read ESCO and write it as one list; return what the list says about itself. ConfigError says why it is refused.

    Args:
        place: the folder or zip file with the files of ESCO.
        path: the list to write; the one there was stays until the new one is whole.
        progress: told after each file how many are done, of how many.
        version: of ESCO; by default what the name of the place says.
    """
    files = find_files(place)
    reading = _Reading(files, progress)
    about = {
        "list": "esco",
        "version": version or version_of(place),
        "imported": datetime.now(UTC).isoformat(timespec="seconds"),
        "counts": reading.counts,
    }
    return write_list(path, reading.sections(), about)


class _Reading:
    """Reads one file after the other and makes its sections, so that only one is in memory at a time."""

    def __init__(self, files: Sequence[EscoFile], progress: Progress) -> None:
        self._files = files
        self._progress = progress
        self.counts: dict[str, dict[str, int]] = {kind.value: {} for kind in Kind}
        """Concepts by kind and language; filled as the sections are made."""
        self._numbers: dict[Kind, dict[str, int]] = {kind: {} for kind in Kind}
        self._group_of: dict[int, str] = {}
        self._groups: dict[str, int] = {}
        self._fullest: dict[Kind, tuple[int, str]] = {}
        self._done = 0

    def sections(self) -> Iterator[Section]:
        """Yield the sections of the list."""
        for file in sorted(self._files, key=lambda file: file.kind is not Kind.groups):
            make = self._of_groups if file.kind is Kind.groups else self._of_labels
            yield from make(file, self._concepts(file))
            self._done += 1
            self._progress(self._done, len(self._files))
        yield from self._of_all()

    def _concepts(self, file: EscoFile) -> list[Concept]:
        concepts = [concept for concept in read_concepts(file) if concept.uri and concept.label]
        most, fullest = self._fullest.setdefault(file.kind, (len(concepts), file.where))
        least, emptiest = min((most, fullest), (len(concepts), file.where))
        if not concepts or least < _LEAST_SHARE * max(most, len(concepts)):
            other = f" where another file has {max(most, len(concepts)):,}" if concepts else ""
            raise ConfigError(f"{emptiest} has {least:,} released concepts{other}: download it again, whole")
        self._fullest[file.kind] = max((most, fullest), (len(concepts), file.where))
        self.counts[file.kind][file.language] = len(concepts)
        return concepts

    def _of_groups(self, file: EscoFile, concepts: list[Concept]) -> Iterator[Section]:
        for concept in concepts:
            self._group(concept.group)
        labels = {self._group(concept.group): concept.label for concept in concepts}
        yield from text_sections(f"group.{file.language}", _by_place(labels))

    def _of_labels(self, file: EscoFile, concepts: list[Concept]) -> Iterator[Section]:
        name, labelled = f"{_SINGULAR[file.kind]}.{file.language}", [self._labelled(file, each) for each in concepts]
        if file.kind is Kind.skills:
            entries = skill_entries(labelled)
        else:
            entries = occupation_entries(labelled, file.language)
            yield from text_sections(f"spelt.{file.language}", sorted(entries))
        yield from table_sections(name, {key_number(key): entry.packed() for key, entry in entries.items()})
        yield from text_sections(name, _by_place({each.number: each.concept.label for each in labelled}))

    def _labelled(self, file: EscoFile, concept: Concept) -> Labelled:
        numbers = self._numbers[file.kind]
        number = numbers.setdefault(concept.uri, len(numbers))
        if file.kind is Kind.skills:
            return Labelled(number, None, concept)
        if not _UNIT_GROUP.fullmatch(concept.group):
            raise ConfigError(
                f"{file.where} has {concept.uri} in group '{concept.group}', which is no ISCO-08 unit group of four "
                "digits: download it again"
            )
        if (known := self._group_of.setdefault(number, concept.group)) != concept.group:
            raise ConfigError(
                f"{file.where} has {concept.uri} in group {concept.group}, and another file in {known}: the files are "
                "of different versions; download all languages of one"
            )
        if self.counts[Kind.groups] and concept.group not in self._groups:
            raise ConfigError(
                f"{file.where} has {concept.uri} in group {concept.group}, which the ISCOGroups file lacks: the files "
                "are of different versions, or not whole; download them again"
            )
        return Labelled(number, self._group(concept.group), concept)

    def _group(self, code: str) -> int:
        return self._groups.setdefault(code, len(self._groups))

    def _of_all(self) -> Iterator[Section]:
        """Yield what is the same in every language: addresses and codes, and the group of each occupation."""
        occupations, skills = self._numbers[Kind.occupations], self._numbers[Kind.skills]
        yield from text_sections("group", self._groups)
        for name, numbers in (("occupation", occupations), ("skill", skills)):
            yield from text_sections(name, numbers)
            yield from table_sections(f"{name}-at", {key_number(uri): number for uri, number in numbers.items()})
        groups = {key_number(uri): self._groups[self._group_of[number]] for uri, number in occupations.items()}
        yield from table_sections("group-of", groups)


_SINGULAR = {Kind.occupations: "occupation", Kind.skills: "skill"}


def _by_place(texts: dict[int, str]) -> list[str]:
    return [texts.get(place, "") for place in range(max(texts, default=-1) + 1)]
