"""What passes between a hub and the process that runs one source for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.config import Config
from hub.store.leases import Lease


@dataclass(frozen=True, slots=True)
class Order:
    """To run one source once, under a lease that somebody else holds and renews.

    Args:
        overlay: the options that lead to the source's sandbox; None for a source that has none.
        seconds: how long it may take.
        megabytes: how much memory it may use.
        log_level: the level of the log of who orders.
    """

    config: Config
    data: Path
    public_url: str
    sandbox_address: str
    overlay: Mapping[str, Any] | None
    lease: Lease
    seconds: float
    megabytes: int
    log_level: int


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a run is."""

    step: str
    done: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended, and whether the disk refused to write; None where the run wrote nothing that would tell."""

    run: int
    outcome: str
    reason: str | None
    full: bool | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there was no run, or why nothing of it was applied; and whether that is since the disk refused to write."""

    reason: str
    full: bool | None = None
