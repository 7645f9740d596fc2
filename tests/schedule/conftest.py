"""A store, and processes that share it, in the making."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hub.schedule import Claims
from hub.store import Database, open_store


class Clock:
    """Seconds since 1970 that a test moves; it starts at a whole minute."""

    def __init__(self) -> None:
        self.now = 1_795_000_020.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(open_store(tmp_path / "hub.db")) as database:
        yield database


@pytest.fixture
def process(database: Database, clock: Clock) -> Callable[..., Claims]:
    """Return what makes the claims of one process."""
    return lambda owner="one": Claims(database, seconds=30, owner=owner, clock=clock)
