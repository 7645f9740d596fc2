"""A real hub that changes all the time, and portals that follow it in processes of their own."""

import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection as Wire
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, ClassVar, cast

import orjson
from schakel_client import Batch, Delete, FileState, Patience, SqliteState, State, Sweep, Upsert, follow
from told import Cursor, Told, job

from hub.adapter import Complete, Fetched, Job, Rate, Withdrawal
from hub.feed.rpde import opportunity_address
from hub.model.jsonld import served
from hub.pipeline import Desk, Expect, Outcome, Source, run_source
from hub.store import horizon, open_store, pages
from hub.views import BUILT_IN
from hub.web import AccessRules, Server, Site, app

LIMIT = 5
_ANYTHING = Expect(max_drop=1, max_changed=1, max_churn=1, min_share=0, floor=1_000_000)
_UNLIMITED = AccessRules(Rate(10_000_000, 60), Rate(10_000_000, 60))
_WORK_SECONDS = 0.002

processes = ForkServerContext()
processes.set_forkserver_preload(["schakel_client", "hub.web", "hub.pipeline"])


class ChangingHub:
    """A hub with one partner that adds, changes and withdraws a few listings in every run."""

    def __init__(self, folder: Path, *, size: int, seed: int) -> None:
        """Fill a store with this many listings."""
        self._folder = folder
        self._chance = random.Random(seed)
        self._database = open_store(folder / "hub.db")
        self._size = size
        self._version = 0
        self._server = Server(port=0)
        self._server.bind()
        self._stop = threading.Event()
        self.run([_listing(f"n{number}", "Poetshulp") for number in range(size)])

    @property
    def feed(self) -> str:
        """The address of its feed, in small pages."""
        return self.feed_of("all", LIMIT)

    def feed_of(self, view: str, limit: int) -> str:
        """Return the address of the feed of a view, in pages of this size."""
        return f"{self._server.address}/feeds/{view}?limit={limit}"

    def run(self, words: list[Fetched]) -> None:
        """Run the partner, which says these words."""
        told = Told([*words, Complete("these are the changes", covers="changes")])
        desk = Desk(self._database, self._folder / "plans", datetime.now(UTC), [])
        report = run_source(
            Source("told", told, partner="Partner", expect=_ANYTHING), desk, lambda cursor: cast("Job", Cursor(cursor))
        )
        assert report.outcome is Outcome.complete, report.reason

    def change(self) -> None:
        """Run once with a few changes, some of them withdrawals."""
        self._version += 1
        names = {f"n{self._chance.randrange(self._size)}" for _ in range(self._chance.randint(1, 4))}
        self.run(
            [Withdrawal(name) if self._chance.random() < 0.3 else _listing(name, self._title) for name in sorted(names)]
        )

    @property
    def _title(self) -> str:
        return f"Poetshulp, versie {self._version}"

    def forget(self) -> None:
        """Forget all tombstones there are."""
        now = datetime.now(UTC)
        for moment in (now, now + timedelta(seconds=1)):
            with self._database.write() as connection:
                horizon.advance(connection, now=_utc(moment), before=_utc(moment))

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve it over a socket."""
        address = self._server.address
        site = Site(
            self._database, address, "https://example.org/l", {"nl": "Hub"}, [], "1", views=BUILT_IN, access=_UNLIMITED
        )
        with self._server.serving(app(site)), closing(self._database):
            yield

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Change it again and again meanwhile."""
        self._stop.clear()
        thread = threading.Thread(target=self._keep_changing)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _keep_changing(self) -> None:
        while not self._stop.wait(self._chance.uniform(0, 0.03)):
            self.change()

    def held(self, kind: str | None = None) -> dict[str, Any]:
        """Return what it publishes, or what is of one kind, straight from its store."""
        with self._database.read() as connection:
            items = pages.items(connection, after=0, limit=1_000_000)
        address = self._server.address
        return {
            item.id: orjson.loads(served(item.body, item.kind, opportunity_address(address, item.id)))
            for item in items
            if item.body and kind in {None, item.kind}
        }


