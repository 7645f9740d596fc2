"""`hub replay`: an adapter on recordings or on the archive, without the network."""

import json as standard_json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from hub.app.hub import Hub
from hub.app.replaying import Replay, Shown, Tally, of_recording, of_run
from hub.cli import FAILED
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import complain, out, print_json, table
from hub.errors import ConfigError
from hub.model.issue import Severity

app = typer.Typer(add_completion=False)

_SIDE_BY_SIDE = 110
_COLOURS = {Severity.error: "red", Severity.warning: "yellow"}


@app.command()
def replay(
    source: Annotated[str, typer.Argument(help="Id of the source.")],
    config: Folder = CONFIG,
    *,
    recordings: Annotated[Path | None, typer.Option(help="Folder of a recording, as `hub record` makes it.")] = None,
    run: Annotated[int | None, typer.Option(help="Number of a run, whose archived answers are replayed.")] = None,
    record: Annotated[str | None, typer.Option(help="Show only the record with this local id.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="Show at most this many records.")] = 3,
    json: Json = False,
) -> None:
    """Run an adapter on recordings or on the raw archive, without the network, and show the records before and after.

    Without `--recordings` and `--run`, the last applied run is replayed. Nothing is changed.

    Examples: `hub replay vdab --limit 1`, `hub replay vdab --record 70000012`, `hub replay vdab --limit 0`.

    Exit code 1 when the record asked for is not there.
    """
    if recordings and run is not None:
        raise ConfigError("--recordings and --run exclude each other; name one of them")
    tally = Tally()
    with Hub.open(config) as hub:
        replayed = of_recording(hub, source, recordings) if recordings else of_run(hub, source, run)
        shown = _chosen(replayed, tally, record, limit)
    if json:
        print_json({"source": source, "records": list(map(_described, shown)), "summary": _summary(tally)})
    else:
        for each in shown:
            out.print(_compared(each))
        out.print(table((source, replayed.origin), _rows(tally)))
    if record and not shown:
        complain(f"no record of {replayed.origin} has the local id {record!r}")
        raise typer.Exit(FAILED)


def _chosen(replayed: Replay, tally: Tally, record: str | None, limit: int) -> list[Shown]:
    """Return the records to show; all are read, so that the tally counts them."""
    chosen: list[Shown] = []
    for each in replayed.records(tally):
        if len(chosen) < limit and (record is None or each.local_id == record):
            chosen.append(each)
    return chosen


def _compared(shown: Shown) -> RenderableType:
    """Return a record before and after: side by side where there is room, else one below the other."""
    before = Panel(_laid_out(shown.payload), title="as the partner sent it", title_align="left")
    title = "refused" if shown.listing is None else "as it would be published"
    after = Panel(_after(shown), title=title, title_align="left")
    parts: tuple[RenderableType, ...] = (before, after)
    if out.width >= _SIDE_BY_SIDE:
        both = Table.grid(expand=True)
        both.add_column(ratio=1)
        both.add_column(ratio=1)
        both.add_row(before, after)
        parts = (both,)
    return Group(Text(shown.local_id, style="bold"), *parts)


def _after(shown: Shown) -> RenderableType:
    said = [
        Text(f"{found.severity.value} {found.code}  {found.sentence()}", style=_COLOURS[found.severity])
        for found in shown.issues
    ]
    listing = [] if shown.listing is None else [_laid_out(shown.listing)]
    return Group(*said, *listing)


def _laid_out(value: Any) -> Text:
    return Text(standard_json.dumps(value, indent=2, ensure_ascii=False), overflow="fold")


def _described(shown: Shown) -> dict[str, Any]:
    issues = [
        {"code": found.code, "severity": found.severity.value, "field": found.field, "sentence": found.sentence()}
        for found in shown.issues
    ]
    return {"localId": shown.local_id, "payload": shown.payload, "listing": shown.listing, "issues": issues}


def _summary(tally: Tally) -> dict[str, Any]:
    return {
        "records": tally.records,
        "published": tally.published,
        "refused": tally.refused,
        "withdrawn": tally.withdrawn,
        "merged": tally.merged,
        "reasons": dict(tally.reasons.most_common()),
        "approximate": tally.approximate,
        "ended": tally.ended,
    }


def _rows(tally: Tally) -> list[tuple[str, object]]:
    reasons = ", ".join(f"{code} {count:,}" for code, count in tally.reasons.most_common(5))
    rows: list[tuple[str, object]] = [
        ("records", tally.records),
        ("would be published", tally.published),
        ("would be refused", f"{tally.refused:,}{f' ({reasons})' if reasons else ''}"),
        ("reported gone, or told twice", f"{tally.withdrawn:,}, {tally.merged:,}"),
        ("the fetch ended", escape(tally.ended)),
    ]
    asked = [("asked differently", f"{tally.approximate:,} questions, answered in the order of the recording")]
    return rows + (asked if tally.approximate else [])
