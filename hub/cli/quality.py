"""`hub quality`: how well sources describe their listings."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from hub.app import qualities
from hub.app.hub import Hub
from hub.app.qualities import SourceQuality
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json, table

app = typer.Typer(add_completion=False)

_BARS = "▁▂▃▄▅▆▇█"
_LEAST_SPAN = 0.02
_COLUMNS = ("source", "listings", "score", "30 days", "change")


@app.command()
def quality(
    source: Annotated[str | None, typer.Argument(help="A source, to see where it could gain most.")] = None,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Show how well sources describe their listings: the mean score, each criterion, and the last 30 days.

    Of one source it shows the three criteria that would raise the score most, each with what to ask of the partner and
    with listings to look at.
    """
    now = datetime.now(UTC)
    with Hub.open(config) as hub:
        found = [qualities.quality_of(hub, source, now)] if source else qualities.overview(hub, now)
    known = [each for each in found if each is not None]
    if json:
        print_json({"sources": [each.as_dict() for each in known]})
    elif not known:
        out.print("nothing is published yet; `hub run` fetches it")
    elif source:
        _print(known[0])
    else:
        out.print(table(_COLUMNS, map(_row, known), numbers=("listings", "score", "change")))
        out.print("\n`hub quality SOURCE` shows where one could gain most")


def _print(found: SourceQuality) -> None:
    now = found.now
    out.print(f"[bold]{now.source}[/]  {now.score:.2f} over {now.listings:,} listings  {_line(found)} {_change(found)}")
    by_mean = sorted(now.criteria.items(), key=lambda each: (each[1].mean, each[0]))
    rows = [(name, f"{each.mean:.2f}", each.lacking, f"+{each.gain:.3f}") for name, each in by_mean]
    out.print(table(("criterion", "mean", "not met", "could gain"), rows, numbers=("mean", "not met", "could gain")))
    for each in found.weak:
        out.print(f"\n{each.name}: {each.advice}", markup=False, highlight=False)
        for local_id, title in each.examples:
            out.print(f"  {local_id}  {title}", markup=False, highlight=False, overflow="ellipsis", no_wrap=True)


def _row(found: SourceQuality) -> tuple[object, ...]:
    now = found.now
    return now.source, now.listings, f"{now.score:.2f}", _line(found), _change(found)


def _line(found: SourceQuality) -> str:
    return sparkline([day.score for day in found.trend])


def _change(found: SourceQuality) -> str:
    return "" if found.change is None else f"{found.change:+.3f}"


def sparkline(values: Sequence[float]) -> str:
    """Return a line of bars; what hardly moves is drawn flat, in the middle."""
    if not values:
        return ""
    low, high = min(values), max(values)
    if high - low < _LEAST_SPAN:
        return _BARS[3] * len(values)
    return "".join(_BARS[round((value - low) / (high - low) * (len(_BARS) - 1))] for value in values)
