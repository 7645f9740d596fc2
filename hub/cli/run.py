"""`hub run`: run sources now."""

from typing import Annotated

import typer

from hub.app.alarming import after_runs
from hub.app.hub import Hub
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import complain, print_json
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
    approve: Annotated[
        str | None, typer.Option(help="Apply the held plan with this digest, if the source still gives that plan.")
    ] = None,
    json: Json = False,
) -> None:
    """Run sources now: fetch, normalise, validate, enrich, plan, apply.

    A second run of an unchanged source changes nothing. A run that did not see everything withdraws nothing.

    Examples: `hub run`, `hub run vdab actiris`, `hub run vdab --json`.

    Exit code 0 when all are complete, 1 when one failed or is incomplete, 2 when one is set up wrongly (the others
    run all the same), 3 when one is held. A source that another process works on is left to it, which is said (1).
    """
    with stoppable(), Hub.open(config) as hub:
        chosen = tuple(hub.config.source(source).id for source in sources) if sources else hub.enabled()
        if approve and len(chosen) != 1:
            raise ConfigError("--approve goes with one source: hub run SOURCE --approve DIGEST")
        reports = [hub.run(chosen[0], approved=approve)] if approve else run_with_progress(hub, chosen)
        after_runs(hub, chosen)
    if json:
        print_json({"sources": [report.as_dict() for report in reports]})
    else:
        print_reports(reports)
        complain(*sentences(reports))
    raise typer.Exit(exit_code(reports))
