"""`hub check`: is everything as it should be."""

from dataclasses import asdict

import typer

from hub.app.checking import check as look
from hub.app.hub import Hub
from hub.cli import FAILED, FINE, USAGE
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json

app = typer.Typer(add_completion=False)


@app.command()
def check(config: Folder = CONFIG, json: Json = False) -> None:
    """Check configuration, plugins, database, secrets, also those of subscribers, and the connection to each source.

    Exit code 0 when all is fine, 1 when a partner cannot be reached, 2 when something is set up wrongly.
    """
    findings = []
    with Hub.open(config) as hub:
        for finding in look(hub):
            findings.append(finding)
            if not json:
                mark = "[green]fine [/]" if finding.fine else "[red]wrong[/]"
                out.print(f"{mark}  {finding.what}: ", end="")
                out.print(finding.said, markup=False, highlight=False, soft_wrap=True)
    wrong = [finding for finding in findings if not finding.fine]
    if json:
        print_json({"fine": not wrong, "findings": [asdict(finding) for finding in findings]})
    if any(finding.setup for finding in wrong):
        raise typer.Exit(USAGE)
    raise typer.Exit(FAILED if wrong else FINE)
