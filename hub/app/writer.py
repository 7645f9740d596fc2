"""The process that writes large views to files, so that the hub goes on answering at its usual pace."""

import logging
import os
import signal
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

from hub.app.hub import Hub
from hub.app.snapshots import Interrupted, refresh
from hub.app.worker import end_with_parent
from hub.config import Config
from hub.errors import HubError, StoreError, StoreFull

_LOOK_SECONDS = 0.2
_END_SECONDS = 3.0
_NICE = 10

_processes = ForkServerContext()


@dataclass(frozen=True, slots=True)
class Order:
    """To write these views.

    Args:
        config: of the hub.
        data: its data folder.
        public_url: the address portals see.
        views: ids of the views.
        now: the moment.
        log_level: the level of the log of who orders.
    """

    config: Config
    data: Path
    public_url: str
    views: Sequence[str]
    now: datetime
    log_level: int


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it: the position of each view that was written, or why not all were."""

    positions: dict[str, int]
    refusal: str = ""
    full: bool = False


def write_beside(hub: Hub, views: Sequence[str], now: datetime, stop: threading.Event) -> dict[str, int]:
    """Write views in a process of its own, and return their positions.

    `Interrupted` when it is stopped, StoreFull when there is no room, StoreError when it broke down; the files that
    were there stay in any case.
    """
    level = logging.getLogger().getEffectiveLevel()
    order = Order(hub.config, hub.data, hub.public_url, views, now, level)
    hear, speak = _processes.Pipe(duplex=False)
    with speak:
        process = _processes.Process(target=work, args=(order, speak), name="snapshots")
        process.start()
    try:
        said = _heard(hear, stop)
    finally:
        hear.close()
        with suppress(ProcessLookupError):
            process.terminate()
        process.join(_END_SECONDS)
    if said.refusal:
        raise StoreFull(said.refusal) if said.full else StoreError(said.refusal)
    return said.positions


def _heard(wire: Connection, stop: threading.Event) -> Written:
    """Return what the process says when it is done."""
    while not wire.poll(_LOOK_SECONDS):
        if stop.is_set():
            raise Interrupted
    try:
        said: Written = wire.recv()
    except (EOFError, OSError):
        raise StoreError(
            "the process that writes views to files broke down; it is begun anew when they are due"
        ) from None
    return said


def work(order: Order, wire: Connection) -> None:
    """Write the views, and tell over the wire what came of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who ordered
    os.nice(_NICE)
    logging.basicConfig(level=order.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    threading.Thread(target=end_with_parent, name="watch", daemon=True).start()
    try:
        with Hub(order.config, data=order.data, public_url=order.public_url) as hub:
            made = refresh(hub, order.now, only=order.views)
        wire.send(Written({each.view: each.position for each in made}))
    except HubError as error:
        wire.send(Written({}, str(error), isinstance(error, StoreFull)))
