"""`hub organisation`: who offers what is published, over all spellings, and the decisions about who is who."""

import getpass
import os
from dataclasses import asdict
from typing import Annotated

import typer

from hub.app import organisations
from hub.app.hub import Hub
from hub.app.organisations import Shown
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json, table
from hub.store.organisations.decisions import DecisionRow

app = typer.Typer(add_completion=False, help="Look at organisations, and decide which are one.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(help="Id, number, or a name that only it has.")]
By = Annotated[str | None, typer.Option(help="Who decides; the name you are logged in with by default.")]
Why = Annotated[str, typer.Option(help="Why, in a few words; kept with the decision.")]
Limit = Annotated[int, typer.Option(min=1, help="How many to show at most.")]


@app.command(name="list")
def list_organisations(
    words: Annotated[str | None, typer.Argument(help="A name, part of a name, a number or an id.")] = None,
    config: Folder = CONFIG,
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """List organisations, those with most offers in the feed first."""
    with Hub.open(config) as hub:
        found = organisations.find(hub, words, limit=limit)
    if json:
        print_json({"organisations": [asdict(each) for each in found]})
        return
    rows = [(each.id, each.kbo, each.name, each.mentions, each.live) for each in found]
    if rows:
        out.print(table(("id", "number", "name", "mentions", "live"), rows, numbers=("mentions", "live")))
    else:
        out.print("no organisation is called so" if words else "no run has mentioned an organisation yet")


@app.command()
def review(config: Folder = CONFIG, limit: Limit = 20, json: Json = False) -> None:
    """List the pairs that may be one organisation, and that the rules leave to a person; the most valuable first."""
    with Hub.open(config) as hub:
        found = organisations.review(hub, limit=limit)
    if json:
        print_json({"pairs": [asdict(each) for each in found]})
        return
    for each in found:
        out.print(f"[bold]{each.live:>6,}[/] live  {each.score:.2f}  {', '.join(each.reasons)}", highlight=False)
        out.print(f"        {each.organisation}  {each.name}", markup=False, highlight=False)
        out.print(f"        {each.other}  {each.other_name}", markup=False, highlight=False)
    out.print("`hub organisation merge` makes them one, `split` keeps them apart" if found else "no pair is uncertain")


@app.command()
def show(organisation: Named, config: Folder = CONFIG, json: Json = False) -> None:
    """Show one organisation: its names, who writes them where, why they are its own, and what people decided."""
    with Hub.open(config) as hub:
        shown = organisations.show(hub, organisation)
    if json:
        told = {"id": shown.known.id, "name": shown.known.name, "kbo": shown.known.kbo, "otherIds": list(shown.ids)}
        rows = {
            "mentions": [asdict(each) for each in shown.mentions],
            "decisions": [asdict(d) for d in shown.decisions],
        }
        print_json({**told, "ambiguous": shown.known.ambiguous, **rows})
        return
    _print(shown)


@app.command()
def merge(survivor: Named, other: Named, why: Why, config: Folder = CONFIG, by: By = None, json: Json = False) -> None:
    """Make one organisation of two: the first keeps its id, the other's leads to it from now on.

    Example: `hub organisation merge 0250604250 "Novival Jobs" --why "their site names both"`.
    """
    with Hub.open(config) as hub:
        one, two = organisations.merge(hub, survivor, other, by=by or _login(), why=why)
    if json:
        print_json({"survivor": one, "merged": two})
        return
    out.print(f"{two} is {one} from now on; offers say so when they are composed next", highlight=False)


@app.command()
def split(
    organisation: Named,
    why: Why,
    other: Annotated[str | None, typer.Argument(help="Id of another that it is not, merged into it or not.")] = None,
    name: Annotated[str | None, typer.Option(help="A name that is another's.")] = None,
    place: Annotated[str | None, typer.Option(help="Only in this place, as `show` gives it.")] = None,
    config: Folder = CONFIG,
    by: By = None,
    json: Json = False,
) -> None:
    """Take from an organisation a name that is another's, or keep it apart from one that the rules take it for.

    Example: `hub organisation split 0250604250 --name "De Brug" --place 44021 --why "the one in Ghent is a school"`.
    """
    if (other is None) == (name is None):
        raise typer.BadParameter("say which other organisation it is not, or with --name which name is not its own")
    with Hub.open(config) as hub:
        who = by or _login()
        if other is not None:
            organisations.keep_apart(hub, organisations.identify(hub, organisation), other, by=who, why=why)
            target, moved = other, 0
        else:
            target, moved = organisations.split(hub, organisation, (name or "", place), by=who, why=why)
    if json:
        print_json({"organisation": target, "mentions": moved})
        return
    out.print(f"{target} stands by itself from now on{f', with {moved:,} mentions' if moved else ''}", highlight=False)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        return f"user {os.getuid()}"


def _print(shown: Shown) -> None:
    known = shown.known
    out.print(known.name, style="bold", markup=False, highlight=False)
    out.print(f"  id        {known.id}", highlight=False)
    for other in shown.ids:
        out.print(f"            {other}", highlight=False)
    out.print(f"  number    {known.kbo or 'not known'}", highlight=False)
    if known.ambiguous:
        out.print("  several organisations could be meant, so offers say no more than their partner does")
    rows = [(each.name, each.source, each.kbo, each.place, each.reason, each.count) for each in shown.mentions]
    out.print()
    out.print(table(("name", "source", "number", "place", "why", "count"), rows, numbers=("count",)))
    for decision in shown.decisions:
        out.print(_told(decision), markup=False, highlight=False)


def _told(decision: DecisionRow) -> str:
    what = f"{decision.kind} {decision.organisation} {decision.other}"
    part = f" ({decision.name_key}{f' in {decision.place}' if decision.place else ''})" if decision.name_key else ""
    undone = f", undone by decision {decision.undone}" if decision.undone else ""
    return f"{decision.id}: {what}{part}, {decision.decided} by {decision.decided_by}: {decision.why}{undone}"
