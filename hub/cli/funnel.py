"""`hub funnel`: where the records of a run went."""

from typing import Annotated

import typer

from hub.app.funnel import Funnel
from hub.app.funnel import funnel as funnel_of
from hub.app.hub import Hub
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json, table

app = typer.Typer(add_completion=False)

_WHERE = {
    "not-fetched": "the partner states them, and they did not come",
    "merged": "the partner calls them doubles of others",
    "withdrawn": "the partner reports them as gone",
}


@app.command()
def funnel(
    source: Annotated[str, typer.Argument(help="Id of the source.")],
    run: Annotated[int | None, typer.Option(min=1, help="Number of the run; the last applied one by default.")] = None,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Show where the records of a run went: listed, fetched, read, valid, unique, published, and why some were left."""
    with Hub.open(config) as hub:
        found = funnel_of(hub, source, run)
    if json:
        print_json(found.as_dict())
        return
    out.print(f"[bold]{source}[/]  run {found.run.id} of {found.run.started}, {found.run.outcome}", highlight=False)
    rows: list[tuple[object, ...]] = [(step.name, step.count, "", "") for step in found.steps[:1]]
    for step in found.steps[1:]:
        lost = list(step.lost.items())
        rows.append((step.name, step.count, -lost[0][1] if lost else "", _said(lost[0][0], found) if lost else ""))
        rows += [("", "", -count, _said(reason, found)) for reason, count in lost[1:]]
    out.print(table(("", "records", "left behind", "because"), rows, numbers=("records", "left behind")))
    out.print(f"\n{found.live:,} listings of {source} are published now")
    if found.reasons:
        out.print(f"`hub quarantine list {source}` opens what is aside; `--code CODE` one reason of it")


def _said(reason: str, found: Funnel) -> str:
    aside = found.reasons.get(reason)
    return f"{reason}, aside since {aside.since[:10]}" if aside else f"{_WHERE.get(reason, reason)}"
