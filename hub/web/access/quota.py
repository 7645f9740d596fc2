"""How many requests each reader may still make: never more than the quota in any stretch of its window's length.

The window slides. It is counted in parts, and a part is forgotten only when all of it is older than the window; so what
is let through can be at most one part in thirty below the quota, and never above it.
"""

import math
from collections import OrderedDict, deque
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from hub.adapter import Rate

_PARTS = 30
_READERS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Quota:
    """So many requests in so many seconds; ``name`` tells readers which quota it is."""

    name: str
    requests: int
    seconds: int

    def __post_init__(self) -> None:
        if self.requests < 1 or self.seconds < 1:
            raise ValueError(f"a quota is at least one request in some seconds, not {self.requests} in {self.seconds}")

    @staticmethod
    @lru_cache(maxsize=1024)
    def of(name: str, rate: Rate) -> "Quota":
        """Return the quota that a rate makes; the same one each time."""
        return Quota(name, rate.calls, math.ceil(rate.seconds))


class Taken(NamedTuple):
    """What a reader was told: whether the request is granted, how many are left, and in how many seconds more come."""

    granted: bool
    left: int
    seconds: int


class _Window:
    """The requests of one reader: how many in each part of the window, the oldest first."""

    __slots__ = ("parts", "total")

    def __init__(self) -> None:
        self.parts: deque[list[int]] = deque()
        self.total = 0

    def take(self, quota: Quota, now: float) -> Taken:
        """Count a request at this moment, if there is room for it."""
        width = quota.seconds / _PARTS
        part, parts = int(now // width), self.parts
        while parts and parts[0][0] < part - _PARTS:
            self.total -= parts.popleft()[1]
        granted = self.total < quota.requests
        if granted:
            self.total += 1
            # A clock never goes back, but two threads may read it in one order and come here in the other.
            if parts and parts[-1][0] >= part:
                parts[-1][1] += 1
            else:
                parts.append([part, 1])
        freed = (parts[0][0] + _PARTS + 1) * width
        return Taken(granted, quota.requests - self.total, max(1, math.ceil(freed - now)))


class Windows:
    """The windows of all readers, in memory; of more than ``limit`` readers those are forgotten that asked longest ago.

    The window of a reader who is forgotten was nearly empty, unless so many readers ask at the same time.
    """

    def __init__(self, limit: int = _READERS) -> None:
        self._limit = limit
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def __len__(self) -> int:
        return len(self._windows)

    def take(self, reader: str, quota: Quota, now: float) -> Taken:
        """Count a request of a reader at a moment, in seconds of a clock that only goes forward."""
        window = self._windows.get(reader)
        if window is None:
            window = self._windows[reader] = _Window()
            if len(self._windows) > self._limit:
                self._windows.popitem(last=False)
        else:
            self._windows.move_to_end(reader)
        return window.take(quota, now)
