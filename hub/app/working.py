"""Running one source in a process of its own, and ending that process when it has to end."""

import logging
import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.context import ForkServerProcess as Process
from threading import Lock

from hub.app import worker
from hub.app.orders import Ended, Order, Reached, Refused
from hub.schedule import Claim, Ending
from hub.store import slots

_LOOK_SECONDS = 0.1
_KILL_SECONDS = 3.0

_log = logging.getLogger(__name__)
_starting = Lock()
_processes = ForkServerContext()


@dataclass(slots=True)
class _Child:
    """A process at work on an order."""

    process: Process
    wire: Connection
    reached: Reached | None = None
    said: Ended | Refused | None = None

    def listen(self, seconds: float) -> bool:
        """Hear what it says for at most so long; False once it has ended."""
        try:
            if self.wire.poll(seconds):
                heard = self.wire.recv()
                if isinstance(heard, Reached):
                    self.reached = heard
                else:
                    self.said = heard
        except (EOFError, OSError):
            return False
        return True

    def end(self) -> None:
        """Ask it to end, and make it end, with all that it started, when it does not."""
        with suppress(ProcessLookupError):
            self.process.terminate()
        patience = time.monotonic() + _KILL_SECONDS
        while time.monotonic() < patience and self.listen(_LOOK_SECONDS):
            pass
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        with suppress(ProcessLookupError):
            self.process.kill()


def warm_up(modules: Iterable[str]) -> None:
    """Start the process that forks one child for each run: with everything loaded, that is 50 ms instead of 1.5 s.

    Args:
        modules: the modules of the adapters, which were imported here without trouble.
    """
    _processes.set_forkserver_preload(["hub.app.worker", *modules])
    with _starting:
        forkserver.ensure_running()


def execute(order: Order, claim: Claim, *, disk: Callable[[bool], object]) -> Ending:
    """Run a source in a process of its own, and return how that ended.

    Args:
        order: what to run.
        claim: on the source.
        disk: told whether the disk refused to write, where the run shows it.
    """
    child = _start(order)
    try:
        ended = _attend(child, claim, time.monotonic() + order.seconds)
        if child.said and child.said.full is not None:
            disk(child.said.full)
        return ended or _judge(child, order)
    finally:
        child.wire.close()
        child.process.join(_KILL_SECONDS)


def _start(order: Order) -> _Child:
    hear, speak = _processes.Pipe(duplex=False)
    with _starting, speak:
        process = _processes.Process(target=worker.work, args=(order, speak), name=f"run-{order.lease.source}")
        process.start()
    return _Child(process, hear)


def _attend(child: _Child, claim: Claim, deadline: float) -> Ending | None:
    """Wait until the child has ended, or end it and say why."""
    while child.listen(_LOOK_SECONDS):
        for must_end, state, reason in _REASONS:
            if must_end(claim, deadline):
                child.end()
                return Ending(state, said=f"{reason}{_where(child)}; nothing of it was applied")
    return None


_REASONS: tuple[tuple[Callable[[Claim, float], bool], str, str], ...] = (
    (lambda claim, _: claim.lost, slots.INTERRUPTED, "another process took this source over"),
    (lambda claim, _: claim.unwanted.is_set(), slots.INTERRUPTED, "the hub was stopped"),
    (lambda _, deadline: time.monotonic() > deadline, slots.FAILED, "the run was ended at its deadline"),
)


def _judge(child: _Child, order: Order) -> Ending:
    """Return how the work of a child that ended by itself came out."""
    source = order.lease.source
    match child.said:
        case Ended(run, outcome, reason):
            _log.info("run of %s: %s", source, outcome)
            return Ending(slots.FAILED if outcome == "failed" else slots.DONE, run, reason)
        case Refused(reason):
            _log.error("source %s cannot run: %s", source, reason)
            return Ending(slots.FAILED, said=reason)
    said = (
        f"the process of the run broke down{_where(child)}, perhaps because it needed more than {order.megabytes} MB "
        "([schedule] memory_megabytes); nothing of it was applied"
    )
    _log.error("run of %s: %s", source, said)
    return Ending(slots.FAILED, said=said)


def _where(child: _Child) -> str:
    reached = child.reached
    return f" (it was at {reached.step}, {reached.done:,} records)" if reached else ""
