"""How each configured source does."""

from dataclasses import dataclass
from datetime import UTC, datetime

from hub.app.hub import Hub
from hub.config import SourceConfig
from hub.schedule import next_slot
from hub.store import listings, quarantine, runs
from hub.store.runs import RunRow


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A configured source: its live listings, records kept aside, last run, and when it runs next."""

    config: SourceConfig
    live: int
    quarantined: int
    last: RunRow | None
    next: datetime | None


def statuses(hub: Hub) -> list[SourceStatus]:
    """Return every configured source and how it does."""
    with hub.database.read() as connection:
        return [
            SourceStatus(
                source,
                listings.count_live(connection, source.id),
                quarantine.count(connection, source.id),
                next(iter(runs.latest(connection, source.id)), None),
                _next(source, hub.config.settings.timezone),
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
