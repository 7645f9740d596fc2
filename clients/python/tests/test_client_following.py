"""Following a stand-in over real sockets: everything once and in order, wherever the loop is left."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schakel_client import (
    Batch,
    Delete,
    FileState,
    Following,
    Malformed,
    MemoryState,
    Patience,
    Position,
    Refused,
    SqliteState,
    State,
    StateError,
    Sweep,
    Unavailable,
    Upsert,
    follow,
)
from schakel_client import following as module
from schakel_client.testing import StandIn

QUICK = Patience(connect=2, page=2, tries=3, first=0.01)
DAY = 24 * 3600 * 1000


class Portal:
    """What a portal holds: the data of each opportunity with the reading it came by in."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[Any, int]] = {}
        self.came: list[object] = []

    def apply(self, batch: Batch) -> None:
        for change in batch:
            self.came.append(change)
            match change:
                case Upsert():
                    self.rows[change.id] = change.data, change.reading
                case Delete():
                    self.rows.pop(change.id, None)
                case Sweep():
                    self.rows = {name: row for name, row in self.rows.items() if row[1] >= change.reading}

    @property
    def held(self) -> dict[str, Any]:
        return {name: data for name, (data, _) in self.rows.items()}

    def follow(self, url: str, state: State, **more: Any) -> None:
        for batch in follow(url, state, **{"patience": QUICK, **more}):
            self.apply(batch)


@pytest.fixture
def hub() -> Iterator[StandIn]:
    with StandIn(limit=3) as hub:
        yield hub


@pytest.fixture
def filled(hub: StandIn) -> StandIn:
    for number in range(10):
        hub.put(f"v{number}", {"title": {"nl": str(number)}})
    hub.end("v4")
    return hub


def test_everything_comes_once_and_in_order_and_ends_with_a_sweep(filled: StandIn) -> None:
    portal = Portal()
    portal.follow(filled.feed, MemoryState())
    *changes, last = portal.came
    assert [change.modified for change in changes if isinstance(change, Upsert | Delete)] == [
        *range(1, 5),
        *range(6, 12),
    ]
    assert isinstance(last, Sweep)
    assert portal.held == filled.held


def test_following_again_brings_only_what_is_new(filled: StandIn) -> None:
    portal, state = Portal(), MemoryState()
    portal.follow(filled.feed, state)
    filled.put("v1", {"title": {"nl": "anders"}})
    filled.end("v2", reason="expired")
    portal.came.clear()
    portal.follow(filled.feed, state)
    assert [type(change) for change in portal.came] == [Upsert, Delete]
    assert portal.came[1] == Delete("v2", "vacancy", 13, "expired", None)
    assert portal.held == filled.held


def test_nothing_new_is_nothing(filled: StandIn) -> None:
    portal, state = Portal(), MemoryState()
    portal.follow(filled.feed, state)
    portal.came.clear()
    portal.follow(filled.feed, state)
    assert portal.came == []


@pytest.mark.parametrize("events", [False, True])
def test_whoever_waits_is_told_what_comes(filled: StandIn, *, events: bool) -> None:
    portal, started = Portal(), time.monotonic()
    threading.Timer(0.2, filled.put, ("late", {"title": {"nl": "laat"}})).start()
    with follow(filled.feed, MemoryState(), wait=30 if events else 0.05, events=events, patience=QUICK) as batches:
        for batch in batches:
            portal.apply(batch)
            if "late" in portal.rows:
                break
    assert portal.held == filled.held
    assert time.monotonic() - started < 10


def test_a_hub_without_events_is_polled(filled: StandIn) -> None:
    filled.events = False
    threading.Timer(0.1, filled.put, ("late", {})).start()
    for batch in follow(filled.feed, MemoryState(), wait=0.05, events=True, patience=QUICK):
        if any(isinstance(change, Upsert) and change.id == "late" for change in batch):
            break
    assert sum(path.endswith("/events") for path, _, _ in filled.asked) == 1


def test_a_poll_with_nothing_new_costs_a_304(filled: StandIn) -> None:
    threading.Timer(0.5, filled.put, ("late", {})).start()
    for batch in follow(filled.feed, MemoryState(), wait=0.05, patience=QUICK):
        if any(isinstance(change, Upsert) and change.id == "late" for change in batch):
            break
    assert [status for _, _, status in filled.asked][-4:-1] == [304, 304, 304]


# States ---------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["file", "sqlite"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Return what makes the same state anew, as after a crash."""
    if request.param == "file":
        return lambda: FileState(tmp_path / "position.json")
    return lambda: SqliteState(tmp_path / "portal.sqlite")


def test_a_batch_that_was_left_comes_again_and_a_saved_one_does_not(filled: StandIn, made: Any) -> None:
    seen = []
    for saved in (False, False, True, False, True):
        for batch in follow(filled.feed, made(), patience=QUICK):
            seen.append(next(iter(batch)))
            if saved:
                batch.save()
            break
    assert [change.modified for change in seen if isinstance(change, Upsert)] == [1, 1, 1, 4, 4]


