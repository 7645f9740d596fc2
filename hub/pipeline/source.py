"""A source ready to run: its adapter, and what the hub says of it."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import orjson

from hub.adapter import Adapter
from hub.codelists import Codelists
from hub.pipeline.enrich.version import VERSIONS

MODEL_VERSION = "2"
"""Raise it when the model or validation would make another listing of the same record."""


@dataclass(frozen=True, slots=True)
class Expect:
    """The volume a source normally has.

    Args:
        min: fewest records a complete list holds.
        max: most records a complete list holds.
        min_share: least share of its usual length that a complete list holds.
        max_drop: largest share of live listings that one run may take out of the feed.
        max_changed: largest share of live listings that one run may change.
        max_churn: largest share of live listings that may go in a run that brings as many others.
        min_fill: a key field may not fall to this share of its usual fill, or below.
        floor: so many may always go or change, whatever their share.
        absence_hours: how long a listing must be missing before it is withdrawn.
        absence_runs: how many complete lists in a row must lack it; 1 withdraws at once, whatever the hours.
        max_age_days: how old a vacancy without a last day may be before it is doubted; None for what is usual.
    """

    min: int = 0
    max: int | None = None
    min_share: float = 0.8
    max_drop: float = 0.2
    max_changed: float = 0.5
    max_churn: float = 0.5
    min_fill: float = 0.5
    floor: int = 20
    absence_hours: float = 1.0
    absence_runs: int = 2
    max_age_days: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One configured use of an adapter."""

    id: str
    adapter: Adapter[Any]
    partner: str | None = None
    licence: str | None = None
    attribution: str | None = None
    expect: Expect = Expect()
    codelists: Codelists = field(default_factory=Codelists)

    def edition(self) -> str:
        """Return which version of the adapter and of each mapping reads its records, as JSON."""
        mappings = [
            {"owner": each.owner, "date": str(each.date), "digest": each.digest} for each in self.adapter.mappings()
        ]
        return orjson.dumps({"version": self.adapter.version, "mappings": mappings}).decode()

    def stamp(self) -> str:
        """Return a digest of all that shapes a listing besides the record itself."""
        shaping = {
            "adapter": self.adapter.name,
            "version": self.adapter.version,
            "model": MODEL_VERSION,
            "enrich": dict(VERSIONS),
            "codelists": self.codelists.version,
            "options": self.adapter.options.model_dump(mode="json"),
            "mappings": [mapping.digest for mapping in self.adapter.mappings()],
            "said": [self.partner, self.licence, self.attribution],
        }
        return hashlib.sha256(orjson.dumps(shaping, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
