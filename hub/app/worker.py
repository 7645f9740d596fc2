"""The process that runs one source: an adapter that hangs, spins, leaks or crashes takes only this process with it.

It ends by itself when the one who ordered it is gone, and at the very latest by an alarm of the operating system, which
needs no cooperation of what it runs.
"""

import logging
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.process import parent_process
from typing import NoReturn

from hub.app.hub import Hub
from hub.app.orders import Ended, Order, Reached, Refused
from hub.errors import HubError, StoreFull

_MEGABYTE = 2**20
_LATE_SECONDS = 30
_TELL_SECONDS = 1.0


class Unwanted(BaseException):
    """The run is to end now; nothing may take this for an error of the source."""


def work(order: Order, wire: Connection) -> None:
    """Run the source, and tell over the wire how far it is and how it ended."""
    _prepare(order)
    overlays = {} if order.overlay is None else {order.lease.source: order.overlay}
    try:
        with Hub(
            order.config,
            data=order.data,
            public_url=order.public_url,
            sandbox_address=order.sandbox_address,
            overlays=overlays,
        ) as hub:
            report = hub.work(order.lease, progress=_teller(wire))
        wire.send(Ended(report.run or 0, report.outcome.value, report.reason, hub.database.refused))
    except HubError as error:
        wire.send(Refused(str(error), isinstance(error, StoreFull) or None))
    except Unwanted:
        os._exit(1)  # what it runs may not let go otherwise; nothing is left to be put away


def _prepare(order: Order) -> None:
    os.setsid()  # whatever the adapter starts can be ended with it, and Ctrl-C is for the one who ordered
    logging.basicConfig(level=order.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, order.seconds + _LATE_SECONDS)
    most = order.megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    threading.Thread(target=end_with_parent, name="watch", daemon=True).start()


def _stop(_number: int, _frame: object) -> NoReturn:
    raise Unwanted


def end_with_parent() -> None:
    """End this process when the one who ordered it ends."""
    parent = parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)


def _teller(wire: Connection) -> Callable[[str, int, int | None], None]:
    told = 0.0

    def tell(step: str, done: int, _total: int | None) -> None:
        nonlocal told
        if time.monotonic() - told >= _TELL_SECONDS:
            told = time.monotonic()
            wire.send(Reached(step, done))

    return tell
