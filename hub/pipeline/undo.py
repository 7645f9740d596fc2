"""Putting a source back to where it stood before a run: what readers see is told again, at new positions."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from hub.errors import StoreError
from hub.pipeline.own import desk
from hub.pipeline.report import Counts
from hub.store import Connection, Database, runs, undoing
from hub.store.runs import RunRow

KIND = "undo"


def undo(
    database: Database,
    plans: Path,
    source: str,
    number: int,
    *,
    now: datetime,
    fence: Callable[[Connection], None] = lambda _connection: None,
) -> tuple[int, int]:
    """Bring back the state before a run, with all that was applied after it undone too; in one transaction.

    What came since is withdrawn; what went returns with its id and body. The next run asks the partner again for all
    that the undone runs asked for.

    Args:
        database: the store.
        plans: the folder for plans in the making.
        source: id of the source.
        number: of the run.
        now: the moment.
        fence: refuses when the lease of the source is lost.

    Returns:
        the number of the run that this is itself, and how many listings it put back.

    Raises StoreError when the source has no such run, or what it found is no longer known.
    """
    with desk(database, plans) as own:
        fence(own.connection)
        run = _undoable(own.connection, source, number)
        plan = partial(undoing.plan_undoing, own.connection, source, number)
        said = f"it undoes run {number} and all that came after it"
        made = own.run(source, KIND, now, plan=plan, said=said, counts=lambda count: Counts(undone=count))
        runs.rewind(own.connection, source, run.cursor)
        return made


def _undoable(connection: Connection, source: str, number: int) -> RunRow:
    run = runs.get(connection, number)
    if run is None or run.source != source:
        raise StoreError(f"source {source} has no run {number}; `hub trace ID` tells which runs changed a listing")
    if run.outcome not in runs.APPLIED:
        raise StoreError(f"run {number} of {source} applied nothing: it is {run.outcome or 'going on'}")
    if undoing.too_old(connection, source, number):
        raise StoreError(
            f"run {number} of {source} is too old to be undone: what it found is kept for the last {undoing.KEPT} runs "
            "that changed something; restore a backup instead"
        )
    return run
