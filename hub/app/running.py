"""Running several sources: at once but bounded, each disturbing no other."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from hub.app.hub import Hub, Progress
from hub.errors import ConfigError, HubError
from hub.pipeline import Report

AT_ONCE = 4
"""How many sources run at the same time."""


def run_all(hub: Hub, sources: Sequence[str], progress: Callable[[str], Progress]) -> Iterator[Report]:
    """Run these sources, a few at once, and yield each report as it comes.

    Args:
        hub: the opened hub.
        sources: ids of the sources.
        progress: makes, for a source id, what is told of its progress.
    """
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="run") as pool:
        started = [pool.submit(_run, hub, source, progress(source)) for source in sources]
        for done in as_completed(started):
            yield done.result()


def _run(hub: Hub, source: str, progress: Progress) -> Report:
    try:
        return hub.run(source, progress=progress)
    except HubError as error:
        said = "; ".join(error.mistakes) if isinstance(error, ConfigError) else str(error)
        return Report.not_run(source, hub.config.source(source).adapter, said)
