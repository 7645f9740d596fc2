"""When keys were last used: gathered in memory, and written beside the requests, at most once a minute."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from hub.errors import StoreError
from hub.model.opportunity import utc

_SECONDS = 60.0

_log = logging.getLogger(__name__)


class Usage:
    """Gathers which keys are used.

    Args:
        write: writes the moments, by id of the key; it may block and fail.
        seconds: least time between two writings.
    """

    def __init__(self, write: Callable[[dict[str, str]], None], *, seconds: float = _SECONDS) -> None:
        self._write = write
        self._seconds = seconds
        self._used: dict[str, float] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._earliest = 0.0

    def note(self, key: str) -> None:
        """Note that a key is used now; called in the loop that answers requests."""
        self._used[key] = time.time()
        loop = asyncio.get_running_loop()
        if self._loop is not loop:  # nothing is under way here
            self._loop = loop
            loop.call_at(max(self._earliest, loop.time()), self._flush, loop)

    def _flush(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = None
        self._earliest = loop.time() + self._seconds
        used, self._used = self._used, {}
        loop.run_in_executor(None, self._try, {key: _written(moment) for key, moment in used.items()})

    def _try(self, used: dict[str, str]) -> None:
        try:
            self._write(used)
        except StoreError as error:
            _log.warning("when keys were last used could not be written: %s", error)


def _written(moment: float) -> str:
    return utc(datetime.fromtimestamp(moment, UTC))
