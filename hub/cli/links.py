"""`hub links`: whether what listings link to is still there, and what is likely over."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from hub.app import links as following
from hub.app.hub import Hub
from hub.app.links import Links
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import err, out, print_json, table
from hub.store.doubts import Weighing

app = typer.Typer(add_completion=False, invoke_without_command=True)

_VERDICTS = ("alive", "failing", "dead", "unknown")
_COLUMNS = ("source", "looked after", *_VERDICTS, "old after", "old")
_SHOWN = 20

Source = Annotated[str, typer.Argument(help="The source.")]


@app.callback()
def links(context: typer.Context, config: Folder = CONFIG, json: Json = False) -> None:
    """Show whether what listings link to is still there, and which vacancies are old for their source.

    A page is dead when several looks over days found it gone: 404, 410, or sent to a home or search page. Which sources
    are looked after stands in their file (`links = true`), how in `[links]` of hub.toml.
    """
    if context.invoked_subcommand is not None:
        return
    with Hub.open(config) as hub:
        found = following.statuses(hub, datetime.now(UTC))
    if json:
        print_json({"sources": [each.as_dict() for each in found]})
        return
    out.print(table(_COLUMNS, map(_row, found), numbers=(*_VERDICTS, "old after", "old")))
    for sentence in (said for each in found for said in _held(each)):
        out.print(f"\n{sentence}", markup=False, highlight=False)


@app.command()
def show(
    source: Source,
    limit: Annotated[int, typer.Option(help="Most addresses to show.", min=1)] = _SHOWN,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Show the addresses of a source that were gone at the last look, those that failed most often first."""
    with Hub.open(config) as hub:
        found = following.suspects(hub, source, limit)
    if json:
        print_json({"links": [asdict(each) for each in found]})
        return
    rows = [(each.local_id, each.verdict, each.failures, each.first_failure, each.reason, each.url) for each in found]
    columns = ("listing", "verdict", "times", "since", "because", "address")
    out.print(table(columns, rows, numbers=("times",)) if rows else "no address was gone at the last look")


@app.command()
def check(
    source: Source,
    count: Annotated[int, typer.Option(help="How many addresses.", min=1, max=1000)] = _SHOWN,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Look at some addresses of a source now, those not looked at for longest first, at the pace of their hosts."""
    with Hub.open(config) as hub, err.status("looking"):
        made = following.look_now(hub, source, following.manners(hub), datetime.now(UTC), count=count)
    if json:
        print_json({"found": dict(made.found), "leftAlone": sorted(made.left_alone)})
        return
    said = ", ".join(f"{number:,} {name}" for name, number in made.found.most_common())
    out.print(said or "nothing was looked at")
    if made.left_alone:
        out.print(f"left alone for now: {', '.join(sorted(made.left_alone))}", markup=False, highlight=False)


@app.command()
def doubt(
    anyway: Annotated[
        list[str] | None, typer.Option(help="A source of which everything is believed, however much it is.")
    ] = None,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Publish as likely expired what has a dead link or is old, and as active what has not; the hub does so hourly.

    Where more of a source is gone than its `expect.max_drop` allows, as when a partner has a new site, nothing is
    doubted until a person has looked and says --anyway.
    """
    now = datetime.now(UTC)
    with Hub.open(config) as hub:
        for source in anyway or ():
            hub.config.source(source)
        following.gather(hub, now)
        found = following.doubt(hub, now, anyway=anyway or ())
    if json:
        print_json({"changed": found})
        return
    for source, number in found.items():
        out.print(f"{source}: {number:,} opportunities changed")
    if not found:
        out.print("nothing changes")


def _row(found: Links) -> tuple[object, ...]:
    norm = found.weighed.norm
    after = f"{norm.days} days" if norm else "unknown"
    counts = (found.verdicts.get(name, 0) for name in _VERDICTS)
    return found.source, "yes" if found.enabled else "no", *counts, after, found.weighed.old.count


def _held(found: Links) -> list[str]:
    said = {
        "links": (found.weighed.links, found.weighed.failing, "links that were looked at are gone"),
        "age": (found.weighed.age, found.weighed.old, "vacancies without a last day are older than is usual"),
    }
    return [
        f"{found.source}: {share.count:,} of {share.of:,} {what}, too many to be believed: nothing is doubted for it. "
        f"Look at some with `hub links show {found.source}`; if it is right, `hub links doubt --anyway {found.source}`."
        for weighing, share, what in said.values()
        if weighing is Weighing.hold
    ]