def test_an_error_in_the_loop_saves_nothing_of_the_batch(filled: StandIn, made: Any) -> None:
    def fail() -> None:
        with follow(filled.feed, made(), patience=QUICK) as batches:
            for number, _ in enumerate(batches):
                assert number < 2

    with pytest.raises(AssertionError):
        fail()
    first = next(iter(next(follow(filled.feed, made(), patience=QUICK))))
    assert isinstance(first, Upsert)
    assert first.modified == 8


def test_a_state_that_was_lost_means_reading_anew_and_dropping_what_has_gone_meanwhile(filled: StandIn) -> None:
    portal = Portal()
    portal.follow(filled.feed, MemoryState())
    filled.end("v7")
    filled.forget()
    time.sleep(0.002)
    portal.follow(filled.feed, MemoryState())
    assert portal.held == filled.held


def test_rows_and_position_of_sqlite_are_one_transaction(filled: StandIn, tmp_path: Path) -> None:
    state = SqliteState(tmp_path / "portal.sqlite")
    state.connection.execute("CREATE TABLE count (id TEXT)")
    for number, batch in enumerate(follow(filled.feed, state, patience=QUICK)):
        state.connection.executemany("INSERT INTO count VALUES (?)", [(c.id,) for c in batch if isinstance(c, Upsert)])
        if number == 1:
            break
    state.close()
    again = SqliteState(tmp_path / "portal.sqlite")
    assert again.connection.execute("SELECT count(*) FROM count").fetchone() == (3,)
    for batch in follow(filled.feed, again, patience=QUICK):
        again.connection.executemany("INSERT INTO count VALUES (?)", [(c.id,) for c in batch if isinstance(c, Upsert)])
    assert again.connection.execute("SELECT count(*), count(DISTINCT id) FROM count").fetchone() == (9, 9)
    again.close()


def test_committing_in_the_loop_is_told_to_be_wrong(filled: StandIn, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "portal.sqlite")
    state = SqliteState(connection)
    batch = next(following := follow(filled.feed, state, patience=QUICK))
    connection.commit()
    with pytest.raises(StateError, match="leave committing it to the follower"):
        batch.save()
    following.close()
    connection.execute("BEGIN")
    with pytest.raises(StateError, match="has a transaction open"):
        next(follow(filled.feed, state, patience=QUICK))
    connection.close()


def test_two_followers_of_one_state_do_not_both_go_on(filled: StandIn, made: Any) -> None:
    one, two = (follow(filled.feed, made(), patience=QUICK) for _ in range(2))
    next(one).save()
    with pytest.raises(StateError, match="another follower"):
        list(map(save_next, (two, one)))
    one.close()


def save_next(following: Following) -> None:
    next(following).save()


def test_a_file_of_another_feed_or_of_nonsense_is_refused(filled: StandIn, tmp_path: Path) -> None:
    path = tmp_path / "position.json"
    FileState(path).save(
        "https://other.example/feeds/all", Position("https://other.example/feeds/all", 1, sweeping=True)
    )
    with pytest.raises(StateError, match="is the position of https://other"):
        next(follow(filled.feed, FileState(path)))
    for nonsense in ("", "[]", '{"next": 1}', "\0" * 40):
        path.write_text(nonsense)
        with pytest.raises(StateError, match="Remove it to read from the beginning"):
            next(follow(filled.feed, FileState(path)))


def test_sqlite_keeps_the_positions_of_several_feeds(tmp_path: Path) -> None:
    with SqliteState(tmp_path / "portal.sqlite") as state:
        state.begin("a", None)
        state.save("a", Position("a?1", 5, sweeping=True))
        assert (state.load("a"), state.load("b")) == (Position("a?1", 5, sweeping=True), None)


# Beginning anew -------------------------------------------------------------------------------------------------


def test_a_reader_that_was_away_too_long_reads_anew_and_drops_what_has_gone(filled: StandIn, made: Any) -> None:
    portal = Portal()
    portal.follow(filled.feed, made())
    for name in ("v1", "v2", "v3"):
        filled.end(name)
    filled.forget()
    filled.put("new", {})
    portal.came.clear()
    portal.follow(filled.feed, made())
    assert portal.held == filled.held
    assert not any(isinstance(change, Delete) for change in portal.came)
    assert sum(isinstance(change, Sweep) for change in portal.came) == 1
    assert {reading for _, reading in portal.rows.values()} == {portal.came[-1].reading}  # type: ignore[attr-defined]


