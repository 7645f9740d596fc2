"""Whatever is written while a reader reads, its replica ends as the store is: none missed, none kept too long."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from hub.errors import UnexpectedAnswer
from hub.feed import Replica, asked, follow, page
from hub.store import Database, open_store, pages
from hub.store.pages import Item
from hub.store.schema import body, opportunity

URL = "https://hub.example/feeds/all"
Query = Callable[[Database, int, int], Sequence[Item]]
"""A page query: the store, behind which position, how many."""


class Shelf:
    """Writes opportunities as an applied run would, one position a change; `held` is what readers should know."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.position = 0
        self.held: dict[str, int] = {}

    def put(self, name: str, kind: str = "vacancy") -> None:
        """Publish a new opportunity, or a new version of one, at the end of the feed."""
        identifier = self._take(name)
        row = {"id": identifier, "kind": kind, "position": self.position, "changed": "2026-11-22T00:00:00Z"}
        content = orjson.dumps({"title": {"nl": name}, "version": self.position})
        with self.database.write() as connection:
            connection.execute(delete(opportunity).where(opportunity.c.id == identifier))
            connection.execute(opportunity.insert(), row)
            connection.execute(body.insert(), {"position": self.position, "bytes": content})
        self.held[identifier] = self.position

    def end(self, name: str, reason: str = "withdrawn", kind: str = "vacancy", into: str | None = None) -> None:
        """Turn an opportunity into a tombstone at the end of the feed."""
        identifier = self._take(name)
        row = {"id": identifier, "kind": kind, "position": self.position, "reason": reason, "merged_into": into}
        with self.database.write() as connection:
            connection.execute(delete(opportunity).where(opportunity.c.id == identifier))
            connection.execute(opportunity.insert(), {**row, "changed": "2026-11-22T00:00:00Z"})
        self.held.pop(identifier, None)

    def empty(self) -> None:
        """Forget everything."""
        with self.database.write() as connection:
            connection.execute(delete(opportunity))
            connection.execute(delete(body))
        self.position, self.held = 0, {}

    def _take(self, name: str) -> str:
        identifier = str(uuid5(NAMESPACE_URL, name))
        self.position += 1
        return identifier


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_store(tmp_path_factory.mktemp("feed") / "hub.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def shelf(database: Database) -> Shelf:
    shelf = Shelf(database)
    shelf.empty()
    return shelf


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 30)),
        st.tuples(st.just("end"), st.integers(0, 30)),
        st.tuples(st.just("read"), st.integers(1, 3)),
    ),
    max_size=40,
)


def found(database: Database, after: int, limit: int) -> Sequence[Item]:
    with database.read() as connection:
        return pages.items(connection, after=after, limit=limit)


def replica_after(shelf: Shelf, steps: Sequence[tuple[str, int]], size: int, query: Query = found) -> Replica:
    """Write and read in turns, then read to the end."""

    def get(url: str) -> Any:
        wanted = asked(url.partition("?")[2])
        items = query(shelf.database, wanted.after, wanted.limit)
        return orjson.loads(page(items, url=URL, request=wanted, address="https://hub.example", licence="own"))

    replica = Replica()
    for verb, number in [*steps, ("read", 1_000)]:
        if verb == "read":
            walk = follow(get, replica.next or f"{URL}?limit={size}")
            for _, one in zip(range(number), walk, strict=False):
                replica.apply(one)
        else:
            getattr(shelf, verb)(f"opportunity {number}")
    return replica


def versions(replica: Replica) -> dict[str, int]:
    return {identifier: data["version"] for identifier, data in replica.data.items()}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, size=st.one_of(st.integers(1, 50), st.integers(1, 1000)))
def test_a_replica_equals_the_store_whatever_the_page_size_and_the_writes(
    shelf: Shelf, steps: list[tuple[str, int]], size: int
) -> None:
    shelf.empty()
    assert versions(replica_after(shelf, steps, size)) == shelf.held


def or_equal(database: Database, after: int, limit: int) -> Sequence[Item]:
    return found(database, after - 1, limit)


def skipping(database: Database, after: int, limit: int) -> Sequence[Item]:
    return found(database, after + 1, limit)


def short(database: Database, after: int, limit: int) -> Sequence[Item]:
    return found(database, after, limit)[:-1]


def unordered(database: Database, after: int, limit: int) -> Sequence[Item]:
    return found(database, after, limit)[::-1]


def forgetful(database: Database, after: int, limit: int) -> Sequence[Item]:
    return [item for item in found(database, after, limit) if item.body]


@pytest.mark.parametrize("query", [or_equal, skipping, short, unordered, forgetful])
def test_a_page_query_that_is_wrong_shows(shelf: Shelf, query: Query) -> None:
    writes = [("put", number) for number in range(9)]
    steps = [*writes, ("read", 2), ("put", 1), ("end", 5), ("put", 20), ("read", 1), ("end", 2)]
    try:
        replica = replica_after(shelf, steps, 3, query)
    except UnexpectedAnswer:
        return
    assert versions(replica) != shelf.held


def test_a_feed_of_one_kind_holds_that_kind_only(shelf: Shelf) -> None:
    for number in range(6):
        shelf.put(f"job {number}", kind="vacancy")
        shelf.put(f"course {number}", kind="programme")

    def programmes(database: Database, after: int, limit: int) -> Sequence[Item]:
        with database.read() as connection:
            return pages.items(connection, after=after, limit=limit, view="programmes")

    replica = replica_after(shelf, [], 4, programmes)
    assert {data["title"]["nl"] for data in replica.data.values()} == {f"course {number}" for number in range(6)}
