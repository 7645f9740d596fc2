"""Webhooks on a virtual clock: real couriers over a real store, made-up endpoints, processes that are killed."""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import orjson
from cryptography.fernet import Fernet
from standardwebhooks import Webhook

from hub.app.courier import Courier
from hub.model.opportunity import utc
from hub.push import PAUSES, Answer, Vault, new_secret, new_token
from hub.store import Database, open_store, push
from hub.store.push import errands, subscribers
from hub.store.push.errands import Errand
from hub.store.push.subscribers import Wanted
from hub.views import BUILT_IN

START = datetime(2026, 11, 22, 18, tzinfo=UTC).timestamp()
TIMEOUT = 15.0
POLL = 1.0
VIEWS = {view.id: view for view in BUILT_IN}


def iso(moment: float) -> str:
    return utc(datetime.fromtimestamp(moment, UTC))


class _Killed(Exception):
    """The process ends here."""


@dataclass
class Endpoint:
    """Answers posts, badly in some of all cases, and remembers what it took in and when each post began.

    The last attempt of the schedule it never answers badly: of 30,000 deliveries that fail three times in ten, one in
    six runs sees one fail ten times in a row.
    """

    url: str
    random: Random
    bad: float = 0.0
    dead: bool = False
    wakes: float = float("inf")
    taken: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    heard: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    busy_until: float = 0.0
    overlaps: int = 0

    def answer(self, position: int, now: float) -> Answer:
        """Return what comes of a post, and remember it if that is that it was taken in."""
        self.heard[position].append(now)
        self.dead = self.dead and now < self.wakes
        said = self._said(last=len(self.heard[position]) >= len(PAUSES))
        self.overlaps += now < self.busy_until
        self.busy_until = now + said.seconds
        if said.status is not None and 200 <= said.status < 300:
            self.taken[position].append(now + said.seconds)
        return said

    def _said(self, *, last: bool) -> Answer:
        if self.dead:
            return Answer(TIMEOUT, trouble="no answer came in time")
        quick = self.random.uniform(0.02, 0.3)
        if last or self.random.random() >= self.bad:
            return Answer(quick, self.random.choice((200, 202, 204)))
        return self.random.choice(
            (
                Answer(TIMEOUT, trouble="no answer came in time"),
                Answer(quick, trouble="the connection broke off"),
                Answer(quick, trouble="no connection came about"),
                Answer(quick, 500),
                Answer(quick, 302),
                Answer(quick, 404),
                Answer(quick, 503, asked=20.0),
            )
        )


@dataclass
class Process:
    """One process that sends; of another generation after each time it was killed."""

    courier: Courier
    generation: int = 0
    alive: bool = True
    flying: dict[str, bool] = field(default_factory=dict)


