"""`hub report`: what portals say to be wrong with records, deciding about it, and how often records are used."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer
from rich.markup import escape

from hub.app import feedback
from hub.app.feedback import DAYS, Reported, SourceReports, Used
from hub.app.hub import Hub
from hub.cli.deciding import By, Why, login
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_csv, print_json, table
from hub.cli.quality import sparkline
from hub.model.vocabulary import ReportReason
from hub.store.feedback.reports import ANONYMOUS, Decision
from hub.store.feedback.usage import APPLIED, EVENTS, OPENED, SHOWN

app = typer.Typer(
    add_completion=False,
    help="See which records portals report, decide about them, and see how often records are used.",
    no_args_is_help=True,
)

_REASONS = tuple(each.value for each in ReportReason)
_TITLE = 44

Number = Annotated[int, typer.Argument(help="Number of the report, as `hub report list` gives it.")]
OfSource = Annotated[str | None, typer.Argument(help="A source; all of them by default.")]


@app.command(name="list")
def list_reports(
    source: OfSource = None,
    reason: Annotated[str | None, typer.Option(help=f"Only this reason: {', '.join(_REASONS)}.")] = None,
    decided: Annotated[bool, typer.Option("--decided", help="List what was decided instead of what waits.")] = False,
    limit: Annotated[int, typer.Option(help="Most records to list.", min=1)] = 20,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Show how much of each source is reported, and the records that wait for you, the oldest report first.

    With a source and --json it is made to be sent to the partner: it does not say who reported.
    """
    with Hub.open(config) as hub:
        found = feedback.find(hub, source=source, reason=reason, decided=decided, limit=limit)
        counts = [each for each in feedback.overview(hub, datetime.now(UTC)) if source in {None, each.source}]
    if json:
        print_json(
            {
                "days": DAYS,
                "sources": [each.as_dict() for each in counts],
                "records": [each.as_dict(source) for each in found],
            }
        )
        return
    _print_counts(counts)
    _print_records(found, decided=decided)


@app.command()
def show(report: Number, config: Folder = CONFIG, json: Json = False) -> None:
    """Show a report with all that say the same: by whom, when, and their notes."""
    with Hub.open(config) as hub:
        found, names = feedback.show(hub, report), feedback.portals(hub)
    if json:
        print_json(feedback.as_admin(found, names))
        return
    first = found.first
    out.print(f"[bold]{escape(_title(found))}[/]  {first.reason}, {first.state}", highlight=False)
    out.print(f"{found.address}\n{', '.join(found.listings)}", markup=False, highlight=False, soft_wrap=True)
    if found.other:
        out.print(f"said to be the same as {found.other}", markup=False, highlight=False, soft_wrap=True)
    if first.decided:
        why = f": {first.why}" if first.why else ""
        out.print(f"{first.state} by {first.decided_by} at {first.decided}{why}", markup=False, highlight=False)
    rows = [
        (row.id, row.made, _named(row.reader, names), "" if row.position is None else str(row.position), row.note or "")
        for row in found.rows
    ]
    shown = [(number, *map(escape, map(str, cells))) for number, *cells in rows]
    out.print(table(("report", "made", "by", "read at", "note"), shown, numbers=("report", "read at")))


@app.command()
def accept(report: Number, config: Folder = CONFIG, by: By = None, why: Why = None, json: Json = False) -> None:
    """Decide that a report is right, with all that say the same. What to do then is told; nothing is done by itself.

    Example: `hub report accept 17 --why "the shop closed"`.
    """
    _decide(report, "accepted", config, by, why, json=json)


@app.command()
def reject(report: Number, config: Folder = CONFIG, by: By = None, why: Why = None, json: Json = False) -> None:
    """Decide that a report is wrong, with all that say the same.

    It holds for these readers for as long as the opportunity stays as it is.
    """
    _decide(report, "rejected", config, by, why, json=json)


@app.command()
def usage(
    source: OfSource = None,
    config: Folder = CONFIG,
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print each day as a row for a spreadsheet instead.")] = False,
) -> None:
    """Show how often portals showed the records of each source, opened them, and led on to apply, over 30 days.

    A record that several sources list counts for each of them. With a source and --csv or --json it is made to be
    sent to the partner: sums over all portals, and in JSON how many portals count, not which.
    """
    if json and csv:
        raise typer.BadParameter("give --json or --csv, not both")
    now = datetime.now(UTC)
    with Hub.open(config) as hub:
        found = feedback.used(hub, now, source)
    if json:
        print_json({"days": DAYS, "sources": [each.as_dict() for each in found]})
    elif csv:
        print_csv(("source", "day", *EVENTS), [row for each in found for row in each.rows])
    elif not any(each.total for each in found):
        out.print(f"no portal sent counts in the last {DAYS} days; docs/how-to/report-a-record.md tells them how")
    elif source:
        _print_use(found[0], now.date())
    else:
        columns = ("source", "live", *EVENTS, "opened ‰", "applied ‰")
        out.print(table(columns, map(_use, found), numbers=columns[1:]))
        out.print(
            "\n‰: of every thousand times shown; `hub report usage SOURCE` shows its portals and days", soft_wrap=True
        )


