"""How the hub and its sources do, as the web layer tells its visitors."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from threading import Lock

from hub.alarms import Kind
from hub.app.alarming import norm
from hub.app.grading import RUNS, KnownTiers, added
from hub.app.hub import Hub
from hub.app.tiers import History
from hub.config import SourceConfig
from hub.store import Connection, listings, pages
from hub.store.standing import Standing, standings
from hub.web.state import Health, LastRun, SourceState, Status, overall

_KEPT_SECONDS = 5.0
_NORM_HOLDS = timedelta(hours=1)
_TOLD = ("fetched", "created", "updated", "unchanged", "merged", "refused", "withdrawn", "absent", "missing", "found")
"""What is told of the counts of a run."""

_LATE = 0.5
"""A source is late when more than this part of the time has passed that its next complete run may take to come."""
_BY_ALARM = ((Kind.stale, Health.stale), (Kind.held, Health.held), (Kind.failing, Health.failing))
"""The health that an alarm makes; the first that is open counts."""


class States:
    """Tells how the hub does, asking the store once in some seconds at most.

    Args:
        hub: the opened hub.
        version: of the hub.
        clock: tells the moment.
    """

    def __init__(self, hub: Hub, version: str, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._hub = hub
        self._version = version
        self._clock = clock
        self._lock = Lock()
        self._kept: tuple[float, Status] | None = None
        self._live: dict[str, tuple[str | None, int]] = {}
        self._norms: dict[str, tuple[datetime, timedelta | None]] = {}

    def __call__(self) -> Status:
        """Return how the hub does."""
        with self._lock:
            if self._kept is None or time.monotonic() >= self._kept[0]:
                self._kept = time.monotonic() + _KEPT_SECONDS, self._found(self._clock())
            return self._kept[1]

    @cached_property
    def _tiers(self) -> KnownTiers:
        today = datetime.now(self._hub.config.settings.zone).date()
        return KnownTiers(self._hub.data, self._hub.plugins, today)

    def _found(self, now: datetime) -> Status:
        config = self._hub.config
        views = [view.id for view in config.every_view if view.access == "public"]
        with self._hub.database.read() as connection:
            stand = standings(connection, [source.id for source in config.sources], runs=RUNS)
            live = {each.source: self._count(connection, each) for each in stand}
            heads = {view: pages.head(connection, view) for view in views}
        tiers = self._tiers_of(stand)
        states = [self._state(each, live[each.source], tiers, now) for each in stand]
        done = overall(states, read_only=self._hub.database.read_only())
        return Status(done, self._version, states, heads)

    def _tiers_of(self, stand: Sequence[Standing]) -> Mapping[str, str | None]:
        """Return the tier of each adapter in use; runs on sandboxes say nothing about a partner."""
        histories: dict[str, History] = {}
        for each in stand:
            source = self._hub.config.source(each.source)
            outcomes = () if source.sandbox else each.outcomes
            histories[source.adapter] = added(histories.get(source.adapter, History()), outcomes)
        return {adapter: self._tiers.tier(adapter, history) for adapter, history in histories.items()}

    def _count(self, connection: Connection, stand: Standing) -> int:
        """Return how many listings of a source are live; counted again only where that may have changed."""
        mark, count = self._live.get(stand.source, (None, 0))
        if mark is None or mark != stand.mark:
            count = listings.count_live(connection, stand.source)
            self._live[stand.source] = stand.mark, count
        return count

    def _expected(self, source: str, now: datetime) -> timedelta | None:
        """Return how long the next complete run may take to come; worked out again once an hour."""
        until, found = self._norms.get(source, (now, None))
        if until <= now:
            found = norm(self._hub, source, now)
            self._norms[source] = now + _NORM_HOLDS, found
        return found

    def _state(self, stand: Standing, live: int, tiers: Mapping[str, str | None], now: datetime) -> SourceState:
        source = self._hub.config.source(stand.source)
        expected = self._expected(source.id, now)
        age = now - datetime.fromisoformat(stand.last_complete) if stand.last_complete else None
        return SourceState(
            id=source.id,
            health=_health(source, stand, age, expected),
            partner=source.partner,
            adapter=source.adapter,
            tier=tiers[source.adapter],
            live=live,
            last_complete=stand.last_complete,
            age_minutes=_minutes(age),
            expected_minutes=_minutes(expected),
            last_run=_run(stand),
            quality=stand.score,
            alarms=stand.alarms,
        )


def _health(source: SourceConfig, stand: Standing, age: timedelta | None, expected: timedelta | None) -> Health:
    if not source.enabled:
        return Health.stopped
    over = age / expected if age is not None and expected else 0.0
    if over > 1:
        return Health.stale
    for kind, health in _BY_ALARM:
        if kind in stand.alarms:
            return health
    if age is None:
        return Health.new
    return Health.late if over > _LATE else Health.fine


def _run(stand: Standing) -> LastRun | None:
    if stand.started is None:
        return None
    counts = {name: stand.counts[name] for name in _TOLD if name in stand.counts}
    return LastRun(stand.started, stand.finished, stand.outcome, counts)


def _minutes(span: timedelta | None) -> int | None:
    return int(span.total_seconds() // 60) if span is not None else None
