"""`hub archive`: how much of what partners sent is kept, and the removal of what is old."""

from typing import Annotated

import typer

from hub.app.hub import Hub
from hub.app.retention import Status
from hub.app.retention import clean as clean_now
from hub.app.retention import status as status_of
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json, table

app = typer.Typer(
    add_completion=False,
    help="See how much of what partners sent is kept, and remove what is old.",
    no_args_is_help=True,
)

_COLUMNS = ("source", "bodies", "MB", "may go", "MB to go", "aside")


@app.command()
def status(config: Folder = CONFIG, json: Json = False) -> None:
    """Show what the archive and the quarantine hold of each source, and how much of it is older than it is kept.

    How long that is stands in `[retention]` of hub.toml. What is published can always be replayed: the answers it
    rests on stay, however old they are.
    """
    with Hub.open(config) as hub:
        found = status_of(hub)
    if json:
        print_json(found.as_dict())
        return
    rows = [
        (kept.source, kept.bodies, _mb(kept.bytes), kept.going, _mb(kept.going_bytes), kept.quarantined)
        for kept in found.sources
    ]
    out.print(table(_COLUMNS, rows, numbers=_COLUMNS[1:]))
    out.print(
        f"\nin all {found.bodies:,} bodies of {_mb(found.bytes)} MB, and a database of {_mb(found.database_bytes)} MB; "
        f"{_said(found, 'may go')}"
    )


@app.command()
def clean(
    config: Folder = CONFIG,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    json: Json = False,
) -> None:
    """Remove what is older than it is kept; `hub serve` does so once a day by itself."""
    with Hub.open(config) as hub:
        found = status_of(hub) if dry_run else clean_now(hub)
    if json:
        print_json({"dryRun": dry_run, **found.as_dict()})
    else:
        out.print(_said(found, "would go" if dry_run else "went"))


def _said(found: Status, what: str) -> str:
    old = found.old
    return (
        f"{found.going:,} bodies of {_mb(found.going_bytes)} MB {what}, with {old.answers:,} answers, {old.records:,} "
        f"refused records, {old.runs:,} runs that changed nothing, {old.reports:,} reports of portals and "
        f"{old.usage:,} counts of theirs"
    )


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f}"