class Office:
    """The virtual world.

    Args:
        folder: of the store.
        endpoints: who receives, one subscriber each.
        processes: how many send.
        at_once: how many posts each process has on their way at most.
        failing: how many of these may be to who fails; half by default.
        careless: settles before sending, as one should not.
        seed: of the chances.
    """

    def __init__(
        self,
        folder: Path,
        endpoints: list[Endpoint],
        *,
        processes: int = 2,
        at_once: int = 4,
        failing: int | None = None,
        careless: bool = False,
        seed: int = 1,
    ) -> None:
        self.now = START
        self.random = Random(seed)
        self.at_once = at_once
        self.failing = at_once // 2 if failing is None else failing
        self.careless = careless
        self.endpoints = {endpoint.url: endpoint for endpoint in endpoints}
        self.database: Database = open_store(folder / "hub.db")
        self.vault = Vault([Fernet.generate_key()])
        self.hooks: dict[str, Webhook] = {}
        self.kills = 0
        self.made: dict[int, float] = {}
        self._order = itertools.count()
        self._agenda: list[tuple[float, int, Callable[[], object]]] = []
        self._planned = float("inf")
        self.processes = [Process(self._courier()) for _ in range(processes)]
        for endpoint in endpoints:
            self._register(endpoint)

    def announce(self, at: float, position: int, *, killed: bool = False) -> None:
        """Let the feed move at that moment, in a transaction that may not come to its end."""
        self.plan(at, lambda: self._announce(position, killed=killed))

    def kill(self, at: float) -> None:
        """Kill a process at that moment, and start it anew a while later."""
        self.plan(at, self._kill)

    def plan(self, at: float, action: Callable[[], object]) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), action))

    def stop(self) -> None:
        """Leave it at that."""
        self._agenda.clear()
        self.processes = []

    def run(self) -> None:
        """Go on until nothing is left to do."""
        while self._agenda and self.processes:
            at, _, action = heapq.heappop(self._agenda)
            self.now = max(self.now, at)
            if self.now >= self._planned:
                self._planned = float("inf")
            action()
            if not self._agenda or self._agenda[0][0] > self.now:
                self._take()

    def _take(self) -> None:
        due = self._next_due()
        for process in self.processes if due is not None and due <= self.now else ():
            if process.alive:
                failing = self.failing - sum(process.flying.values())
                for errand in process.courier.take(self.at_once - len(process.flying), failing=failing):
                    self._send(process, errand)
            due = self._next_due()
        if due is not None and due < self._planned:
            self._planned = max(due, self.now + POLL)
            self.plan(self._planned, lambda: None)

    def _next_due(self) -> float | None:
        with self.database.read() as connection:
            return errands.next_due(connection)

    def _send(self, process: Process, errand: Errand) -> None:
        generation = process.generation
        if self.careless:
            process.courier.settle(errand, self.now, Answer(0.0, 200))
            self.plan(self.now + 0.2, lambda: process.generation == generation and process.courier.carry(errand))
            return
        process.flying[errand.subscriber] = errand.failing_since is not None
        at, answer = process.courier.carry(errand)
        self.plan(at + answer.seconds, lambda: self._arrived(process, generation, errand, at, answer))

    def _arrived(self, process: Process, generation: int, errand: Errand, at: float, answer: Answer) -> None:
        if process.generation != generation:
            return
        process.flying.pop(errand.subscriber)
        following = process.courier.settle(errand, at, answer, hold=answer.status == 200)
        if following:
            self._send(process, following)

    def _kill(self) -> None:
        process = self.random.choice(self.processes)
        if process.alive:
            self.kills += 1
            process.generation += 1
            process.alive = False
            process.flying.clear()
            self.plan(self.now + self.random.uniform(0.5, 40), lambda: setattr(process, "alive", True))

    def _announce(self, position: int, *, killed: bool) -> None:
        with suppress(_Killed), self.database.write() as connection:
            push.announce(connection, {"all": position}, iso(self.now))
            if killed:
                raise _Killed
        if not killed:
            self.made[position] = self.now

    def _register(self, endpoint: Endpoint) -> None:
        secret, identifier = new_secret(), f"sub_{len(self.hooks):020x}"
        self.hooks[endpoint.url] = Webhook(secret)
        with self.database.write() as connection:
            wanted = Wanted(endpoint.url, "all", ("feed.advanced",))
            sealed = self.vault.seal(secret)
            subscribers.add(connection, identifier, wanted, token=new_token().digest, secret=sealed, now=iso(self.now))
            subscribers.activate(connection, identifier, now=iso(self.now))

    def _courier(self) -> Courier:
        return Courier(
            self.database, lambda: self.vault, self._post, VIEWS, clock=lambda: self.now, lot=self.random.random
        )

    def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Answer as the endpoint does, if the independent library signs this message the same way."""
        identifier, moment = headers["webhook-id"], datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        assert headers["webhook-signature"] == self.hooks[url].sign(identifier, moment, body.decode())
        return self.endpoints[url].answer(orjson.loads(body)["data"]["position"], self.now)

    def attempts(self) -> Iterator[tuple[int, float, float, str | None]]:
        """Yield delivery, beginning, seconds and error of each attempt that was settled, in order."""
        with self.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT delivery, at, seconds, error FROM attempt ORDER BY delivery, id")
            yield from (tuple(row) for row in rows)

    def states(self) -> dict[str, int]:
        """Return how many deliveries there are in each state."""
        with self.database.read() as connection:
            return dict(connection.exec_driver_sql("SELECT state, count(*) FROM delivery GROUP BY state").fetchall())
