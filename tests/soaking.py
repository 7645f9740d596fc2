"""`hub serve` with sources that are due every few seconds: ``python soaking.py PAUSE LEAKS hub-arguments``.

With LEAKS at 1 the process that serves keeps something of every run: what a measure of leaks must see.
"""

import sys
import threading
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import hub.app.serving
from hub.app.serving import Runner
from hub.cli import app

_kept: list[Any] = []


def often(pause: timedelta, last: datetime | None, now: datetime) -> datetime | None:
    """Return the slot to use: this moment, once the pause is over."""
    return now if last is None or now - last >= pause else None


def leak(plain: Any) -> Any:
    """Return what follows a run, with a megabyte, a file, a thread and a view of the database kept open."""

    def after(self: Runner, source: str) -> None:
        if not _kept:
            view = self._hub.database.engine.connect()
            view.begin()
            view.exec_driver_sql("SELECT * FROM counter").all()
            _kept.append(view)
        forever = threading.Thread(target=threading.Event().wait, daemon=True)
        forever.start()
        _kept.append((b"x" * 2**20 + source.encode(), open("/dev/null"), forever))  # noqa: SIM115, PTH123 - kept open
        plain(self, source)

    return after


if __name__ == "__main__":
    wait = timedelta(seconds=float(sys.argv[1]))
    due = partial(often, wait)
    vars(hub.app.serving)["due_slot"] = lambda _line, *, last, now, **_zone: due(last, now)
    if sys.argv[2] == "1":
        Runner._after = leak(Runner._after)  # type: ignore[method-assign]
    sys.argv[1:] = sys.argv[3:]
    app()
