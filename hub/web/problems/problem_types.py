"""The types of problems, with titles, meanings and advice in three languages, as ``problems.toml`` says them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

PATH = "/problems"
"""What the addresses of the types start with, behind that of the hub."""


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One type of problem.

    Args:
        code: the last part of its address, which stays the same for good.
        status: the HTTP status it comes with.
        usual: whether it is what this status means where nothing more is known.
        title: what is wrong in a few words, by language.
        means: the same in a sentence, by language.
        do: what to do, by language.
        standard: the type it has elsewhere, said instead of our own.
    """

    code: str
    status: int
    usual: bool
    title: Mapping[str, str]
    means: Mapping[str, str]
    do: Mapping[str, str]
    standard: str | None = None

    def address(self, hub: str) -> str:
        """Return the type as an answer says it."""
        return self.standard or f"{hub}{PATH}/{self.code}"


@cache
def problem_types() -> Mapping[str, ProblemType]:
    """Return every type of problem by its code."""
    said = tomllib.loads(files("hub.web.problems").joinpath("problems.toml").read_text("utf-8"))
    return {code: ProblemType(code=code, **{"usual": False, **values}) for code, values in said.items()}


@cache
def usual_type(status: int) -> ProblemType:
    """Return the type of a status where nothing more is known; of a status with no type that of its family."""
    usual = {each.status: each for each in problem_types().values() if each.usual}
    return usual.get(status) or usual[500 if status >= 500 else 400]