def _decide(number: int, decision: Decision, config: Folder, by: str | None, why: str | None, *, json: bool) -> None:
    with Hub.open(config) as hub:
        found = feedback.decide(hub, number, decision, by=by or login(), why=why)
        steps = feedback.advice(hub, found) if decision == "accepted" else []
    numbers = [row.id for row in found.rows]
    if json:
        print_json({"reports": numbers, "state": decision, "next": steps})
        return
    alike = f" with {len(numbers) - 1} that say the same" if len(numbers) > 1 else ""
    out.print(f"report {number} is {decision}{alike}", highlight=False)
    for step in steps:
        out.print(f"  {step}", markup=False, highlight=False, soft_wrap=True)


# Tables -------------------------------------------------------------------------------------------------------


def _print_counts(counts: list[SourceReports]) -> None:
    columns = ("source", "live", "open", f"{DAYS} days", "per 1,000 live", "reasons")
    out.print(table(columns, map(_counted, counts), numbers=columns[1:-1]))


def _counted(found: SourceReports) -> tuple[object, ...]:
    counts = ((found.reasons[name].new, name) for name in _REASONS if name in found.reasons)
    reasons = (f"{count:,} {name}" for count, name in counts if count)
    rate = "" if found.rate is None else f"{found.rate:.2f}"
    return found.source, found.live, found.open, found.new, rate, ", ".join(reasons)


def _print_records(found: list[Reported], *, decided: bool) -> None:
    if not found:
        out.print("\nnothing was decided yet" if decided else "\nnothing waits for you")
        return
    columns = ("report", "since", *(("state",) if decided else ()), "reason", "by", "record")
    rows = [_record(each, decided=decided) for each in found]
    out.print()
    out.print(table(columns, rows, numbers=("report",)))
    if not decided:
        number = found[0].first.id
        out.print(
            f"\n`hub report show {number}` has the notes; `hub report accept {number}` or "
            f"`hub report reject {number}` decides",
            highlight=False,
            soft_wrap=True,
        )


def _record(found: Reported, *, decided: bool) -> tuple[object, ...]:
    first = found.first
    state = (first.state,) if decided else ()
    return str(first.id), first.made[:10], *state, first.reason, _readers(found), escape(_title(found))


def _readers(found: Reported) -> str:
    counts = ((found.portals, "portal"), (found.strangers, "visitor"))
    return ", ".join(f"{count} {what}{'s' if count > 1 else ''}" for count, what in counts if count)


def _title(found: Reported) -> str:
    title = found.title or f"gone: {found.gone}"
    cut = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
    return f"{cut} ({found.listings[0]})" if found.listings else cut


def _named(reader: str, names: Mapping[str, str]) -> str:
    return "visitor" if reader == ANONYMOUS else names.get(reader, reader)


def _use(found: Used) -> tuple[object, ...]:
    return found.source, found.live, *_numbers(found.total), _rate(found, OPENED), _rate(found, APPLIED)


def _numbers(counts: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(counts.get(event, 0) for event in EVENTS)


def _rate(found: Used, event: str) -> str:
    rate = found.per_thousand(event)
    return "" if rate is None else f"{rate:.1f}"


def _print_use(found: Used, today: date) -> None:
    days = [(today - timedelta(days=ago)).isoformat() for ago in reversed(range(DAYS))]
    bars = sparkline([found.days.get(day, {}).get(SHOWN, 0) for day in days])
    out.print(f"[bold]{found.source}[/]  {found.live:,} live  shown {bars} {days[0]} – {days[-1]}", highlight=False)
    rows = [(escape(name), *_numbers(counts)) for name, counts in sorted(found.portals.items())]
    rows.append(("all", *_numbers(found.total)))
    out.print(table(("portal", *EVENTS), rows, numbers=EVENTS))
    out.print(f"of every thousand times shown: opened {_rate(found, OPENED)}, applied {_rate(found, APPLIED)}")
