"""How each configured source does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from hub.app import feedback
from hub.app.hub import Hub
from hub.config import SourceConfig
from hub.schedule import next_slot
from hub.store import listings, quarantine, runs
from hub.store.feedback import usage
from hub.store.runs import RunRow


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A configured source: what it holds, how its last run ended, when it runs next, and what portals tell of it.

    Args:
        config: of the source.
        live: its live listings.
        quarantined: its records kept aside.
        last: its last run.
        next: when it runs next.
        used: how often its listings were shown, opened and applied to in the last days (`feedback.DAYS`).
        reported: how many reports about them wait for a person.
    """

    config: SourceConfig
    live: int
    quarantined: int
    last: RunRow | None
    next: datetime | None
    used: Mapping[str, int]
    reported: int


def statuses(hub: Hub) -> list[SourceStatus]:
    """Return every configured source and how it does."""
    now = datetime.now(UTC)
    waiting = {each.source: each.open for each in feedback.overview(hub, now)}
    with hub.database.read() as connection:
        used = usage.by_source(connection, feedback.first_day(now))
        return [
            SourceStatus(
                source,
                listings.count_live(connection, source.id),
                quarantine.count(connection, source.id),
                next(iter(runs.latest(connection, source.id)), None),
                _next(source, hub.config.settings.timezone),
                feedback.counts_of(used.get(source.id, {})),
                waiting[source.id],
            )
            for source in hub.config.sources
        ]


def unconfigured(hub: Hub) -> dict[str, int]:
    """Return the sources that have no file any more and still have live listings, and how many each has."""
    configured = {source.id for source in hub.config.sources}
    with hub.database.read() as connection:
        known = connection.exec_driver_sql("SELECT id FROM source ORDER BY id").scalars().all()
        counts = {name: listings.count_live(connection, name) for name in known if name not in configured}
    return {name: count for name, count in counts.items() if count}


def _next(source: SourceConfig, timezone: str) -> datetime | None:
    if not source.enabled or source.schedule is None:
        return None
    return next_slot(source.schedule, after=datetime.now(UTC), timezone=timezone)
