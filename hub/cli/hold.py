"""`hub hold`: plans that wait for a person, and the decisions about them."""

from dataclasses import asdict
from typing import Annotated, Any

import orjson
import typer

from hub.app import holding
from hub.app.alarming import after_runs
from hub.app.holding import Shown, number_of
from hub.app.hub import Hub
from hub.cli.deciding import By, Why, login
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json, table
from hub.store import holds
from hub.store.holds import APPROVED, REJECTED, SUPERSEDED, WAITING, HoldRow

app = typer.Typer(add_completion=False, help="Decide about plans that wait for a person.", no_args_is_help=True)

_SHOWN = 24
_FIELDS = 6

Named = Annotated[str, typer.Argument(help="Number of the hold, as `hub hold list` gives it, or its source.")]


@app.command(name="list")
def list_holds(
    source: Annotated[str | None, typer.Argument(help="Only of this source.")] = None,
    config: Folder = CONFIG,
    everything: Annotated[bool, typer.Option("--all", help="Also those that were decided.")] = False,
    json: Json = False,
) -> None:
    """List the plans that wait, newest first; with --all also what was decided about others, by whom and why."""
    states = (WAITING, APPROVED, REJECTED, SUPERSEDED) if everything else (WAITING,)
    with Hub.open(config) as hub, hub.database.read() as connection:
        found = holds.find(connection, hub.config.source(source).id if source else None, states=states)
    if json:
        print_json({"holds": [asdict(each) for each in found]})
        return
    for each in found:
        out.print(f"[bold]{each.id:>5}[/]  {each.source}  run {each.run}  held {each.held}  {each.state}")
        out.print(f"       {_decision(each) or each.reason}", markup=False, highlight=False)
    out.print("`hub hold show NUMBER` tells more" if found else "no plan waits")


@app.command()
def show(hold: Named, config: Folder = CONFIG, json: Json = False) -> None:
    """Show what a held plan would do: why it waits, how many listings, some of them, and how those would change."""
    with Hub.open(config) as hub:
        shown = holding.show(hub, number_of(hub, hold))
    if json:
        print_json(_described(shown))
        return
    row = shown.hold
    out.print(f"[bold]{row.source}[/]  hold {row.id}, run {row.run}, held {row.held}, plan {row.digest}")
    out.print(_decision(row) or f"waits: {row.reason}", markup=False, highlight=False)
    counts = shown.counts or {name: count for name, count in shown.run.items() if count}
    out.print()
    out.print(table(("listings", "count"), counts.items(), numbers=("count",)))
    for action, examples in shown.examples.items():
        out.print(f"\n{action}, for example")
        out.print(table(("local id", "title"), [(each.local_id, each.title) for each in examples]))
        rows = [
            (each.local_id, found.field, _short(found.before), _short(found.after))
            for each in examples
            for found in each.differences[:_FIELDS]
        ]
        if rows:
            out.print(table(("local id", "field", "from", "to"), rows))
    if row.state == WAITING:
        out.print(f"\n`hub hold approve {row.id}` applies exactly this plan, `hub hold reject {row.id}` lets go of it")


@app.command()
def approve(hold: Named, config: Folder = CONFIG, by: By = None, why: Why = None, json: Json = False) -> None:
    """Apply exactly the plan that waits; refused when another run of its source was applied since it was planned.

    Example: `hub hold approve 3 --why "the partner confirmed that the shop closed"`.
    """
    with Hub.open(config) as hub:
        made, positions = holding.approve(hub, number_of(hub, hold), by=by or login(), why=why)
        after_runs(hub, [made.source])
    if json:
        print_json({**asdict(made), "positions": list(positions) if positions else None})
        return
    spent = f"positions {positions[0]:,} to {positions[1]:,}" if positions else "nothing to publish"
    out.print(f"{made.source}: the plan of run {made.run} is applied, {spent}")


@app.command()
def reject(hold: Named, config: Folder = CONFIG, by: By = None, why: Why = None, json: Json = False) -> None:
    """Let go of a plan that waits; what is published stays, and the next run makes a new plan."""
    with Hub.open(config) as hub:
        held = holding.reject(hub, number_of(hub, hold), by=by or login(), why=why)
    if json:
        print_json({"id": held.id, "source": held.source, "state": REJECTED})
        return
    out.print(f"{held.source}: the plan of run {held.run} is rejected; what is published stays")


def _decision(hold: HoldRow) -> str | None:
    if hold.state == WAITING:
        return None
    return f"{hold.state} {hold.decided} by {hold.decided_by}{f': {hold.why}' if hold.why else ''}"


def _described(shown: Shown) -> dict[str, Any]:
    examples = {
        action: [
            {
                "localId": each.local_id,
                "title": each.title,
                "differences": [found._asdict() for found in each.differences],
            }
            for each in found
        ]
        for action, found in shown.examples.items()
    }
    return {"hold": asdict(shown.hold), "counts": shown.counts, "run": shown.run, "examples": examples}


def _short(value: Any) -> str:
    said = value if isinstance(value, str) else "—" if value is None else orjson.dumps(value).decode()
    return said if len(said) <= _SHOWN else f"{said[: _SHOWN - 1]}…"