def _listing(name: str, title: str) -> Fetched:
    """Return a listing; every third is a programme."""
    return job(name, f"{title} {name}", programme=int(name[1:]) % 3 == 0)


def _utc(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


class Portal:
    """A portal that keeps rows in SQLite, and its position beside them in a file."""

    saves_first: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        self.rows = sqlite3.connect(folder / "rows.sqlite", isolation_level=None)
        self.state: State = FileState(folder / "position.json")
        self._prepare()

    def _prepare(self) -> None:
        self.rows.execute("CREATE TABLE IF NOT EXISTS job (id TEXT PRIMARY KEY, data TEXT, reading INTEGER)")
        self.rows.execute("CREATE TABLE IF NOT EXISTS came (modified INTEGER, reading INTEGER)")

    def take(self, batch: Batch) -> None:
        """Store a batch."""
        if self.saves_first:
            batch.save()
        self.rows.execute("BEGIN")
        self.write(batch)
        self.rows.execute("COMMIT")

    def write(self, batch: Batch) -> None:
        """Write the changes, with a little work for each."""
        for change in batch:
            time.sleep(_WORK_SECONDS)
            match change:
                case Upsert():
                    row = (change.id, orjson.dumps(change.data), change.reading)
                    self.rows.execute("INSERT OR REPLACE INTO job VALUES (?, ?, ?)", row)
                    self.rows.execute("INSERT INTO came VALUES (?, ?)", (change.modified, change.reading))
                case Delete():
                    self.rows.execute("DELETE FROM job WHERE id = ?", (change.id,))
                case Sweep():
                    self.rows.execute("DELETE FROM job WHERE reading < ?", (change.reading,))

    def held(self) -> dict[str, Any]:
        """Return the rows."""
        return {name: orjson.loads(data) for name, data in self.rows.execute("SELECT id, data FROM job")}

    def twice(self) -> int:
        """Return how many changes were stored more than once."""
        repeated = "SELECT count(*) FROM (SELECT 1 FROM came GROUP BY modified, reading HAVING count(*) > 1)"
        return int(self.rows.execute(repeated).fetchone()[0])

    def readings(self) -> int:
        """Return how often it read from the beginning."""
        return int(self.rows.execute("SELECT count(DISTINCT reading) FROM came").fetchone()[0])

    def close(self) -> None:
        """Close the database."""
        self.rows.close()


class ExactPortal(Portal):
    """A portal that keeps its position in the database of its rows, in one transaction."""

    def __init__(self, folder: Path) -> None:
        kept = SqliteState(folder / "rows.sqlite")
        self.rows, self.state = kept.connection, kept
        self._prepare()

    def take(self, batch: Batch) -> None:
        """Store a batch, in the transaction that the follower began."""
        self.write(batch)


class HastyPortal(Portal):
    """The control: a portal that keeps the position before it stores what came."""

    saves_first = True


PORTALS: dict[str, type[Portal]] = {"file": Portal, "sqlite": ExactPortal, "hasty": HastyPortal}


def read(name: str, folder: Path, feed: str, wait: float | None = None) -> None:
    """Let a portal follow; without end where it waits."""
    with closing(PORTALS[name](folder)) as portal:
        for batch in follow(feed, portal.state, wait=wait, patience=Patience(first=0.01)):
            portal.take(batch)


def read_on(name: str, folder: Path, feed: str, wire: Wire) -> None:
    """Say that it begins, and follow without end."""
    wire.send("begun")
    read(name, folder, feed, wait=0.01)


def kill_one(name: str, folder: Path, feed: str, seconds: float) -> bool:
    """Let a portal follow in a process, kill it so many seconds after it began; return whether it was alive."""
    hear, speak = processes.Pipe(duplex=False)
    process = processes.Process(target=read_on, args=(name, folder, feed, speak))
    process.start()
    speak.close()
    assert hear.poll(60)
    time.sleep(seconds)
    alive = process.is_alive()
    process.kill()
    process.join()
    process.close()
    hear.close()
    return alive
