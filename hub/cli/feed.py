"""`hub feed`: where the feed stands, and following one."""

import time
from functools import partial
from typing import Annotated, Any

import typer

from hub.app.calling import caller, fetch_json
from hub.app.hub import Hub
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import err, out, print_json, print_line, table
from hub.config import load
from hub.errors import SourceUnavailable
from hub.feed import FEEDS, Page, follow, summary
from hub.store import pages

app = typer.Typer(add_completion=False, help="Look at the change feed.", no_args_is_help=True)

_POLL_SECONDS = 8
_RETRY = "; the next run tries again."
_ADVICE = "Is the hub running there (`hub serve`), and is the address right? Go on with: hub feed follow '{}'"
Address = Annotated[str | None, typer.Argument(help="Address of an RPDE feed; this hub's own /feeds/all by default.")]


@app.command()
def head(config: Folder = CONFIG, json: Json = False) -> None:
    """Show the last position and what each feed holds, from the store of this machine."""
    with Hub.open(config) as hub, hub.database.read() as connection:
        counts = pages.counts(connection)
        heads = {name: pages.head(connection, name) for name in (*FEEDS, *(view.id for view in hub.config.views))}
    held = {"heads": heads, "opportunities": counts.opportunities, "tombstones": counts.tombstones}
    if json:
        print_json(held)
    else:
        out.print(table(("feed", "last position"), heads.items(), numbers=("last position",)))
        live = ", ".join(f"{number:,} {kind}" for kind, number in sorted(counts.opportunities.items())) or "nothing"
        out.print(f"\nin the feed: {live}; tombstones: {counts.tombstones:,}")


@app.command(name="follow")
def follow_feed(
    url: Address = None,
    config: Folder = CONFIG,
    after: Annotated[int | None, typer.Option(help="Continue after this change number.")] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Stop at the end of the feed instead of waiting for more.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print each item as one line of JSON.")] = False,
) -> None:
    """Follow a feed as a portal would, checking every page against RPDE 1.0.

    Prints one line per change. Ends at once with exit code 1 when a page breaks a rule of RPDE.
    """
    address = url or f"{load(config).settings.public_url}/feeds/all"
    if after is not None:
        address = f"{address}?afterChangeNumber={after}"
    with caller(address) as client:
        while True:
            try:
                for page in follow(partial(fetch_json, client), address):
                    _print_items(page, json=json)
                    address = page.next
            except SourceUnavailable as error:
                raise SourceUnavailable(f"{_where(str(error))} {_ADVICE.format(address)}") from error
            if once:
                break
            try:
                time.sleep(_POLL_SECONDS)
            except KeyboardInterrupt:
                break
    err.print(f"Continue later with: hub feed follow '{address}'", markup=False, highlight=False, soft_wrap=True)


def page_summary(url: str) -> Any:
    """Return the summary of a feed's first page, read over HTTP, as a table."""
    with caller(url) as client:
        found = summary(next(iter(follow(partial(fetch_json, client), url))))
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in sorted(found.kinds.items())) or "none"
    rows = (
        ("first page", url),
        ("items", f"{found.count:,} ({kinds}), of which {found.deleted:,} tombstones"),
        ("change numbers", f"{found.first} to {found.last}" if found.count else "none"),
        ("titles", "; ".join(found.titles)),
        ("next", found.next),
    )
    return table(("feed", ""), rows)


def _where(said: str) -> str:
    """Return what went wrong without the word of a next run, which following has none of."""
    return f"{said.removesuffix(_RETRY)}." if said.endswith(_RETRY) else said


def _print_items(page: Page, *, json: bool) -> None:
    for item in page.items:
        if json:
            print_line(item)
        else:
            data = item.get("data") or {}
            title = next(iter((data.get("title") or {}).values()), item.get("reason", ""))
            out.print(
                f"{item['modified']:>9}  {item['state']:<8} {item['kind']:<10} {title}", markup=False, highlight=False
            )
