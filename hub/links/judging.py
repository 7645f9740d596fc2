"""What one answer says of a page: it is there, it is gone, or nothing.

Only what a partner says on purpose counts as gone: 404, 410, or being sent elsewhere, to a home or search page or to
one that says that it is over. A partner that is down, refuses us or wants to be left alone says nothing of the page.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from urllib.parse import SplitResult, unquote, urlsplit

GONE = frozenset({404, 410})
_LANGUAGE = re.compile(r"[a-z]{2}(-[a-z]{2})?")
_ENDING = re.compile(r"\.(html?|php|aspx?|jsp)$")
_SPACE = re.compile(r"\s+")


class Found(StrEnum):
    """What was found at an address."""

    alive = "alive"
    gone = "gone"
    unknown = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for a page.

    Args:
        asked: the address.
        landed: the address that answered, behind all redirects; that of the last step where none did.
        status: its status; None where no answer came, or nothing was asked.
        text: the start of the page; empty where it was not needed.
        trouble: why nothing was asked or nothing came: ``robots``, ``private``, ``timeout``, ``unreachable`` and such.
    """

    asked: str
    landed: str
    status: int | None = None
    text: str = ""
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """How a partner says that a page is gone, though it answers 200.

    Args:
        paths: patterns of paths (``*`` for anything) to which it sends who asks for a page that is gone.
        texts: what a page says that is over.
    """

    paths: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at an address says, and why in a word or two."""

    found: Found
    reason: str


def judge(answer: Answer, marks: Marks) -> Sight:
    """Return what an answer says of the page that was asked for."""
    if answer.trouble:
        return Sight(Found.unknown, answer.trouble)
    if answer.status in GONE:
        return Sight(Found.gone, str(answer.status))
    if answer.status is None or not 200 <= answer.status < 300:
        return Sight(Found.unknown, str(answer.status))
    return _soft(answer, marks) or Sight(Found.alive, str(answer.status))


def _soft(answer: Answer, marks: Marks) -> Sight | None:
    """Return what a page that is there says by where it is or by its text; None where it says nothing of the kind."""
    asked, landed = urlsplit(answer.asked), urlsplit(answer.landed)
    if _elsewhere(asked, landed):
        if _comes_back(asked, landed):
            return Sight(Found.unknown, "sent by another page")
        if any(fnmatchcase(landed.path.casefold(), path.casefold()) for path in marks.paths):
            return Sight(Found.gone, f"sent to {landed.path}")
        if _is_general(landed) and not _is_general(asked):
            return Sight(Found.gone, f"sent to {landed.path or '/'}")
    text = _folded(answer.text)
    said = next((each for each in marks.texts if _folded(each) in text), None)
    return Sight(Found.gone, f"the page says “{said}”") if said else None


def _elsewhere(asked: SplitResult, landed: SplitResult) -> bool:
    return (asked.hostname, asked.path.rstrip("/")) != (landed.hostname, landed.path.rstrip("/"))


def _comes_back(asked: SplitResult, landed: SplitResult) -> bool:
    """Say whether it is a page between, such as one that asks for consent, which knows where one wanted to go."""
    return len(asked.path) > 1 and asked.path in unquote(unquote(landed.query))


def _is_general(where: SplitResult) -> bool:
    """Say whether a path is that of a home page or of a search, in general or in a language."""
    segments = [_ENDING.sub("", each) for each in where.path.casefold().split("/") if each]
    names = general()
    return (
        not segments or (len(segments) == 1 and _LANGUAGE.fullmatch(segments[0]) is not None) or segments[-1] in names
    )


def _folded(text: str) -> str:
    return _SPACE.sub(" ", text).casefold()


@cache
def general() -> frozenset[str]:
    """Return the last parts of paths that are those of home pages, searches, and pages for what is gone."""
    told: Mapping[str, list[str]] = tomllib.loads(files("hub.links").joinpath("general.toml").read_text("utf-8"))
    return frozenset(word for words in told.values() for word in words)
