"""How well sources describe their listings: now, over time, and what would help most."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from hub.app.hub import Hub
from hub.pipeline.plan import BRUSSELS
from hub.store import qualities, runs
from hub.store.qualities import Criterion, Day

TREND_DAYS = 30
WORST = 3

ADVICE: Mapping[str, str] = {
    "completeText": "send the whole description, 300 characters or more",
    "placePrecision": "say the municipality or its postal code, not only the province",
    "wayToApply": "say how to apply or to join: a page, a general mailbox, or a general number",
    "audienceStated": "say whom it is meant for or especially open to",
    "occupationCode": "send a code of a shared list, such as ESCO, beside the partner's own",
    "languageKnown": "say in which language the texts are",
    "expiryKnown": "say the last day to apply or to join",
    "organisationIdentified": "send the enterprise number of the employer or provider",
    "payStated": "say what it pays, or what it costs and what is paid for it",
}
"""What would let listings meet each criterion, as one says it to a partner."""


@dataclass(frozen=True, slots=True)
class Weak:
    """A criterion that a source meets badly.

    Args:
        name: of the criterion.
        criterion: how far it is met.
        advice: what would help.
        examples: local ids and titles of listings that meet it least.
    """

    name: str
    criterion: Criterion
    advice: str
    examples: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SourceQuality:
    """How well a source describes its listings now, on each of the last days, and where most could be gained."""

    now: Day
    trend: Sequence[Day]
    weak: Sequence[Weak]

    @property
    def change(self) -> float | None:
        """How much the score rose over the days that are known; None with less than two."""
        return round(self.now.score - self.trend[0].score, 4) if len(self.trend) > 1 else None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        return {
            "source": self.now.source,
            "day": self.now.day,
            "listings": self.now.listings,
            "score": self.now.score,
            "change": self.change,
            "criteria": {name: asdict(each) for name, each in self.now.criteria.items()},
            "trend": [{"day": each.day, "score": each.score, "listings": each.listings} for each in self.trend],
            "weak": [
                {
                    "criterion": each.name,
                    "gain": each.criterion.gain,
                    "advice": each.advice,
                    "examples": [{"localId": local_id, "title": title} for local_id, title in each.examples],
                }
                for each in self.weak
            ],
        }


def measure_due(hub: Hub, now: datetime) -> list[str]:
    """Measure every source that was not measured today since its last run, and return which; cheap where none is."""
    day = _day(now)
    with hub.database.read() as connection:
        due = qualities.stale(connection, day)
        measured = [qualities.measure(connection, source, day=day, run=run) for source, run in due.items()]
    found = [each for each in measured if each is not None]
    if found:
        with hub.database.write() as connection:
            for each in found:
                qualities.put(connection, each)
    return [each.source for each in found]


def overview(hub: Hub, now: datetime) -> list[SourceQuality]:
    """Return how well each configured source does, without what could be gained."""
    measure_due(hub, now)
    configured = {source.id for source in hub.config.sources}
    with hub.database.read() as connection:
        latest = [each for each in qualities.latest(connection) if each.source in configured]
        return [SourceQuality(each, _trend(connection, each.source, now), ()) for each in latest]


def quality_of(hub: Hub, source_id: str, now: datetime) -> SourceQuality | None:
    """Return how well a source does and where most could be gained; None where it has no live listing."""
    source = hub.config.source(source_id).id
    measure_due(hub, now)
    with hub.database.read() as connection:
        run = runs.state(connection, source).applied_run
        found = qualities.measure(connection, source, day=_day(now), run=run)
        if found is None:
            return None
        by_gain = sorted(found.criteria.items(), key=lambda each: (-each[1].gain, each[0]))
        weak = [
            Weak(name, each, ADVICE[name], qualities.examples(connection, source, name, each.worst))
            for name, each in by_gain[:WORST]
            if each.gain > 0
        ]
        return SourceQuality(found, _trend(connection, source, now), weak)


def _trend(connection: Any, source: str, now: datetime) -> list[Day]:
    return qualities.since(connection, source, _day(now - timedelta(days=TREND_DAYS - 1)))


def _day(now: datetime) -> str:
    return now.astimezone(BRUSSELS).date().isoformat()
