"""`hub quarantine`: the records kept aside, and why."""

from typing import Annotated, Any

import typer

from hub.app.again import Again, read_aside
from hub.app.hub import Hub
from hub.cli import FAILED, FINE, HELD
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import complain, out, print_json
from hub.errors import ConfigError
from hub.model.issue import LANGUAGES, issue
from hub.pipeline import Outcome, Report
from hub.store import quarantine
from hub.store.quarantine import Quarantined

app = typer.Typer(add_completion=False, help="Look at the records kept aside, and why.", no_args_is_help=True)

Language = Annotated[str, typer.Option("--lang", help="Language of the sentences: nl, fr or en.")]


@app.command(name="list")
def list_records(
    source: Annotated[str | None, typer.Argument(help="Only of this source.")] = None,
    config: Folder = CONFIG,
    limit: Annotated[int, typer.Option(min=1, help="Show at most this many.")] = 50,
    code: Annotated[str | None, typer.Option(help="Only with this reason, such as missing-title.")] = None,
    lang: Language = "en",
    json: Json = False,
) -> None:
    """List the refused records, newest first: number, source, local id, and the first reason in one sentence."""
    if lang not in LANGUAGES:
        raise ConfigError(f"--lang {lang}: must be {', '.join(LANGUAGES)}")
    with Hub.open(config) as hub, hub.database.read() as connection:
        total = quarantine.count(connection, hub.config.source(source).id if source else None)
        found = quarantine.find(connection, source, limit, code)
    if json:
        print_json({"total": total, "records": [_described(record) for record in found]})
        return
    for record in found:
        code, reason = _first(record, lang)
        said = f"{record.id:>6}  {record.source}  {record.local_id}  {code}\n        {reason}"
        out.print(said, markup=False, highlight=False)
    if not found:
        out.print("nothing is kept aside")
        return
    out.print(f"\n{len(found):,} of {total:,} shown; `hub quarantine show NUMBER` tells more")


@app.command()
def show(
    number: Annotated[int, typer.Argument(help="Number of the record, as `list` gives it.")],
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Show one refused record: every reason in nl, fr and en with what to do, and the record as the partner sent it."""
    with Hub.open(config) as hub, hub.database.read() as connection:
        record = quarantine.get(connection, number)
    if record is None:
        complain(f"no record with number {number} is kept aside; `hub quarantine list` shows those that are")
        raise typer.Exit(FAILED)
    if json:
        print_json(_described(record))
        return
    out.print(f"[bold]{record.source}[/] ", end="")
    out.print(record.local_id, markup=False, highlight=False)
    one = record.first_run == record.last_run
    runs = f"run {record.last_run}" if one else f"runs {record.first_run} to {record.last_run}"
    out.print(f"refused by {runs}, first seen {record.first_seen}")
    out.print(f"read by {_read_by(record)}; digest {record.raw}\n", markup=False, highlight=False)
    for found in _issues(record):
        out.print(f"[bold]{found.code}[/]  {found.severity.value}")
        for language in LANGUAGES:
            out.print(f"  {language}  {found.sentence(language)} {found.fix(language)}", markup=False, highlight=False)
    out.print("\nthe record:")
    print_json(record.payload)


@app.command()
def replay(
    source: Annotated[str | None, typer.Argument(help="Only of this source; all by default.")] = None,
    number: Annotated[int | None, typer.Argument(help="Only the record with this number, as `list` gives it.")] = None,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Read what is kept aside again, under the present adapters and tables and without asking the partner.

    What is fine now is published, through a plan and under the guard as in every run; the rest stays, with the reasons
    it has now. Records that only a new answer of the partner can mend, such as doubles of an id, are left alone.
    """
    with Hub.open(config) as hub:
        chosen = (hub.config.source(source).id,) if source else hub.enabled()
        found = [read_aside(hub, each, number) for each in chosen]
    if json:
        print_json({"sources": [again.as_dict() for again in found]})
    else:
        for again in found:
            _print_again(again)
    complain(*(f"{each.source}: {each.report.reason}" for each in found if each.report and not _went(each.report)))
    raise typer.Exit(max((_code(each.report) for each in found), default=FINE))


def _print_again(again: Again) -> None:
    left = f", {again.left:,} left for the partner to mend" if again.left else ""
    fine = "fine now, and wait for a person" if again.report and again.report.outcome is Outcome.held else "published"
    out.print(f"{again.source}: {again.read:,} read again, {again.fine:,} {fine}, {again.still:,} stay aside{left}")


def _went(report: Report) -> bool:
    return report.outcome is Outcome.incomplete


def _code(report: Report | None) -> int:
    if report is None or _went(report):
        return FINE
    return HELD if report.outcome is Outcome.held else FAILED


def _read_by(record: Quarantined) -> str:
    mappings = [_by_whom(each["owner"], each["date"]) for each in record.edition.get("mappings", ())]
    return ", ".join((f"{record.adapter} {record.edition.get('version', '')}".strip(), *mappings))


def _by_whom(owner: str, date: str) -> str:
    """Return whose mapping it is; the tables of a source need not say."""
    said = ", ".join(filter(None, (owner, date)))
    return f"the mapping of {said}" if said else "the tables of the source"


def _issues(record: Quarantined) -> list[Any]:
    return [issue(each["code"], each["field"], each["value"], **each["params"]) for each in record.issues]


def _first(record: Quarantined, language: str) -> tuple[str, str]:
    first = _issues(record)[0]
    return first.code, first.sentence(language)


def _described(record: Quarantined) -> dict[str, Any]:
    issues = [
        {
            "code": found.code,
            "severity": found.severity.value,
            "field": found.field,
            "value": found.value,
            "sentence": {language: found.sentence(language) for language in LANGUAGES},
            "fix": {language: found.fix(language) for language in LANGUAGES},
        }
        for found in _issues(record)
    ]
    return {
        "number": record.id,
        "source": record.source,
        "localId": record.local_id,
        "adapter": record.adapter,
        "edition": record.edition,
        "issues": issues,
        "firstRun": record.first_run,
        "lastRun": record.last_run,
        "firstSeen": record.first_seen,
        "lastSeen": record.last_seen,
        "digest": record.raw,
        "record": record.payload,
    }
