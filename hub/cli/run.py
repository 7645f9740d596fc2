"""`hub run`: run sources now."""

from collections.abc import Sequence
from typing import Annotated

import typer

from hub.app.alarming import after_runs
from hub.app.holding import undo as undo_run
from hub.app.hub import Hub
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import complain, out, print_json
from hub.cli.progress import run_with_progress
from hub.cli.reports import exit_code, print_reports, sentences
from hub.cli.waiting import stoppable
from hub.errors import ConfigError

app = typer.Typer(add_completion=False)


@app.command()
def run(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Ids of the sources; all enabled ones by default.")
    ] = None,
    config: Folder = CONFIG,
    undo: Annotated[
        int | None, typer.Option(help="Put the source back to where it stood before this run, and ask no partner.")
    ] = None,
    json: Json = False,
) -> None:
    """Run sources now: fetch, normalise, validate, enrich, plan, apply. What has passed its last day ends first.

    A second run of an unchanged source changes nothing. A run that did not see everything withdraws nothing.

    --undo tells readers of the feed again, at new positions, what was published before a run; later runs of the source
    are undone too. The next run asks the partner again, so mend the cause first.

    Examples: `hub run`, `hub run vdab actiris`, `hub run vdab --json`, `hub run vdab --undo 12`.

    Exit code 0 when all are complete, 1 when one failed or is incomplete, 2 when one is set up wrongly (the others
    run all the same), 3 when one is held. A source that another process works on is left to it, which is said (1).
    """
    with stoppable(), Hub.open(config) as hub:
        chosen = tuple(hub.config.source(source).id for source in sources) if sources else hub.enabled()
        if undo is not None:
            _undo(hub, sources or (), undo, json=json)
            return
        hub.expire()
        reports = run_with_progress(hub, chosen)
        after_runs(hub, chosen)
    if json:
        print_json({"sources": [report.as_dict() for report in reports]})
    else:
        print_reports(reports)
        complain(*sentences(reports))
    raise typer.Exit(exit_code(reports))


def _undo(hub: Hub, sources: Sequence[str], number: int, *, json: bool) -> None:
    if len(sources) != 1:
        raise ConfigError("--undo goes with one source: hub run SOURCE --undo RUN")
    run, count = undo_run(hub, sources[0], number)
    if json:
        print_json({"source": sources[0], "undone": number, "run": run, "listings": count})
    else:
        out.print(f"{sources[0]}: {count:,} listings are as they were before run {number}; this was run {run}")
