"""The tier of every adapter there is, with the runs of this hub taken into account."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from hub.app.tiers import Evidence, Grade, History, Inspector, grade
from hub.config import Config
from hub.plugins import Plugins
from hub.store import open_store, runs

_RUNS = 20


@dataclass(frozen=True, slots=True)
class Graded:
    """An adapter, what is known of it, and the tier that gives."""

    adapter: str
    evidence: Evidence
    grade: Grade


def grade_plugins(
    config: Config, plugins: Plugins, *, again: bool = False, progress: Callable[[int, int], None] = lambda _, __: None
) -> list[Graded]:
    """Return the tier of each adapter; those not examined before, for the code there is now, are examined.

    Args:
        config: the loaded configuration.
        plugins: what is installed and allowed.
        again: examine all of them.
        progress: told how many are done, of how many.
    """
    data = (config.folder / config.settings.data).resolve()
    inspector = Inspector(data / "tiers" if data.is_dir() else None, datetime.now(config.settings.zone).date())
    brought = {name: status.distribution for status in plugins.statuses for name in status.adapters}
    histories = _histories(config)
    graded = []
    for done, (name, adapter) in enumerate(plugins.adapters.items()):
        progress(done, len(plugins.adapters))
        history = histories.get(name, History())
        known = None if again else inspector.known(adapter, history)
        evidence = known or inspector.inspect(adapter, brought[name], history)
        graded.append(Graded(name, evidence, grade(evidence)))
    return graded


def _histories(config: Config) -> dict[str, History]:
    """Return how the last runs with each adapter ended; sources on sandboxes say nothing about a partner."""
    path = (config.folder / config.settings.data).resolve() / "hub.db"
    if not path.is_file():
        return {}
    found: dict[str, History] = {}
    with closing(open_store(path)) as database, database.read() as connection:
        for source in config.sources:
            if not source.sandbox:
                ended = [run.outcome for run in runs.latest(connection, source.id, _RUNS, ended=True)]
                before = found.get(source.adapter, History())
                found[source.adapter] = _added(before, ended)
    return found


def _added(history: History, outcomes: Iterable[str | None]) -> History:
    ended = list(outcomes)
    return History(history.runs + len(ended), history.complete + ended.count("complete"))
