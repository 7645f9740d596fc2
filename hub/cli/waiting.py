"""Waiting for a person, or the system, to end a command."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ENDINGS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def ending() -> Iterator[threading.Event]:
    """Give an event that Ctrl-C and SIGTERM set while the block runs, so that neither breaks into what it starts."""
    ended = threading.Event()
    before = {each: signal.signal(each, lambda *_: ended.set()) for each in _ENDINGS}
    try:
        yield ended
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
