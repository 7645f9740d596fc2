"""`hub demo`: everything at once, on made-up partners."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.panel import Panel

from hub.app import matching
from hub.app.demonstration import Demonstration, demonstrate
from hub.app.matching import Overview
from hub.app.serving import Runner
from hub.cli.feed import page_summary
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import complain, err, out, print_json
from hub.cli.progress import run_with_progress
from hub.cli.reports import exit_code, print_reports, sentences
from hub.cli.waiting import ending, stoppable
from hub.config import load
from hub.pipeline import Report
from hub.store import pages

app = typer.Typer(add_completion=False)

_NAMES = ("id", "kind", "outcome", "fetched", "published", "merged", "refused", "withdrawn", "seconds")


@app.command()
def demo(
    config: Folder = CONFIG,
    port: Annotated[
        int | None, typer.Option(help="Port of the hub; the configured one, or a free one, by default.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Keep store and archive in this folder.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Run every source, show the result, and stop.")] = False,
    json: Json = False,
) -> None:
    """Start made-up partners and a hub, run every source, and leave the hub running until Ctrl-C.

    Needs no account and no network: the partners are sandboxes on this machine, their data is the same at every start.
    The store is a fresh one each time unless `--data` names a folder.
    """
    with stoppable(), demonstrate(load(config), port=port, data=data) as demonstration:
        if not json:
            err.print("Made-up partners are up. Running every source …")
        reports = run_with_progress(demonstration.hub, demonstration.hub.enabled())
        if json:
            print_json(_summary(demonstration, reports))
        else:
            _show(demonstration, reports)
        if once:
            if not json:
                out.print(page_summary(f"{demonstration.address}/feeds/all"))
        else:
            _wait(demonstration, quiet=json)
    raise typer.Exit(exit_code(reports))


def _summary(demonstration: Demonstration, reports: list[Report]) -> dict[str, Any]:
    with demonstration.hub.database.read() as connection:
        counts = pages.counts(connection)
        head = pages.head(connection)
    sources = [{name: report.as_dict()[name] for name in _NAMES} for report in reports]
    held = {"head": head, "opportunities": sum(counts.opportunities.values()), "tombstones": counts.tombstones}
    return {"sources": sources, "feed": held, "matched": asdict(matching.overview(demonstration.hub))}


def _show(demonstration: Demonstration, reports: list[Report]) -> None:
    out.print()
    print_reports(reports)
    complain(*sentences(reports))
    out.print()
    matched = matching.overview(demonstration.hub)
    if matched.listings or matched.unsure:
        out.print(_told(matched), highlight=False)
        out.print()


def _told(matched: Overview) -> str:
    """Say how many listings are one opportunity with another source's, and how many may be."""
    return (
        f"{matched.listings:,} listings of several sources are {matched.opportunities:,} opportunities, "
        f"each published once.\n{matched.unsure:,} more pairs may be one; a person is to judge them."
    )


def _wait(demonstration: Demonstration, *, quiet: bool) -> None:
    """Leave everything running, sources on their schedules too, until Ctrl-C or a request to terminate."""
    with ending() as ended:
        if not quiet:
            out.print(_addresses(demonstration))
        runner = Runner(demonstration.hub)
        runner.start()
        ended.wait()
        if not quiet:
            err.print("\nStopping.")
        runner.stop(seconds=0)


def _addresses(demonstration: Demonstration) -> Panel:
    address = demonstration.address
    lines = (
        f"Home page   {address}/",
        f"Feed        {address}/feeds/all",
        f"Files       {address}/views",
        f"Status      {address}/status",
    )
    return Panel("\n".join(lines), title="The hub is running", subtitle="Ctrl-C ends it", expand=False)
