"""What a code or a label of Actiris says about an offer, from the table beside this file (``mapping.toml``)."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from hub import Audience, EmploymentType, Options, WorkTime


class Facts(Options):
    """What one value of the partner means in the common model; empty where it says nothing there."""

    employment_type: tuple[EmploymentType, ...] = ()
    """The kinds of contract it may be."""
    work_time: tuple[WorkTime, ...] = ()
    """Full time, part time, or either."""
    training_on_the_job: bool | None = None
    """One is trained in the job."""
    adapted_work: bool | None = None
    """Adapted work."""
    social_economy: bool | None = None
    """Social economy."""
    reserved_for: tuple[Audience, ...] = ()
    """Only these may apply."""
    confidence: Literal["A", "B", "C", "D"] = "D"
    """How well the meaning is known: A official, B agreeing observers, C one observer, D assumed."""
    note: str = ""
    """Why it is read so, for the owner of the table."""


class Label(Facts):
    """Facts that hold where a label contains these whole words."""

    contains: str
    """Words of the label, in lower case and without accents; a last ``*`` lets the last word go on."""
    unless: tuple[str, ...] = ()
    """Words that, where the label contains them too, keep the entry from holding."""


class Table(Options):
    """The whole table, with who keeps it and since when it stands so."""

    owner: str
    """Who keeps the table."""
    date: str
    """Day of its last review, yyyy-mm-dd."""
    contracts: Mapping[str, Facts]
    """Contract codes."""
    regimes: Mapping[str, Facts]
    """Working-time codes."""
    labels: tuple[Label, ...]
    """Words of contract labels."""


@cache
def table() -> Table:
    """Return the adapter's own table."""
    return Table.model_validate(tomllib.loads(files("hub_actiris").joinpath("mapping.toml").read_text("utf-8")))


@cache
def label_facts(label: str) -> tuple[Facts, ...]:
    """Return the facts of every entry whose words the label contains."""
    words = _folded(label)
    return tuple(entry for entry in table().labels if _holds(entry, words))


@cache
def code_facts(code: str) -> Facts | None:
    """Return the facts of a contract code, whatever its capitals; None when the table does not know it."""
    return next((facts for known, facts in table().contracts.items() if known.casefold() == code.casefold()), None)


def disagreeing(label: Iterable[Facts], code: Facts | None) -> bool:
    """Tell whether label and code name kinds of contract that have nothing in common."""
    by_label = next((entry.employment_type for entry in label if entry.employment_type), ())
    by_code = code.employment_type if code else ()
    return bool(by_label and by_code) and not set(by_label) & set(by_code)


def combined(facts: Iterable[Facts]) -> dict[str, object]:
    """Return the facts that are stated, as fields of a vacancy; the first to state a field wins."""
    stated: dict[str, object] = {}
    for entry in facts:
        for name, value in entry.model_dump(include=set(FIELDS), exclude_defaults=True).items():
            stated.setdefault(name, value)
    return stated


FIELDS = (
    "employment_type",
    "work_time",
    "training_on_the_job",
    "adapted_work",
    "social_economy",
    "reserved_for",
)
"""The fields of a vacancy that facts may fill."""


def _holds(entry: Label, words: str) -> bool:
    return _phrase(entry.contains).search(words) is not None and not any(
        _phrase(other).search(words) for other in entry.unless
    )


@cache
def _phrase(words: str) -> re.Pattern[str]:
    ending = r"" if words.endswith("*") else r"(?!\w)"
    return re.compile(rf"(?<!\w){re.escape(words.removesuffix('*'))}{ending}")


def _folded(label: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFD", label) if not unicodedata.combining(char))
    return " ".join(bare.casefold().replace("’", "'").split())
