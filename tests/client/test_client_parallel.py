"""Items are handled a few at once, in order, lazily; an error ends the rest."""

import threading
import time
from collections.abc import Iterator
from time import monotonic

import pytest

from hub.client.deadline import pause
from hub.client.parallel import map_in_order


class Counter:
    """Counts how many run at once, and which have begun."""

    def __init__(self) -> None:
        self.running = 0
        self.most = 0
        self.begun: list[int] = []
        self._lock = threading.Lock()

    def work(self, item: int) -> int:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
            self.begun.append(item)
        time.sleep(0.002 * (item % 7))
        with self._lock:
            self.running -= 1
        return item * 10


@pytest.mark.parametrize("at_once", [1, 3, 8])
def test_results_come_in_order_and_no_more_run_at_once_than_asked(at_once: int) -> None:
    counter = Counter()
    assert list(map_in_order(counter.work, range(60), at_once=at_once)) == [item * 10 for item in range(60)]
    assert counter.most == at_once


def test_items_are_taken_as_room_comes() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1_000_000):
            taken.append(number)
            yield number

    results = map_in_order(lambda item: item, items(), at_once=3)
    assert [next(results) for _ in range(10)] == list(range(10))
    assert len(taken) <= 10 + 3 * 2
    results.close()  # type: ignore[attr-defined]


def test_an_error_comes_at_its_place_and_ends_the_rest() -> None:
    counter = Counter()

    def work(item: int) -> int:
        return 1 // (item - 5) + counter.work(item)

    results = map_in_order(work, range(1000), at_once=2)
    assert len([next(results) for _ in range(5)]) == 5
    with pytest.raises(ZeroDivisionError):
        next(results)
    assert len(counter.begun) < 12
    assert counter.running == 0


def test_an_error_of_the_items_comes_through() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise LookupError

    with pytest.raises(LookupError):
        list(map_in_order(lambda item: item, items(), at_once=2))


def test_an_error_wakes_those_that_wait() -> None:
    def work(item: int) -> None:
        pause(30 if item else 0.05)
        assert item

    started = monotonic()
    with pytest.raises(AssertionError):
        list(map_in_order(work, range(4), at_once=4))
    assert monotonic() - started < 2


def test_leaving_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    results = map_in_order(lambda item: pause(30), range(100), at_once=4)
    starter = threading.Timer(0.1, lambda: None)
    starter.start()
    starter.join()
    results.close()  # type: ignore[attr-defined]
    for _ in map_in_order(lambda item: item, range(100), at_once=4):
        break
    assert threading.active_count() == before
