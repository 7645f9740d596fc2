"""`hub view`: the views there are, and what one would hold."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from hub.app.hub import Hub
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json, table
from hub.errors import ConfigError
from hub.feed.preview import Preview, preview, read_filter
from hub.store import pages
from hub.views import Filter, area_name

app = typer.Typer(add_completion=False, help="Look at the views, and try out a new one.", no_args_is_help=True)


@app.command(name="list")
def list_views(config: Folder = CONFIG, json: Json = False) -> None:
    """Show every view: who may read it, how many opportunities it holds, where its feed stands, and what it asks."""
    with Hub.open(config) as hub, hub.database.read() as connection:
        found = [
            {
                "view": view.id,
                "access": view.access,
                "live": pages.count_live(connection, view.id),
                "head": pages.head(connection, view.id),
                "filter": dict(view.filter.asked),
            }
            for view in hub.config.every_view
        ]
    if json:
        print_json({"views": found})
        return
    rows = [(each["view"], each["access"], each["live"], each["head"], _asked(each["filter"])) for each in found]
    out.print(table(("view", "access", "live", "position", "filter"), rows, numbers=("live", "position")))


@app.command(name="preview")
def try_out(
    wanted: Annotated[
        list[str],
        typer.Argument(metavar="FILTER", help="Such as places=44021,2000 kinds=vacancy; or the id of a view."),
    ],
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Say what a view would hold, what it would have told its readers in the last 30 days, and what comes last.

    A filter is written as in the file of a view: its keys with their values, several by commas.
    """
    with Hub.open(config) as hub, hub.database.read() as connection:
        views = {view.id: view.filter for view in hub.config.every_view}
        found = preview(connection, _filter(wanted, views), datetime.now(UTC))
    if json:
        print_json(found.as_dict())
    else:
        _print(found)


def _filter(wanted: Sequence[str], views: dict[str, Filter]) -> Filter:
    if len(wanted) == 1 and wanted[0] in views:
        return views[wanted[0]]
    if unfit := [each for each in wanted if "=" not in each]:
        raise ConfigError(f"{unfit[0]}: is neither a view ({', '.join(views)}) nor a filter such as kinds=vacancy")
    try:
        return read_filter({name: [value] for name, _, value in (each.partition("=") for each in wanted)})
    except ValueError as error:
        raise ConfigError(str(error)) from None


def _print(found: Preview) -> None:
    live = ", ".join(f"{kind} {count:,}" for kind, count in found.live.items()) or "nothing"
    out.print(f"filter: {_asked(found.filter) or 'everything'}", markup=False, highlight=False)
    out.print(f"now: {live}")
    out.print(
        f"what it would have told in the last {found.days} days: opportunities {found.delivered:,}, "
        f"changes {found.changes:,}, gone {found.gone:,}"
    )
    if found.newest:
        rows = [(each.changed, each.kind, next(iter(each.title.values())), each.organisation) for each in found.newest]
        out.print(table(("changed last", "kind", "title", "organisation"), rows))


def _asked(wanted: object) -> str:
    items = wanted.items() if isinstance(wanted, dict) else ()
    return "; ".join(f"{name}: {_values(name, value)}" for name, value in items)


def _values(name: str, value: object) -> str:
    if not isinstance(value, list):
        return str(value)
    return ", ".join(f"{each} ({area_name(each)})" if name == "places" else str(each) for each in value)
