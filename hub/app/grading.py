"""The tier of every adapter there is, with the runs of this hub taken into account."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from hub.app.tiers import Evidence, Grade, History, Inspector, Tier, grade
from hub.config import Config
from hub.plugins import Plugins
from hub.store import open_store, runs

RUNS = 20
"""So many runs of each source are its history."""


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


class KnownTiers:
    """The tiers of adapters as they were last examined, for the code there is now; nothing is examined here.

    Args:
        data: the hub's data folder.
        plugins: what is installed and allowed.
        today: the day by which a review of tables is due.
    """

    def __init__(self, data: Path, plugins: Plugins, today: date) -> None:
        self._inspector = Inspector(data / "tiers", today)
        self._places = {name: self._inspector.place(adapter) for name, adapter in plugins.adapters.items()}

    def tier(self, adapter: str, history: History) -> Tier | None:
        """Return the tier of an adapter; None below bronze, and where it was never examined."""
        evidence = self._inspector.read(self._places.get(adapter), history)
        return grade(evidence).tier if evidence else None


def added(history: History, outcomes: Iterable[str | None]) -> History:
    """Return a history with the runs of one more source, by how they ended."""
    ended = list(outcomes)
    return History(history.runs + len(ended), history.complete + ended.count("complete"))


def _histories(config: Config) -> dict[str, History]:
    """Return how the last runs with each adapter ended; sources on sandboxes say nothing about a partner."""
    path = (config.folder / config.settings.data).resolve() / "hub.db"
    if not path.is_file():
        return {}
    found: dict[str, History] = {}
    with closing(open_store(path)) as database, database.read() as connection:
        for source in config.sources:
            if not source.sandbox:
                ended = [run.outcome for run in runs.latest(connection, source.id, RUNS, ended=True)]
                before = found.get(source.adapter, History())
                found[source.adapter] = added(before, ended)
    return found
