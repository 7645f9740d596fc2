"""Whatever a real hub and a portal do by turns, with pages of any size and any view, the portal ends as the view."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from changing_hub import ChangingHub
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schakel_client import Delete, MemoryState, Sweep, Upsert, follow

VIEWS = {"all": None, "vacancies": "vacancy", "programmes": "programme"}
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.integers(1, 3)),
        st.tuples(st.just("read"), st.integers(1, 4)),
        st.tuples(st.just("away"), st.integers(1, 3)),
        st.tuples(st.just("lose"), st.just(0)),
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChangingHub]:
    hub = ChangingHub(tmp_path_factory.mktemp("hub"), size=30, seed=4)
    with hub.serving():
        yield hub


class Portal:
    """Holds what it was told, and where it is."""

    def __init__(self, feed: str) -> None:
        self.feed = feed
        self.state = MemoryState()
        self.rows: dict[str, tuple[Any, int]] = {}

    def read(self, batches: int = 1_000_000) -> None:
        """Read so many batches, fewer at the end."""
        with follow(self.feed, self.state) as following:
            for number, batch in enumerate(following, 1):
                for change in batch:
                    self.apply(change)
                if number == batches:
                    batch.save()
                    return

    def apply(self, change: Upsert | Delete | Sweep) -> None:
        match change:
            case Upsert():
                self.rows[change.id] = change.data, change.reading
            case Delete():
                self.rows.pop(change.id, None)
            case Sweep():
                self.rows = {name: row for name, row in self.rows.items() if row[1] >= change.reading}


def be_away(portal: Portal, hub: ChangingHub, changes: int) -> None:
    """Let the hub forget what goes while the portal, which has read everything, does not read on."""
    portal.read()
    for _ in range(changes):
        hub.change()
    hub.forget()


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS, size=st.one_of(st.integers(1, 10), st.integers(1, 1000)), view=st.sampled_from(sorted(VIEWS)))
def test_a_portal_ends_as_the_view_is(hub: ChangingHub, steps: list[tuple[str, int]], size: int, view: str) -> None:
    portal = Portal(hub.feed_of(view, size))
    for verb, number in steps:
        if verb == "change":
            for _ in range(number):
                hub.change()
        elif verb == "read":
            portal.read(number)
        elif verb == "lose":
            portal.state = MemoryState()
            time.sleep(0.002)  # a new reading begins in another millisecond
        else:
            be_away(portal, hub, number)
    portal.read()
    assert {name: data for name, (data, _) in portal.rows.items()} == hub.held(VIEWS[view])
