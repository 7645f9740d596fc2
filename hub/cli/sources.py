"""`hub sources`: the configured sources and how they do; `hub sources show SOURCE`: what one of them asks for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from hub.app.coverage import Met, source_coverage
from hub.app.feedback import DAYS
from hub.app.hub import Hub
from hub.app.statuses import SourceStatus, unconfigured
from hub.app.statuses import statuses as statuses_of
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json, table
from hub.mapping.coverage import TableCoverage

app = typer.Typer(add_completion=False, invoke_without_command=True)

_COLUMNS = ("source", "schedule", "next", "live", "aside", "last run", "outcome")
_SHORT = "%d/%m %H:%M"
_SHOWN = 12
_NO_FILE = "not configured"
_LEFT = (
    "\nnot configured: there is no file under sources/ for it any more, so no run updates or withdraws what it "
    "published, which stays in the feed; put the file back."
)


@app.callback()
def sources(context: typer.Context, config: Folder = CONFIG, json: Json = False) -> None:
    """List the configured sources: where each comes from, when it runs, what it holds, how its last run ended."""
    if context.invoked_subcommand is not None:
        return
    with Hub.open(config) as hub:
        statuses, left = statuses_of(hub), unconfigured(hub)
    if json:
        print_json({"sources": [_described(status) for status in statuses], "notConfigured": left})
    else:
        rows = [*map(_row, statuses), *((name, _NO_FILE, "", live, "", "", "") for name, live in left.items())]
        out.print(table(_COLUMNS, rows, numbers=("live", "aside")))
        sandboxed = ", ".join(status.config.id for status in statuses if status.config.sandbox)
        if sandboxed:
            out.print(f"\non made-up partners (sandbox = true): {sandboxed}")
        waiting = ", ".join(f"{status.config.id} {status.reported:,}" for status in statuses if status.reported)
        if waiting:
            out.print(f"\nreports of portals to judge: {waiting} (`hub report list`)")
        if left:
            out.print(_LEFT, markup=False, highlight=False, soft_wrap=True)


@app.command()
def show(
    source: Annotated[str, typer.Argument(help="The source.")], config: Folder = CONFIG, json: Json = False
) -> None:
    """Show one source: how it does, what portals tell of it, and what waits for a person in its adapter or tables.

    The last is each field that the partner sends and nobody reads, and each value that no table knows, with how many
    records hold it and some of their ids, counted over the records read since the adapter or its tables last changed.
    """
    with Hub.open(config) as hub:
        wanted = hub.config.source(source).id
        status = next(each for each in statuses_of(hub) if each.config.id == wanted)
        found = source_coverage(hub, source)
    if json:
        print_json({**_described(status), "readSince": found.met.runs[-1:] or None, **_work(found.met, found.tables)})
        return
    _print_status(status)
    _print_work(found.met, found.tables)


def _print_status(status: SourceStatus) -> None:
    config, last = status.config, status.last
    lines = {
        "adapter": f"{config.adapter}{', on a made-up partner (sandbox)' if config.sandbox else ''}",
        "partner": config.partner,
        "schedule": (config.schedule or "by hand") if config.enabled else "disabled",
        "next": status.next.strftime(_SHORT) if status.next else None,
        "live": f"{status.live:,}",
        "aside": f"{status.quarantined:,} in quarantine" if status.quarantined else "0",
        "last run": f"{_when(status)} {last.outcome or 'interrupted or running'}" if last else "never",
        "reason": last.reason if last else None,
        "used": _use(status),
        "reports": f"{status.reported:,} to judge: `hub report list {config.id}`" if status.reported else None,
    }
    out.print(config.id, style="bold", markup=False, highlight=False)
    for name, said in lines.items():
        if said:
            out.print(f"  {name:<9} {said}", markup=False, highlight=False, soft_wrap=True)


def _use(status: SourceStatus) -> str | None:
    """Return how often its listings were used; None where no portal counted any."""
    told = ", ".join(f"{count:,} {event}" for event, count in status.used.items())
    return f"{told} in {DAYS} days: `hub report usage {status.config.id}`" if any(status.used.values()) else None


def _print_work(met: Met, tables: Sequence[TableCoverage]) -> None:
    work = _work(met, tables)
    fields, values = work["unknownFields"], work["unknownValues"]
    if not (fields or values):
        out.print("\nevery field is read or ignored, and every value is known" if met.runs else "\nnothing read yet")
        return
    if fields:
        rows = [(each["field"], each["records"], ", ".join(each["examples"][:1])) for each in fields[:_SHOWN]]
        out.print("\nfields that nobody reads")
        out.print(table(("field", "records", "for example"), rows, numbers=("records",)))
    if values:
        shown = values[:_SHOWN]
        lines = [(each["table"], each["value"], each["records"], ", ".join(each["examples"][:1])) for each in shown]
        out.print("\nvalues that no table knows")
        out.print(table(("table", "value", "records", "for example"), lines, numbers=("records",)))
        out.print(f"\n`hub mapping coverage {met.source}` suggests what they may stand for")
    for rest, what in ((fields[_SHOWN:], "fields"), (values[_SHOWN:], "values")):
        if rest:
            out.print(f"{len(rest):,} more {what}; --json has them all")


def _work(met: Met, tables: Sequence[TableCoverage]) -> dict[str, list[dict[str, Any]]]:
    """Return what waits for a person: fields and values that nobody knows, the most frequent first."""
    fields = [
        {"field": name, "records": count, "examples": list(met.examples_of(name))}
        for name, count in met.unknown_fields.most_common()
    ]
    values = [
        {
            "table": each.name,
            "value": value.value,
            "records": value.count,
            "nearest": value.suggestion.key if value.suggestion else None,
            "examples": list(met.examples_of(each.name, value.value)),
        }
        for each in tables
        for value in each.unknown
    ]
    return {"unknownFields": fields, "unknownValues": sorted(values, key=lambda each: -int(str(each["records"])))}


def _when(status: SourceStatus) -> str:
    return datetime.fromisoformat(status.last.started).astimezone().strftime(_SHORT) if status.last else "never"


def _row(status: SourceStatus) -> tuple[object, ...]:
    config, last = status.config, status.last
    return (
        config.id,
        (config.schedule or "by hand") if config.enabled else "disabled",
        status.next.strftime(_SHORT) if status.next else "",
        status.live,
        status.quarantined,
        _when(status),
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
        "used": {"days": DAYS, **status.used},
        "openReports": status.reported,
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
