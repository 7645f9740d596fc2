"""`hub mapping`: what the value tables say, know and lack."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from hub.app.coverage import SourceCoverage, source_coverage
from hub.app.hub import Hub
from hub.app.linting import lint_file, lint_hub
from hub.cli import FAILED, FINE
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json, table
from hub.mapping.coverage import TableCoverage
from hub.mapping.finding import Finding, Weight
from hub.mapping.lint import worst

app = typer.Typer(add_completion=False, help="Look at the value tables: what they say, know and lack.")

_COLORS = {Weight.error: "red", Weight.warning: "yellow", Weight.note: "dim"}
_SHOWN = 12


@app.command(name="lint")
def lint_tables(
    name: Annotated[str | None, typer.Argument(help="An adapter, a source, or the path of a mapping.toml.")] = None,
    config: Folder = CONFIG,
    notes: Annotated[bool, typer.Option(help="Show notes too, such as entries that no record met.")] = True,
    json: Json = False,
) -> None:
    """Find what is wrong in value tables: doubles, entries out of reach, values the model does not allow.

    Looks through the tables of the installed adapters and those in the sources, or one of them. Exit code 1 when there
    is an error; warnings (a review that is due) and notes (entries that no record of the last runs met) are no error.
    """
    today = datetime.now(UTC).date()
    if name is not None and name.endswith(".toml"):
        findings = lint_file(Path(name), today)
    else:
        with Hub.open(config) as hub:
            findings = lint_hub(hub, name, today)
    if json:
        print_json({"findings": [asdict(each) for each in findings]})
    else:
        _print_findings([each for each in findings if notes or each.weight is not Weight.note])
    raise typer.Exit(FAILED if worst(findings) is Weight.error else FINE)


@app.command()
def coverage(
    source: Annotated[str, typer.Argument(help="The source.")], config: Folder = CONFIG, json: Json = False
) -> None:
    """Show what share of the partner's values each table knows, and the nearest known value for each unknown one.

    Counts the records read since the adapter, its options or its tables last changed: the run after a change reads all
    of them, each later one only those that the partner changed.
    """
    with Hub.open(config) as hub:
        found = source_coverage(hub, source)
    if json:
        print_json(_described(found))
    elif not found.met.runs:
        out.print(f"no run of {source} was applied yet; `hub run {source}` makes one")
    else:
        _print_coverage(found)


def _print_findings(findings: Sequence[Finding]) -> None:
    for file in dict.fromkeys(each.file for each in findings):
        out.print(file, style="bold", markup=False, highlight=False)
        here = [each for each in findings if each.file == file]
        for each in here:
            if each.code != "unused":
                _print_finding(each.weight, each.where or "file", each.said)
        for name in dict.fromkeys(each.table for each in here if each.code == "unused"):
            entries = [each for each in here if each.code == "unused" and each.table == name]
            words = ", ".join(each.entry for each in entries[:_SHOWN]) + (", …" if len(entries) > _SHOWN else "")
            some = f"{len(entries):,} entries" if len(entries) > 1 else "1 entry"
            _print_finding(Weight.note, name, f"{some} {entries[0].said}: {words}")
    counts = [(sum(each.weight is weight for each in findings), weight.value) for weight in Weight]
    out.print(", ".join(f"{count:,} {word}{'' if count == 1 else 's'}" for count, word in counts))


def _print_finding(weight: Weight, where: str, said: str) -> None:
    out.print(f"  {weight.value:<8}", style=_COLORS[weight], end="")
    out.print(where, markup=False, highlight=False, soft_wrap=True)
    out.print(Padding(Text(said), (0, 0, 0, 10)))


def _print_coverage(found: SourceCoverage) -> None:
    first, last = found.met.runs[-1], found.met.runs[0]
    out.print(f"{found.source} ({found.adapter}), {f'runs {first} to {last}' if first < last else f'run {last}'}\n")
    rows = (
        (
            each.name,
            each.read,
            _percent(each),
            f"{each.met} of {each.entries}" if each.entries else "no table",
            len(each.unknown),
        )
        for each in found.tables
    )
    columns = ("table", "values", "known", "entries met", "unknown")
    out.print(table(columns, rows, numbers=columns[1:]))
    unknown = [(each.name, value) for each in found.tables for value in each.unknown]
    if unknown:
        out.print()
        shown = sorted(unknown, key=lambda each: -each[1].count)[:_SHOWN]
        lines = ((name, value.count, value.value, *_suggested(value.suggestion)) for name, value in shown)
        out.print(table(("table", "records", "unknown value", "nearest", "alike"), lines, numbers=("records", "alike")))
    if len(unknown) > _SHOWN:
        out.print(f"\n{_SHOWN} of {len(unknown):,} unknown values shown; --json has them all")


def _suggested(suggestion: Any) -> tuple[str, str]:
    if suggestion is None:
        return "", ""
    said = suggestion.key if suggestion.word == suggestion.key else f"{suggestion.key} ({suggestion.word})"
    return said, f"{suggestion.alike:.0f}%"


def _percent(each: TableCoverage) -> str:
    return "" if each.share is None else f"{int(each.share * 1000) / 10:.1f}%"


def _described(found: SourceCoverage) -> dict[str, Any]:
    return {
        "source": found.source,
        "adapter": found.adapter,
        "runs": found.met.runs,
        "mappings": [
            {"file": each.file, "owner": each.owner, "date": each.date, "tables": list(each.tables)}
            for each in found.mappings
        ],
        "tables": [
            {
                "table": each.name,
                "values": each.read,
                "known": each.known,
                "share": each.share,
                "entries": each.entries,
                "met": each.met,
                "unknown": [
                    asdict(value) | {"examples": list(found.met.examples_of(each.name, value.value))}
                    for value in each.unknown
                ],
            }
            for each in found.tables
        ],
    }
