"""Looking things up in ESCO: what a label means in a language, and what a concept is called."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from hub.codelists.entry import Entry
from hub.codelists.list_file import ListFile, NumberTable, Texts
from hub.model.code import Code

LABELS = ("nl", "fr", "de", "en")
"""The languages in which codes are named where they are published."""
_LONG = 14
"""Letters from which two may be wrong."""
_SHORTEST = 8
_ENDS = 4


class Esco:
    """ESCO as it was imported. Keys are labels made by `fold`."""

    def __init__(self, path: Path) -> None:
        """Open the list."""
        self.file = ListFile(path)
        counts: Mapping[str, Mapping[str, int]] = self.file.about["counts"]
        self.languages: tuple[str, ...] = tuple(counts["occupations"])
        self._occupations = {language: self.file.table(f"occupation.{language}") for language in self.languages}
        self._skills = {language: self.file.table(f"skill.{language}") for language in counts["skills"]}
        self._group_of = self.file.table("group-of")
        self._number_of = self.file.table("occupation-at")
        self._skill_number_of = self.file.table("skill-at")
        groups = self.file.texts("group")
        self._group_numbers = {groups[number]: number for number in range(len(groups))}
        self._codes: dict[tuple[str, int], Code] = {}
        self._near: dict[str, _Spellings] = {}

    @property
    def digest(self) -> str:
        """What changes when the list does."""
        return str(self.file.about["digest"])

    def occupation(self, key: str, language: str) -> Entry | None:
        """Return what a label means as an occupation."""
        return _entry(self._occupations.get(language), key)

    def skill(self, key: str, language: str) -> Entry | None:
        """Return what a label means as a skill."""
        return _entry(self._skills.get(language), key)

    def near(self, key: str, language: str) -> tuple[str, ...]:
        """Return the labels that a key of eight letters or more may be a misspelling of: one letter, two in long ones.

        A letter may be wrong, missing, too many, or two of them swapped; never the first, nor a digit, nor one of a
        word that labels are made of.
        """
        if language not in self._occupations:
            return ()
        if language not in self._near:
            self._near[language] = _Spellings(self.file.texts(f"spelt.{language}"))
        return self._near[language].near(key)

    def occupation_code(self, concept: int) -> Code:
        """Return an occupation as a code: its address, named in our languages."""
        return self._code("occupation", "esco", concept)

    def skill_code(self, concept: int) -> Code:
        """Return a skill as a code."""
        return self._code("skill", "esco", concept)

    def group_code(self, group: int) -> Code:
        """Return an ISCO-08 group as a code."""
        return self._code("group", "isco-08", group)

    def named(self, code: Code) -> Code | None:
        """Return a code of ESCO or ISCO-08 with its name; None where the list does not have it."""
        if code.scheme == "isco-08":
            group = self._group_numbers.get(code.value)
            return None if group is None else self.group_code(group)
        numbers = ((self._number_of.find(code.value), "occupation"), (self._skill_number_of.find(code.value), "skill"))
        found = next(((number, kind) for number, kind in numbers if number is not None), None)
        return None if found is None or code.scheme != "esco" else self._code(found[1], "esco", found[0])

    def group_of(self, uri: str) -> int | None:
        """Return the ISCO-08 unit group of the occupation with this address."""
        return self._group_of.find(uri)

    def _code(self, kind: str, scheme: str, number: int) -> Code:
        if (kind, number) not in self._codes:
            label = {language: text for language in LABELS if (text := self._text(f"{kind}.{language}", number))}
            value = self.file.texts(kind)[number]
            self._codes[kind, number] = Code(scheme=scheme, value=value, label=label or None)
        return self._codes[kind, number]

    def _text(self, name: str, number: int) -> str:
        texts = self.file.texts(name)
        return texts[number] if number < len(texts) else ""


def _entry(table: NumberTable | None, key: str) -> Entry | None:
    number = None if table is None else table.find(key)
    return None if number is None else Entry.unpacked(number)


class _Spellings:
    """Labels by how they begin and how they end: a single mistake leaves one of both as it was."""

    def __init__(self, texts: Texts) -> None:
        self._labels: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._words: set[str] = set()
        for place in range(len(texts)):
            label = texts[place]
            self._words.update(label.split())
            if len(label) >= _SHORTEST - 1:
                for bucket in _buckets(label):
                    self._labels[bucket].append(label)

    def near(self, key: str) -> tuple[str, ...]:
        # Words that labels are made of are no misspellings: a production operator is no projection operator.
        if len(key) < _SHORTEST or self._words.issuperset(key.split()):
            return ()
        most = 2 if len(key) >= _LONG else 1
        labels: list[str] = [label for bucket in _buckets(key) for label in self._labels.get(bucket, ())]
        found = process.extract(key, labels, scorer=OSA.distance, score_cutoff=most, limit=None, processor=None)
        return tuple(dict.fromkeys(label for label, _, _ in found if self._is_meant(key, label)))

    def _is_meant(self, key: str, label: str) -> bool:
        """Say whether only words that no label has are spelled otherwise, and no digit."""
        wrong, right = set(key.split()) - set(label.split()), set(label.split()) - set(key.split())
        return self._words.isdisjoint(wrong) and _digits(key) == _digits(label) and len(wrong) >= len(right)


def _buckets(label: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return how a label begins, and its first letter with how it ends."""
    return (label[:_ENDS], ""), (label[:1], label[-_ENDS:])


def _digits(key: str) -> str:
    return "".join(filter(str.isdigit, key))
