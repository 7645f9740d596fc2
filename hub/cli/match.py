"""`hub match`: which listings are one opportunity, why, and deciding otherwise."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from hub.app import matching
from hub.app.explaining import sentence
from hub.app.hub import Hub
from hub.app.matching import Match, Side
from hub.cli.deciding import By, Why, login
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import err, out, print_json, table

app = typer.Typer(
    add_completion=False, help="Show and decide which listings are one opportunity.", no_args_is_help=True
)

Named = Annotated[
    str, typer.Argument(help="An opportunity by its id or address, or a listing as source/id, such as vdab/68123456.")
]


@app.command(name="list")
def list_pairs(
    config: Folder = CONFIG,
    limit: Annotated[int, typer.Option(help="Most pairs to list.", min=1)] = 20,
    json: Json = False,
) -> None:
    """List the pairs that the rules are not sure of and nobody has decided, the likeliest first."""
    with Hub.open(config) as hub:
        overview, pairs = matching.overview(hub), matching.queue(hub, limit)
    if json:
        said = {"opportunities": overview.opportunities, "listings": overview.listings, "unsure": overview.unsure}
        print_json({**said, "pairs": [pair.as_dict() for pair in pairs]})
        return
    out.print(f"{overview.listings:,} listings share {overview.opportunities:,} opportunities")
    for pair in pairs:
        _print(pair)
    if pairs:
        out.print(f"\n{overview.unsure:,} to judge; `hub match confirm A B` joins, `hub match split A B` parts")
    else:
        out.print("nothing to judge")


@app.command()
def show(name: Named, config: Folder = CONFIG, json: Json = False) -> None:
    """Show the listings of an opportunity, and why they are one; also what they nearly match."""
    with Hub.open(config) as hub:
        shown = matching.show(hub, name)
    if json:
        print_json(shown.as_dict())
        return
    out.print(f"[bold]{shown.opportunity}[/]")
    out.print(table(("listing", "title", "organisation", "place"), [_row(side) for side in shown.listings]))
    for pair in shown.matches:
        _print(pair)
    if not shown.matches:
        out.print("it matches nothing")


@app.command()
def confirm(
    first: Named,
    second: Named,
    config: Folder = CONFIG,
    by: By = None,
    why: Why = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also what the rules never join: two of one source, or of two employers.")
    ] = False,
    json: Json = False,
) -> None:
    """Decide that two opportunities, or two listings, are one; it wins over every rule from now on.

    All listings that either is one with already come along: see them by `hub match show` first.

    Example: `hub match confirm vdab/68123456 actiris/4455 --why "the employer told us"`.
    """
    with Hub.open(config) as hub:
        positions = matching.confirm(hub, first, second, by=by or login(), why=why, anyway=anyway)
    _done("they are one opportunity from now on", positions, json=json)


@app.command()
def split(
    first: Named,
    second: Annotated[
        str | None, typer.Argument(help="What it is not the same as; by default, the others of its opportunity.")
    ] = None,
    config: Folder = CONFIG,
    by: By = None,
    why: Why = None,
    json: Json = False,
) -> None:
    """Decide that two are not one; it wins over every rule from now on.

    A listing alone leaves its opportunity; of an opportunity alone, all listings part. Example:
    `hub match split actiris/4455 --why "another shop"`.
    """
    with Hub.open(config) as hub:
        positions = matching.split(hub, first, second, by=by or login(), why=why)
    _done("they are opportunities apart from now on", positions, json=json)


@app.command()
def again(config: Folder = CONFIG, json: Json = False) -> None:
    """Match every listing anew, as after a change of the sources' ranks; decisions of people stay.

    Runs may go on meanwhile. The hub does it by itself when its rules changed.
    """
    with Hub.open(config) as hub, err.status("matching") as status:

        def told(step: str, done: int, total: int | None) -> None:
            status.update(f"{'reading' if step == 'describe' else 'matching'} {done:,} of {total or 0:,}")

        spent = matching.again(hub, told)
        overview = matching.overview(hub)
    if json:
        print_json({"positions": spent, "opportunities": overview.opportunities, "listings": overview.listings})
        return
    out.print(
        f"{overview.listings:,} listings share {overview.opportunities:,} opportunities; {spent:,} positions spent"
    )


def _done(said: str, positions: tuple[int, int] | None, *, json: bool) -> None:
    if json:
        print_json({"positions": list(positions) if positions else None})
        return
    spent = f"positions {positions[0]:,} to {positions[1]:,}" if positions else "nothing to publish"
    out.print(f"{said}, {spent}")


def _print(found: Match) -> None:
    pair = found.pair
    said = (
        f"{pair.decision} by {pair.decided_by} {pair.decided}" if pair.decision else f"{pair.verdict} {pair.score:.2f}"
    )
    out.print(f"\n{found.first.name} and {found.second.name}: {said}", markup=False, highlight=False)
    if pair.why:
        out.print(f"  {pair.why}", markup=False, highlight=False)
    if found.first.opportunity != found.second.opportunity:
        out.print(table(("listing", "title", "organisation", "place"), [_row(found.first), _row(found.second)]))
    rows = [_reason(reason) for reason in pair.reasons]
    if rows and pair.decision:
        out.print(f"by the rules alone: {pair.verdict} {pair.score:.2f}", markup=False, highlight=False)
    if rows:
        out.print(table(("because", "weighs", "rule"), rows, numbers=("weighs",)))


def _row(side: Side) -> tuple[str, str, str, str]:
    return side.name, side.title, side.organisation, side.place


def _reason(reason: Mapping[str, Any]) -> tuple[object, ...]:
    return sentence(reason), reason.get("weight", ""), reason.get("feature")
