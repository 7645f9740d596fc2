"""Waiting for a person, or the system, to end a command, and stopping in order when they do."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STOPPED = 130
_Handler = Callable[[int, FrameType | None], object]


@contextmanager
def ending() -> Iterator[threading.Event]:
    """Give an event that Ctrl-C and SIGTERM set while the block runs, so that neither breaks into what it starts."""
    ended = threading.Event()
    with _handling(lambda *_: ended.set()):
        yield ended


@contextmanager
def stoppable() -> Iterator[None]:
    """Stop a command at Ctrl-C or SIGTERM: say so at once, let it put its things away, and leave with exit code 130.

    The first one is a KeyboardInterrupt in the block; more of them do not cut short what that puts away.
    """
    told: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if not told:
            told.append(number)
            os.write(sys.stderr.fileno(), b"\nStopping; nothing that was not finished is applied.\n")
            raise KeyboardInterrupt

    try:
        with _handling(stop):
            yield
    except KeyboardInterrupt:
        sys.stdout.flush()
        os._exit(_STOPPED)  # a thread that waits for a partner in vain has lost its source, and would hold up the end


@contextmanager
def hurrying(hurry: Callable[[], object]) -> Iterator[None]:
    """Call this at each Ctrl-C and SIGTERM."""
    with _handling(lambda *_: hurry()):
        yield


@contextmanager
def _handling(handler: _Handler) -> Iterator[None]:
    before = [signal.signal(number, handler) for number in _SIGNALS]
    try:
        yield
    finally:
        for number, old in zip(_SIGNALS, before, strict=True):
            signal.signal(number, old)
