"""`hub feed`: where the feed stands, and following one."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any

import schakel_client
import typer
from schakel_client import FollowError, Malformed, MemoryState, Patience, Unavailable

from hub.app.calling import caller, fetch_json
from hub.app.hub import Hub
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import err, out, print_json, print_line, table
from hub.config import load
from hub.errors import HubError, SourceUnavailable, UnexpectedAnswer
from hub.feed import FEEDS, follow, summary
from hub.store import pages

app = typer.Typer(add_completion=False, help="Look at the change feed.", no_args_is_help=True)

_POLL_SECONDS = 8
_HASTY = Patience(tries=1)
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
    key: Annotated[
        str | None, typer.Option(envvar="HUB_FEED_KEY", help="Key for a view that is not open to all.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print each item as one line of JSON.")] = False,
) -> None:
    """Follow a feed as a portal would, checking every page against RPDE 1.0.

    Prints one line per change. Ends at once with exit code 1 when a page breaks a rule of RPDE.
    """
    address = url or f"{load(config).settings.public_url}/feeds/all"
    if after is not None:
        address = f"{address}{'&' if '?' in address else '?'}afterChangeNumber={after}"
    state = MemoryState()
    waits = (None,) if once else (None, _POLL_SECONDS)
    try:
        for wait in waits:  # to the end first, so that a wrong address shows at once
            for batch in schakel_client.follow(address, state, key=key, wait=wait, events=True, patience=_HASTY):
                _print_items(batch.items, json=json)
    except KeyboardInterrupt:
        pass
    except FollowError as error:
        raise _refusal(error, _onward(state, address)) from error
    onward = _onward(state, address)
    err.print(f"Continue later with: hub feed follow '{onward}'", markup=False, highlight=False, soft_wrap=True)


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


def _onward(state: MemoryState, address: str) -> str:
    position = state.load(address.partition("?")[0])
    return position.next if position else address


def _refusal(error: FollowError, onward: str) -> HubError:
    """Return the error of the hub for one of following."""
    if isinstance(error, Unavailable):
        return SourceUnavailable(f"{error}. {_ADVICE.format(onward)}")
    return UnexpectedAnswer(str(error)) if isinstance(error, Malformed) else HubError(str(error))


def _print_items(items: Sequence[Mapping[str, Any]], *, json: bool) -> None:
    for item in items:
        if json:
            print_line(item)
        else:
            line = f"{item['modified']:>9}  {item['state']:<8} {item['kind']:<10} {_titled(item)}"
            out.print(line, markup=False, highlight=False)


def _titled(item: Mapping[str, Any]) -> object:
    """Return what an item is called, or why it is gone; other hubs write titles in other ways than ours does."""
    title = (item.get("data") or {}).get("title")
    said = next(iter(title.values()), None) if isinstance(title, Mapping) else title
    return said or item.get("reason", "")
