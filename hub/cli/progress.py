"""What a person sees while sources run: a line per source that counts, or plain lines where there is no terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from hub.app.hub import Hub
from hub.app.running import run_all
from hub.cli.output import err
from hub.pipeline import Outcome, Report

SILENCE = 2.0
"""Seconds without a word after which a line is written where there is no terminal."""

_STEPS = {"fetch": "reading {:,}{}", "plan": "comparing {:,}{}", "match": "matching", "apply": "publishing"}
_MARKS = {
    Outcome.complete: "[green]complete[/]",
    Outcome.incomplete: "[yellow]incomplete[/]",
    Outcome.held: "[yellow]held[/]",
    Outcome.failed: "[red]failed[/]",
    Outcome.interrupted: "[red]interrupted[/]",
}


def run_with_progress(hub: Hub, sources: tuple[str, ...]) -> list[Report]:
    """Run these sources, showing how far each is, and return their reports in the order of the sources."""
    reports = {}
    with _lines(sources) as lines, closing(run_all(hub, sources, lines.teller)) as running:
        for report in running:
            lines.finish(report)
            reports[report.source] = report
    return [reports[source] for source in sources]


class _Lines:
    def __init__(self, progress: Progress, sources: tuple[str, ...]) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {
            source: progress.add_task(source, total=None, said="waiting") for source in sources
        }

    def teller(self, source: str) -> "_Teller":
        return _Teller(self._progress, self._tasks[source])

    def finish(self, report: Report) -> None:
        said = f"{_MARKS[report.outcome]}  {report.live:,} published in {report.seconds:.1f} s"
        self._progress.update(self._tasks[report.source], total=1, completed=1, said=said)
        if not err.is_terminal:
            err.print(f"{report.source}: {said}")


class _Teller:
    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def __call__(self, step: str, done: int, total: int | None) -> None:
        self._progress.update(self._task, said=_STEPS[step].format(done, f" of {total:,}" if total else ""))


@contextmanager
def counted(said: str) -> Iterator[Callable[[int, int], None]]:
    """Show how much of some work is done, of how much; a plain line now and then where there is no terminal."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as progress:
        task = progress.add_task(said, total=None)
        told = time.monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal told
            progress.update(task, completed=done, total=total)
            if not err.is_terminal and time.monotonic() - told > SILENCE:
                told = time.monotonic()
                err.print(f"{said}: {done:,} of {total:,}")

        yield tell


@contextmanager
def _lines(sources: tuple[str, ...]) -> Iterator[_Lines]:
    columns = (
        SpinnerColumn(finished_text="[green]•[/]"),
        TextColumn("[bold]{task.description}"),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, disable=not err.is_terminal) as progress:
        yield _Lines(progress, sources)
