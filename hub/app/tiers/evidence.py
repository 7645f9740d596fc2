"""What is known of an adapter when it is graded."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from hub.testing import PROMISES, Result

_SUBJECTS = {promise.__name__: promise.__module__.rpartition(".")[2] for promise in PROMISES}


@dataclass(frozen=True, slots=True)
class History:
    """How the last runs of this hub with the adapter ended, those on sandboxes left out."""

    runs: int = 0
    complete: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was examined, counted and found.

    Args:
        results: what came of each promise of the conformance kit.
        sandbox: whether it ships a stand-in for its partner.
        recordings: how many recorded answers or records lie beside its tests.
        headings: of its README.
        unexplained: options without a sentence.
        tables: how many value tables it has.
        lint: sentences on what is wrong in them.
        met: how many values were looked up in its tables, over sandbox and recordings.
        known: how many of them the tables knew.
        history: of this hub.
    """

    results: Sequence[Result] = ()
    sandbox: bool = False
    recordings: int = 0
    headings: Sequence[str] = ()
    unexplained: Sequence[str] = ()
    tables: int = 0
    lint: Sequence[str] = ()
    met: int = 0
    known: int = 0
    history: History = field(default_factory=History)

    def broken(self, *subjects: str) -> list[Result]:
        """Return the promises about these subjects that are not kept."""
        return [each for each in self.results if each.kept is False and _SUBJECTS.get(each.promise) in subjects]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        return asdict(self)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """Return what `as_dict` gave."""
        values = dict(said)
        values["results"] = [Result(**each) for each in values["results"]]
        values["history"] = History(**values["history"])
        return cls(**values)
