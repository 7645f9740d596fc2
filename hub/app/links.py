"""Looking after links: reading them from the listings, looking whether pages are there, and doubting what follows."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from hub.app.hub import Hub
from hub.client import Reach
from hub.client.deadline import stoppable
from hub.client.links import LeaveAlone, LinkLooker, Manners
from hub.config import SourceConfig
from hub.links import Marks, Patience, Sight, first_due, judge
from hub.pipeline import Expect
from hub.pipeline.doubt import Doubting, Weighed, doubt_due, weigh
from hub.store import Connection, doubts, leases, links
from hub.store.links import LinkRow, Suspect

LEASE = "#links"
"""Who looks at links holds the lease of this name, so that two processes never ask the same host at once."""
ROUND_SECONDS = 50.0
_HOSTS_AT_ONCE = 8
_BATCH = 2000
_SLACK_SECONDS = 120.0
_TOO_MANY = 429

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Round:
    """What one round of looking brought: addresses by what was found, and hosts that were left alone."""

    found: Counter[str] = field(default_factory=Counter)
    left_alone: set[str] = field(default_factory=set)

    @property
    def looked(self) -> int:
        """How many addresses were looked at."""
        return sum(self.found.values())


@dataclass(frozen=True, slots=True)
class Links:
    """How the links of a source stand.

    Args:
        source: its id.
        enabled: whether they are looked after.
        verdicts: addresses by verdict.
        weighed: what the evidence asks for.
    """

    source: str
    enabled: bool
    verdicts: dict[str, int]
    weighed: Weighed

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        said, norm = self.weighed, self.weighed.norm
        return {
            "source": self.source,
            "enabled": self.enabled,
            "verdicts": self.verdicts,
            "failing": asdict(said.failing),
            "links": said.links.value,
            "norm": asdict(norm) if norm else None,
            "old": asdict(said.old),
            "age": said.age.value,
        }


@dataclass(frozen=True, slots=True)
class _Task:
    """The addresses of one host to look at, for one source."""

    source: SourceConfig
    host: str
    urls: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Walk:
    """One round: when it is, until when it may take its turns (of the clock of manners), and what stops it."""

    hub: Hub
    treated: Manners
    now: datetime
    until: float
    stop: threading.Event


def manners(hub: Hub, **more: Any) -> Manners:
    """Return how hosts are treated; keep it, as it remembers what it learns of hosts."""
    return Manners(hub.public_url, rate=hub.config.settings.links.pace, **more)


def patience(hub: Hub) -> Patience:
    """Return how long an address is believed to be there."""
    said = hub.config.settings.links
    return Patience(tries=said.tries, over_days=said.over_days, every_days=said.every_days)


def looked_after(hub: Hub, source: SourceConfig) -> bool:
    """Say whether the links of a source are looked after."""
    return hub.config.settings.links.enabled and source.links and source.enabled


def gather(hub: Hub, now: datetime) -> None:
    """Read the addresses and first days of listings that are new or changed, and note which listings ended."""
    rules = patience(hub)
    for source in hub.config.sources:
        wanted = looked_after(hub, source)
        with hub.database.read() as connection:
            numbers = links.changed(connection, source.id, links=wanted)
            over = not wanted and links.any_of(connection, source.id)
        for start in range(0, len(numbers), _BATCH):
            with hub.database.write() as connection:
                batch = numbers[start : start + _BATCH]
                links.collect(connection, batch, due=partial(first_due, now=now, patience=rules), links=wanted)
        with hub.database.write() as connection:
            doubts.end(connection, source.id, now=now)
            if over:
                links.forget(connection, source.id)


def look(
    hub: Hub,
    treated: Manners,
    now: datetime,
    *,
    seconds: float = ROUND_SECONDS,
    stop: threading.Event | None = None,
) -> Round:
    """Look at the addresses that are due, the ones due longest first, for at most so many seconds.

    Nothing happens while another process looks. Each host is asked at its own pace, several hosts at once.
    """
    with hub.database.read() as connection:
        tasks = [task for source in hub.config.sources for task in _tasks(hub, source, connection, now, seconds)]
    walk = _Walk(hub, treated, now, treated.clock() + seconds, stop or threading.Event())
    return _look(walk, tasks, seconds)


def look_now(hub: Hub, source_id: str, treated: Manners, now: datetime, *, count: int) -> Round:
    """Look at the addresses of a source that were not looked at for longest, due or not."""
    source = hub.config.source(source_id)
    gather(hub, now)
    with hub.database.read() as connection:
        urls = [url for url in links.next_up(connection, source_id, count) if _may(hub, source, _netloc(url))]
    hosts = dict.fromkeys(map(_netloc, urls))
    tasks = [_Task(source, host, [url for url in urls if _netloc(url) == host]) for host in hosts]
    rate = hub.config.settings.links.pace
    seconds = 2 * count * rate.seconds / rate.calls + ROUND_SECONDS
    return _look(_Walk(hub, treated, now, treated.clock() + seconds, threading.Event()), tasks, seconds)


def doubt(hub: Hub, now: datetime, *, anyway: Iterable[str] = ()) -> dict[str, int]:
    """Doubt and trust what the evidence asks for, and return how many listings of each source changed in the feed.

    Args:
        hub: the opened hub.
        now: the moment.
        anyway: the sources of which a person wants that however many there are.
    """
    wanted = [doubting(hub, source, anyway=source.id in set(anyway)) for source in hub.config.sources]
    return doubt_due(hub.database, hub.data / "plans", now, wanted)


def doubting(hub: Hub, source: SourceConfig, *, anyway: bool = False) -> Doubting:
    """Return how a source's listings are doubted."""
    return Doubting(source.id, looked_after(hub, source), Expect(**source.expect.model_dump()), anyway)


