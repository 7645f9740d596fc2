"""`hub sources`: the configured sources and how they do."""

from datetime import datetime
from typing import Any

import typer

from hub.app.hub import Hub
from hub.app.statuses import SourceStatus
from hub.app.statuses import statuses as statuses_of
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json, table

app = typer.Typer(add_completion=False)

_COLUMNS = ("source", "schedule", "next", "live", "aside", "last run", "outcome")
_SHORT = "%d/%m %H:%M"


@app.command()
def sources(config: Folder = CONFIG, json: Json = False) -> None:
    """List the configured sources: where each comes from, when it runs, what it holds, how its last run ended."""
    with Hub.open(config) as hub:
        statuses = statuses_of(hub)
    if json:
        print_json({"sources": [_described(status) for status in statuses]})
    else:
        out.print(table(_COLUMNS, (_row(status) for status in statuses), numbers=("live", "aside")))
        sandboxed = ", ".join(status.config.id for status in statuses if status.config.sandbox)
        if sandboxed:
            out.print(f"\non made-up partners (sandbox = true): {sandboxed}")


def _row(status: SourceStatus) -> tuple[object, ...]:
    config, last = status.config, status.last
    return (
        config.id,
        (config.schedule or "by hand") if config.enabled else "disabled",
        status.next.strftime(_SHORT) if status.next else "",
        status.live,
        status.quarantined,
        datetime.fromisoformat(last.started).astimezone().strftime(_SHORT) if last else "never",
        (last.outcome or "interrupted or running") if last else "",
    )


def _described(status: SourceStatus) -> dict[str, Any]:
    config, last = status.config, status.last
    return {
        "id": config.id,
        "adapter": config.adapter,
        "partner": config.partner,
        "enabled": config.enabled,
        "sandbox": config.sandbox,
        "schedule": config.schedule,
        "next": status.next.isoformat() if status.next else None,
        "live": status.live,
        "quarantined": status.quarantined,
        "last": {
            "run": last.id,
            "started": last.started,
            "outcome": last.outcome,
            "reason": last.reason,
            "counts": last.counts,
            "notes": last.notes,
        }
        if last
        else None,
    }
