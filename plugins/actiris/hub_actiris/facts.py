"""What a code or a label of Actiris says about an offer: the adapter's tables, and what a source declares over them."""

from collections.abc import Mapping as Values
from typing import Literal

from hub import Audience, EmploymentType, Mapping, Options, WorkTime

MAPPING = Mapping.load("hub_actiris")
"""The adapter's own tables (``mapping.toml``)."""


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


def declared(contracts: Values[str, Facts], regimes: Values[str, Facts]) -> Mapping:
    """Return the tables that a source's options declare."""
    return Mapping.of({"contracts": _stated(contracts), "regimes": _stated(regimes)}, file="options")


def _stated(entries: Values[str, Facts]) -> dict[str, dict[str, object]]:
    apart = {"confidence", "note"}
    return {
        code: facts.model_dump(mode="json", exclude=apart, exclude_defaults=True) for code, facts in entries.items()
    }