def test_what_went_while_a_reading_anew_rested_too_long_is_dropped_as_well(
    filled: StandIn, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = Portal()
    for batch in follow(filled.feed, made(), patience=QUICK):
        portal.apply(batch)
        batch.save()
        break
    filled.end("v0")  # it has come by in this reading, which rests now
    filled.forget()
    later = module._now() + 30 * DAY
    monkeypatch.setattr(module, "_now", lambda: later)
    portal.follow(filled.feed, made())
    assert "v0" not in portal.rows
    assert portal.held == filled.held


def test_a_reader_that_slept_in_a_poll_reads_anew_though_the_page_it_has_is_the_same(filled: StandIn) -> None:
    portal, slept = Portal(), iter([True])

    def sleep(_: float) -> None:
        if next(slept, False):
            filled.put("x", {})
            filled.end("x")
            filled.end("v3")
            filled.forget()

    for batch in module.Following(module.Wish(filled.feed, wait=1, sleep=sleep), MemoryState()):
        portal.apply(batch)
        if sum(isinstance(change, Sweep) for change in portal.came) == 2:
            break
    assert 304 in [status for _, _, status in filled.asked]
    assert portal.held == filled.held


def test_a_fresh_reading_from_the_beginning_goes_on_whatever_tombstones_are_forgotten(filled: StandIn) -> None:
    filled.end("v9")
    filled.forget()
    portal = Portal()
    portal.follow(filled.feed, MemoryState())
    assert len({path for path, _, _ in filled.asked}) == len(filled.asked)
    assert portal.held == filled.held


def test_beginning_behind_a_snapshot_sweeps_nothing(filled: StandIn) -> None:
    portal = Portal()
    portal.follow(f"{filled.feed}?afterChangeNumber=7&limit=2", MemoryState())
    assert [change.id for change in portal.came if isinstance(change, Upsert)] == ["v7", "v8", "v9"]
    assert not any(isinstance(change, Sweep) for change in portal.came)


def test_beginning_anew_elsewhere_is_refused(filled: StandIn) -> None:
    def elsewhere(handler: Any, body: bytes) -> None:
        module_send(handler, body, {"link": '<http://evil.example/f>; rel="x https://w3id.org/schakel#restart"'})

    filled.faults.append(elsewhere)
    with pytest.raises(Refused, match="which is another feed"):
        next(follow(f"{filled.feed}?afterChangeNumber=2", MemoryState(), patience=QUICK))


def module_send(handler: Any, body: bytes, headers: dict[str, str]) -> None:
    handler.send_response(200)
    for name, value in {**headers, "content-length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


# Any history ----------------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 15)),
        st.tuples(st.just("end"), st.integers(0, 15)),
        st.tuples(st.just("forget"), st.just(0)),
        st.tuples(st.just("read"), st.integers(1, 3)),
        st.tuples(st.just("lose"), st.just(0)),
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS, size=st.integers(1, 1000))
def test_whatever_happens_the_portal_ends_as_the_hub_is(steps: list[tuple[str, int]], size: int) -> None:
    """Page sizes, writes in between, lost states and forgotten tombstones."""
    portal, state = Portal(), MemoryState()
    with StandIn() as hub:
        for verb, number in [*steps, ("read", 1_000_000)]:
            name = f"v{number}"
            if verb == "put":
                hub.put(name, {"version": hub.head})
            elif verb == "end" and name in hub.held:
                hub.end(name)
            elif verb == "forget" and not is_reading_anew(state, hub):
                hub.forget()
            elif verb == "lose":
                state = MemoryState()
                time.sleep(0.002)
            elif verb == "read":
                read(portal, state, f"{hub.feed}?limit={size}", number)
        assert portal.held == hub.held


def is_reading_anew(state: State, hub: StandIn) -> bool:
    """Tell whether a reading from the beginning goes on: what goes meanwhile is told for longer than that lasts."""
    position = state.load(hub.feed)
    return position is not None and position.sweeping


def read(portal: Portal, state: State, url: str, batches: int) -> None:
    with follow(url, state, patience=QUICK) as following:
        for number, batch in enumerate(following, 1):
            portal.apply(batch)
            if number == batches:
                batch.save()
                return


def test_a_key_is_sent_and_never_told(filled: StandIn) -> None:
    next(follow(filled.feed, MemoryState(), key="sk_abc", patience=QUICK))
    assert filled.asked[0][1]["authorization"] == "Bearer sk_abc"
    with pytest.raises(Refused) as refused:
        next(follow(filled.feed, MemoryState(), key="sk_abc\n", patience=QUICK))
    assert "sk_abc" not in str(refused.value)


def test_an_unreachable_hub_is_unavailable_after_some_tries() -> None:
    with StandIn() as hub:
        gone = hub.feed
    with pytest.raises(Unavailable, match="gave no whole answer"):
        next(follow(gone, MemoryState(), patience=QUICK))


def test_a_page_that_never_becomes_one_ends_following_even_while_polling(filled: StandIn) -> None:
    def malformed(handler: Any, body: bytes) -> None:
        module_send(handler, json.dumps({**json.loads(body), "license": ""}).encode(), {})

    filled.faults.extend([malformed] * 3)
    with pytest.raises(Malformed, match="names no `license`"):
        next(follow(filled.feed, MemoryState(), wait=1, patience=QUICK))
