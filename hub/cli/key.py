"""`hub key`: the keys with which portals read views that are not public."""

from datetime import date, timedelta
from typing import Annotated

import typer

from hub.adapter import Rate
from hub.app import keys
from hub.app.hub import Hub
from hub.app.keys import ENDING, REPLACED, Given, Listed
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import err, out, print_json, table
from hub.config.fields import checked_mail
from hub.config.rate import read_rate
from hub.store.keys import Grant

app = typer.Typer(
    add_completion=False, help="Give portals keys, look them over, and take them back.", no_args_is_help=True
)

_YEAR = timedelta(days=365)
_NEVER = "never"
_COLUMNS = ("id", "portal", "views", "state", "expires", "last used", "owner")

Key = Annotated[str, typer.Argument(help="Id of the key: the letters between its two underscores.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Name of the portal.")],
    owner: Annotated[str, typer.Option(help="Mail address of the team that gets it; one of a team, not of a person.")],
    view: Annotated[list[str] | None, typer.Option(help="A view it opens; may be given several times.")] = None,
    every_view: Annotated[bool, typer.Option("--every-view", help="It opens every view, those to come too.")] = False,
    expires: Annotated[
        str | None, typer.Option(help="Last day it works, as 2027-06-30, or `never`; a year from now by default.")
    ] = None,
    rate: Annotated[
        str | None, typer.Option(help="How often it may ask, as 1200/minute; `access.keyed_rate` by default.")
    ] = None,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Give a portal a key. It is shown now, and never again: the hub keeps only what it takes to recognise it.

    Example: `hub key add "Portaal Gent" --owner it@gent.example --view ghent --expires 2027-06-30`.
    """
    if bool(view) == every_view:
        raise typer.BadParameter("say with --view which views it opens, or --every-view")
    with Hub.open(config) as hub:
        grant = Grant(
            name=_named(name),
            owner=_mail(owner),
            views=None if every_view else tuple(view or ()),
            rate=_rate(rate),
            expires=_end(hub, expires),
        )
        given, public = keys.add(hub, grant), keys.open_to_all(hub, view or ())
    if json:
        print_json(given.as_dict())
        return
    _print(given)
    for each in public:
        err.print(f"'{each}' is public: it needs no key, until its file says access = \"key\"")


@app.command(name="list")
def list_keys(
    every: Annotated[bool, typer.Option("--all", help="Those that ended too.")] = False,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """List the keys: whose they are, what they open, when they end and when they were last used."""
    with Hub.open(config) as hub:
        found = [each for each in keys.find(hub) if every or each.state in {"live", ENDING, REPLACED}]
    if json:
        print_json({"keys": [each.as_dict() for each in found]})
        return
    if not found:
        out.print("nobody has a key" if not every else "nobody ever had a key")
        return
    out.print(table(_COLUMNS, map(_row, found)))
    ending = [each.row.id for each in found if each.state == ENDING]
    if ending:
        out.print(f"\nabout to end: {', '.join(ending)}; `hub key rotate KEY` gives a new one beside it")


@app.command()
def rotate(
    key: Key,
    days: Annotated[int, typer.Option(min=0, max=90, help="How many days more the old one works.")] = 7,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Give a new key in the place of one; both work until the old one ends, so that the portal can change over."""
    with Hub.open(config) as hub:
        given, old = keys.rotate(hub, key, days=days)
    if json:
        print_json({**given.as_dict(), "oldEnds": old.grant.expires})
        return
    _print(given)
    out.print(f"{old.id} works until {old.grant.expires}", highlight=False)


@app.command()
def revoke(key: Key, config: Folder = CONFIG, json: Json = False) -> None:
    """Take a key back, at once and for good."""
    with Hub.open(config) as hub:
        row = keys.revoke(hub, key)
    if json:
        print_json({"id": row.id, "name": row.grant.name, "lastUsed": row.last_used})
        return
    out.print(f"{row.id} of {row.grant.name} opens nothing any more", markup=False, highlight=False)


def _print(given: Given) -> None:
    grant = given.row.grant
    what = "every view" if grant.views is None else ", ".join(grant.views)
    out.print(f"{given.row.id} opens {what} to {grant.name}", markup=False, highlight=False)
    out.print(f"until {grant.expires}" if grant.expires else "without an end", highlight=False)
    out.print(f"\n  {given.key.text}\n", style="bold", markup=False, highlight=False, soft_wrap=True)
    err.print("Shown this once. Hand it over by a safe way, never by mail in clear.")


def _row(each: Listed) -> tuple[object, ...]:
    row, grant = each.row, each.row.grant
    views = "every one" if grant.views is None else ", ".join(grant.views)
    end = (row.revoked or grant.expires or _NEVER)[:10]
    return row.id, grant.name, views, each.state, end, (row.last_used or "")[:16].replace("T", " "), grant.owner


def _named(name: str) -> str:
    if not name.strip() or not name.isprintable():
        raise typer.BadParameter("the name of a portal must be a line of text")
    return name.strip()


def _mail(owner: str) -> str:
    try:
        return checked_mail(owner)
    except ValueError as error:
        raise typer.BadParameter(f"--owner {error}") from None


def _rate(written: str | None) -> Rate | None:
    try:
        return read_rate(written) if written else None
    except ValueError as error:
        raise typer.BadParameter(f"--rate {error}") from None


def _end(hub: Hub, written: str | None) -> str | None:
    if written == _NEVER:
        return None
    try:
        day = date.fromisoformat(written) if written else keys.today(hub) + _YEAR
    except ValueError:
        raise typer.BadParameter("--expires must be a day, such as 2027-06-30, or never") from None
    return keys.last_moment(hub, day)
