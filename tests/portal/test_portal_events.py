"""A portal that listens to the events of a real hub is told at once."""

import threading
import time
from pathlib import Path

from changing_hub import ChangingHub
from schakel_client import MemoryState, follow


def test_a_portal_that_listens_does_not_wait_for_its_next_poll(tmp_path: Path) -> None:
    hub = ChangingHub(tmp_path, size=3, seed=1)
    with hub.serving(), follow(hub.feed, MemoryState(), wait=60, events=True) as following:
        for _ in range(2):  # what there is, and the end
            next(following).save()
        threading.Timer(1, hub.change).start()
        started = time.monotonic()
        assert len(next(following)) > 0
        assert time.monotonic() - started < 20
