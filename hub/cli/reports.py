"""Reports of runs, as a table."""

from collections.abc import Sequence

from rich.table import Table

from hub.cli import FAILED, FINE, HELD, USAGE
from hub.cli.output import out, table
from hub.pipeline import Outcome, Report

_COLUMNS = ("source", "outcome", "fetched", "published", "merged", "refused", "withdrawn", "seconds")
_NUMBERS = _COLUMNS[2:]
_REASONS = 4


def print_reports(reports: Sequence[Report]) -> None:
    """Print what came of runs: the table, and the commonest reasons of refusal."""
    out.print(report_table(reports))
    reasons = refusals(reports)
    if reasons:
        out.print()
        out.print(reasons)


def report_table(reports: Sequence[Report]) -> Table:
    """Return a table of runs: what each fetched, published, merged, refused, and withdrew."""
    return table(_COLUMNS, (_row(report) for report in reports), numbers=_NUMBERS)


def refusals(reports: Sequence[Report]) -> Table | None:
    """Return a table of the commonest reasons of refusal, an example each; None when nothing was refused."""
    rows = [row for report in reports for row in _refusals(report)]
    return table(("source", "refused", "code", "for example"), rows, numbers=("refused",)) if rows else None


def sentences(reports: Sequence[Report]) -> list[str]:
    """Return, for every run that did not end complete, why and what to do."""
    return [f"{report.source}: {report.outcome.value}: {_reason(report)}" for report in reports if report.reason]


def exit_code(reports: Sequence[Report]) -> int:
    """Return 2 when a source is set up wrongly, else 1 when a run failed or is incomplete, else 3 when one is held."""
    if any(report.run is None and report.outcome is Outcome.failed for report in reports):
        return USAGE
    outcomes = {report.outcome for report in reports}
    if outcomes & {Outcome.failed, Outcome.incomplete, Outcome.interrupted}:
        return FAILED
    return HELD if Outcome.held in outcomes else FINE


def _refusals(report: Report) -> list[tuple[object, ...]]:
    """Return the commonest reasons of one run, and how many more there are."""
    reasons, examples = report.notes.reasons.most_common(), report.notes.examples
    rows: list[tuple[object, ...]] = [
        (report.source, count, code, examples[code].sentence()) for code, count in reasons[:_REASONS]
    ]
    if rest := reasons[_REASONS:]:
        more = f"and {len(rest)} more reason{'s' if len(rest) > 1 else ''}: `hub quarantine list {report.source}`"
        rows.append((report.source, "", "…", more))  # a record may have several reasons, so no sum
    return rows


def _reason(report: Report) -> str:
    decide = f" (`hub hold list {report.source}`)" if report.plan else ""
    return f"{report.reason}{decide}"


def _row(report: Report) -> tuple[object, ...]:
    counts = report.counts
    outcome = report.outcome.value
    numbers = (counts.fetched, report.live, counts.merged, counts.refused, report.withdrawn, f"{report.seconds:.1f}")
    return (report.source, outcome, *numbers)