def statuses(hub: Hub, now: datetime) -> list[Links]:
    """Return how the links of each source stand."""
    with hub.database.read() as connection:
        verdicts = links.by_verdict(connection)
        return [
            Links(
                source.id,
                looked_after(hub, source),
                verdicts.get(source.id, {}),
                weigh(connection, doubting(hub, source), now),
            )
            for source in hub.config.sources
        ]


def suspects(hub: Hub, source_id: str, count: int) -> list[Suspect]:
    """Return the addresses of a source that were gone at the last look, those that failed most often first."""
    with hub.database.read() as connection:
        return links.suspects(connection, hub.config.source(source_id).id, count)


def of_listing(hub: Hub, number: int) -> tuple[list[LinkRow], list[str]]:
    """Return the addresses of a listing, and why it is thought to be over."""
    with hub.database.read() as connection:
        return links.of_listing(connection, number), doubts.reasons(connection, number)


# One round ------------------------------------------------------------------------------------------------------


def _tasks(hub: Hub, source: SourceConfig, connection: Connection, now: datetime, seconds: float) -> Iterator[_Task]:
    rate = hub.config.settings.links.pace
    most = int(seconds * rate.calls / rate.seconds) + 1
    for each in links.due(connection, source.id, now=now, limit=most) if looked_after(hub, source) else ():
        if _may(hub, source, each.host):
            yield _Task(source, each.host, each.urls)


def _may(hub: Hub, source: SourceConfig, host: str) -> bool:
    """Say whether a host may be asked for a source: what a sandbox makes up is asked of nobody else."""
    return not source.sandbox or host == urlsplit(hub.sandbox_address).netloc.casefold()


def _look(walk: _Walk, tasks: Sequence[_Task], seconds: float) -> Round:
    made = Round()
    if not tasks:
        return made
    with _alone(walk.hub, seconds) as alone, ThreadPoolExecutor(_HOSTS_AT_ONCE, thread_name_prefix="links") as pool:
        work = {pool.submit(_visit, walk, task): task for task in tasks} if alone else {}
        for done in as_completed(work):
            sights, left_alone = done.result()
            _take(walk, work[done], sights, made)
            if left_alone:
                made.left_alone.add(work[done].host)
    return made


def _take(walk: _Walk, task: _Task, sights: Sequence[tuple[str, Sight]], made: Round) -> None:
    if sights:
        with walk.hub.database.write() as connection:
            links.note(connection, task.source.id, sights, now=walk.now, patience=patience(walk.hub))
    made.found.update(sight.found.value for _, sight in sights)


def _visit(walk: _Walk, task: _Task) -> tuple[list[tuple[str, Sight]], bool]:
    """Look at the addresses of one host in turn, and return what was found, and whether it is to be left alone."""
    marks = Marks(task.source.gone_page.paths, task.source.gone_page.texts)
    sights: list[tuple[str, Sight]] = []
    with LinkLooker(walk.treated, reach=_reach(walk.hub, task.source)) as looker, stoppable(walk.stop):
        for url in task.urls:
            if walk.treated.clock() >= walk.until:
                return sights, False
            try:
                answer = looker.look(url, until=walk.until, text=bool(marks.texts))
            except LeaveAlone as why:
                _log.debug("%s is left alone: %s", task.host, why)
                return sights, True
            if walk.stop.is_set():  # what was cut off says nothing
                return sights, False
            sights.append((url, judge(answer, marks)))
            if answer.status == _TOO_MANY:
                return sights, True
    return sights, False


@contextmanager
def _alone(hub: Hub, seconds: float) -> Iterator[bool]:
    """Hold the lease of looking for as long as the block runs; give False where another holds it."""
    with hub.database.write() as connection:
        lease = leases.claim(connection, LEASE, hub.claims.owner, now=time.time(), seconds=seconds + _SLACK_SECONDS)
    try:
        yield lease is not None
    finally:
        if lease is not None:
            with hub.database.write() as connection:
                leases.release(connection, lease)


def _reach(hub: Hub, source: SourceConfig) -> Reach:
    network = hub.config.settings.network
    private = (urlsplit(hub.sandbox_address).netloc,) if source.sandbox else network.private_hosts
    return Reach(frozenset(private), network.proxy)


def _netloc(url: str) -> str:
    return urlsplit(url).netloc.casefold()
