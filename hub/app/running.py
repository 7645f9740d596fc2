"""Running several sources because a person asks for it: at once but bounded, each disturbing no other.

They run in threads of this process, not in processes of their own as under `hub serve`: a person watches, sees at once
which one hangs, and can stop the command; and nothing else depends on this process.
"""

import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from hub.app.hub import Hub, Progress
from hub.app.matching import renew
from hub.errors import ConfigError, HubError, SourceBusy, Superseded
from hub.pipeline import Outcome, Report
from hub.schedule import Ending
from hub.store import slots

_PATIENCE_SECONDS = 3.0
_PAUSE_SECONDS = 0.02


class Stopped(BaseException):
    """The person wants it to stop; nothing may take this for an error of a source."""


def run_all(hub: Hub, sources: Sequence[str], progress: Callable[[str], Progress]) -> Generator[Report]:
    """Run these sources, a few at once, and yield each report as it comes.

    Closing it early, or an error such as KeyboardInterrupt, stops the runs that go on: nothing of them is applied, and
    after a few seconds nothing of them is left, though a thread may still wait for its partner in vain.

    Args:
        hub: the opened hub.
        sources: ids of the sources.
        progress: makes, for a source id, what is told of its progress.
    """
    stop = threading.Event()
    pool = ThreadPoolExecutor(hub.config.settings.schedule.at_once, thread_name_prefix="run")
    try:
        started = [pool.submit(_run, hub, source, _stopping(stop, progress(source))) for source in sources]
        for done in as_completed(started):
            yield done.result()
        renew(hub)
    except BaseException:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        _let_go(hub)
        raise
    pool.shutdown(wait=True)


def _stopping(stop: threading.Event, progress: Progress) -> Progress:
    def told(step: str, done: int, total: int | None) -> None:
        if stop.is_set():
            raise Stopped
        progress(step, done, total)

    return told


def _let_go(hub: Hub) -> None:
    """Wait a little for runs to stop; what hangs loses its source, so that it can apply nothing when it wakes up."""
    patience = time.monotonic() + _PATIENCE_SECONDS
    while hub.claims.held and time.monotonic() < patience:
        time.sleep(_PAUSE_SECONDS)
    for claim in hub.claims.held:
        hub.claims.end(claim, Ending(slots.INTERRUPTED, said="the command was stopped; nothing of it was applied"))


def _run(hub: Hub, source: str, progress: Progress) -> Report:
    adapter = hub.config.source(source).adapter
    try:
        return hub.run(source, progress=progress)
    except (SourceBusy, Superseded) as error:
        return Report.not_run(source, adapter, str(error), Outcome.interrupted)
    except HubError as error:
        said = "; ".join(error.mistakes) if isinstance(error, ConfigError) else str(error)
        return Report.not_run(source, adapter, said)
