"""`hub impact`: what the present code and mappings would change, before they go live."""

from typing import Annotated, Any

import orjson
import typer
from rich.markup import escape

from hub.app.hub import Hub
from hub.app.impact import Impact
from hub.app.impact import impact as impact_of
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import complain, out, print_json, table
from hub.cli.progress import counted

app = typer.Typer(add_completion=False)

_COLUMNS = ("source", "read", "same", "new", "refused", "changed", "gone", "unread")
_REASONS = 8
_FIELDS = 20
_SHOWN = 60


@app.command()
def impact(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Ids of the sources; all enabled ones by default.")
    ] = None,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Show what the present code and mappings would change of what is published, before they go live.

    The archived answers of each source are read again, without the network, and compared with what is published:
    records that would be published or refused for the first time, and opportunities that would change, field by field.
    Nothing is changed. What depends on the day is judged as on the day it was published.

    Examples: `hub impact`, `hub impact vdab --json`.
    """
    with Hub.open(config) as hub:
        chosen = tuple(hub.config.source(source).id for source in sources) if sources else hub.enabled()
        found = [_read(hub, source) for source in chosen]
    if json:
        print_json({"sources": [each.as_dict() for each in found]})
        return
    out.print(table(_COLUMNS, map(_row, found), numbers=_COLUMNS[1:]))
    for each in found:
        _show(each)
        complain(*(f"{each.source}: {gap}" for gap in each.gaps))


def _read(hub: Hub, source: str) -> Impact:
    with counted(source) as tell:
        return impact_of(hub, source, tell)


def _row(found: Impact) -> tuple[object, ...]:
    groups = (found.published, found.refused, found.changed, found.ended)
    return (found.source, found.read, found.same, *(group.count for group in groups), found.unread)


def _show(found: Impact) -> None:
    """Print what would change for one source."""
    if found.silent:
        return
    out.print(f"\n[bold]{found.source}[/]")
    for said, group in (("would be published", found.published), ("would leave the feed", found.ended)):
        if group.count:
            out.print(f"{said}: {group.count:,}, such as {', '.join(group.examples)}", markup=False, highlight=False)
    if found.refused.count:
        reasons = found.notes.reasons.most_common(_REASONS)
        rows = [(code, count, escape(found.notes.examples[code].sentence())) for code, count in reasons]
        out.print(table(("would be refused", "records", "for example"), rows, numbers=("records",)))
    if found.changed.count:
        out.print(_fields(found))


def _fields(found: Impact) -> Any:
    ordered = sorted(found.fields.items(), key=lambda pair: -pair[1].count)[:_FIELDS]
    rows = [
        (name if not place else "", change.count if not place else "", _short(before), _short(after))
        for name, change in ordered
        for place, (_, before, after) in enumerate(change.examples)
    ]
    return table(("would change", "records", "from", "to"), rows, numbers=("records",))


def _short(value: Any) -> str:
    said = value if isinstance(value, str) else "—" if value is None else orjson.dumps(value).decode()
    return escape(said if len(said) <= _SHOWN else f"{said[: _SHOWN - 1]}…")
