"""The two vocabularies that listings are made of: that of the made-up labour market, and a second one, held out."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

Phrase = tuple[tuple[str, ...], tuple[str, ...]]
"""What is said in Dutch and in French, each in one or more renderings."""

_MARKET = Path(__file__).resolve().parents[2] / "hub" / "testing"
"""Read as files: importing the kit would start half the hub."""


@dataclass(frozen=True, slots=True)
class Occupation:
    """A trade: its titles, its tasks, and the code that careful partners give it."""

    title: Phrase
    tasks: tuple[Phrase, ...]
    code: str
    sector: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that one labour market can say.

    Args:
        occupations: its trades.
        sentences: what advertisements say beside the tasks, by part of the text.
        names: patterns of employers' names by sector, with ``{name}``; ``agency`` for agencies.
        words: what ``{name}`` stands for.
        tails: what may follow.
        forms: legal forms.
        items: names that are not translated.
        streets: streets in Dutch and French.
    """

    occupations: tuple[Occupation, ...]
    sentences: Mapping[str, tuple[Phrase, ...]]
    names: Mapping[str, Sequence[str]]
    words: Sequence[str]
    tails: Sequence[str]
    forms: Sequence[str]
    items: Sequence[str]
    streets: tuple[Sequence[str], Sequence[str]]


def market() -> Vocabulary:
    """Return the vocabulary of the made-up labour market of the sandboxes."""
    said, employers = _table("sentences"), _table("employers")
    parts = {"intro": "intro", "more": "body", "profile": "profile", "offer": "offer", "closing": "closing"}
    return Vocabulary(
        occupations=tuple(_market_occupation(each) for each in _table("occupations")["occupation"]),
        sentences={ours: _both(said["nl"][theirs], said["fr"][theirs]) for theirs, ours in parts.items()},
        names=employers["patterns"] | {"agency": employers["kinds"]["agency"]},
        words=employers["names"],
        tails=employers["tails"],
        forms=employers["forms"],
        items=("SAP", "AS400", "Odoo", "X12", "Kronos", "Zeta"),
        streets=(said["streets"]["nl"], said["streets"]["fr"]),
    )


def second() -> Vocabulary:
    """Return the second vocabulary, which the rules were not looked at with."""
    read = tomllib.loads(Path(__file__).with_name("second.toml").read_text("utf-8"))
    words = read["words"]
    streets = _table("sentences")["streets"]
    return Vocabulary(
        occupations=tuple(_occupation(each, place) for place, each in enumerate(read["occupation"])),
        sentences={part: tuple(_phrase(each) for each in said) for part, said in read["sentences"].items()},
        names={"all": [f"{{name}} {end}" for end in words["ends"]], "agency": words["agencies"]},
        words=words["starts"],
        tails=("", "", "", " Group", " Belgium", " & Co"),
        forms=words["forms"],
        items=words["items"],
        streets=(streets["nl"], streets["fr"]),
    )


VOCABULARIES = {"market": market, "second": second}


def rendered(phrase: Phrase, language: str, rng: Random) -> str:
    """Return one rendering of a phrase in Dutch or French."""
    return rng.choice(phrase[0 if language == "nl" else 1])


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((_MARKET / f"{name}.toml").read_text("utf-8"))


def _both(dutch: Sequence[str], french: Sequence[str]) -> tuple[Phrase, ...]:
    return tuple(((one,), (other,)) for one, other in zip(dutch, french, strict=True))


def _market_occupation(said: Mapping[str, Any]) -> Occupation:
    tasks = _both([f"{task}." for task in said["tasks"]["nl"]], [f"{task}." for task in said["tasks"]["fr"]])
    title = ((said["title"]["nl"],), (said["title"]["fr"],))
    return Occupation(title, tasks, said["isco"], said["sector"])


def _occupation(said: Mapping[str, Any], place: int) -> Occupation:
    return Occupation(_phrase(said["title"]), tuple(_phrase(task) for task in said["tasks"]), f"8{place:03}", "all")


def _phrase(said: str) -> Phrase:
    dutch, french = (tuple(each.strip() for each in side.split(" ~ ")) for side in said.split(" | "))
    return dutch, french
