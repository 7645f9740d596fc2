"""Calling a function for many items, a few at once, with the results in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Event
from typing import TypeVar

from hub.client.deadline import stoppable

AHEAD = 2  # results that may wait for a slow one before them, as a multiple of what runs at once

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


def map_in_order(
    function: Callable[[ItemT], ResultT], items: Iterable[ItemT], *, at_once: int = 4
) -> Iterator[ResultT]:
    """Yield function(item) for each item in order; items are taken as room comes.

    The first error ends it: what has not begun is dropped, what runs is stopped at its next wait or read.
    """
    if at_once <= 1:
        yield from map(function, items)
        return
    stop = Event()
    window: deque[Future[ResultT]] = deque()
    with ThreadPoolExecutor(at_once, thread_name_prefix="hub-client") as pool:
        try:
            for item in items:
                window.append(pool.submit(copy_context().run, _stoppably, stop, function, item))
                if len(window) >= at_once * AHEAD:
                    yield window.popleft().result()
            while window:
                yield window.popleft().result()
        finally:
            stop.set()
            for future in window:
                future.cancel()


def _stoppably(stop: Event, function: Callable[[ItemT], ResultT], item: ItemT) -> ResultT:
    with stoppable(stop):
        return function(item)
