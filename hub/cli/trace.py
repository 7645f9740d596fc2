"""`hub trace`: everything known of one record."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from hub.app.hub import Hub
from hub.app.tracing import Passport
from hub.app.tracing import trace as trace_all
from hub.cli import FAILED
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import complain, out, print_json, table
from hub.model.issue import issue
from hub.store.judgements import Explained

app = typer.Typer(add_completion=False)


@app.command()
def trace(
    name: Annotated[
        str, typer.Argument(help="The partner's id, also as source/id, or the id or address of an opportunity.")
    ],
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Show everything known of a record: where it comes from, how it was read, and what became of it."""
    with Hub.open(config) as hub:
        found = trace_all(hub, name, source)
    if json:
        print_json({"records": [each.as_dict() for each in found]})
    elif not found:
        complain(f"no source lists {name}, and nothing with this id is in quarantine; write the id as the partner does")
    for each in () if json else found:
        _print(each)
    raise typer.Exit(0 if found else FAILED)


def _print(found: Passport) -> None:
    out.print(f"[bold]{found.source}[/]  ", end="")
    out.print(found.local_id, markup=False, highlight=False)
    for name, said in _lines(found).items():
        if said:
            out.print(f"  {name:<16}{said}", markup=False, highlight=False, soft_wrap=True)
    if found.past:
        rows = [(each.position, each.action, each.run, each.changed) for each in found.past]
        out.print("\nwhat became of it")
        out.print(table(("position", "action", "run", "when"), rows, numbers=("position", "run")))
    if found.derived:
        out.print("\nwhat the hub derived")
        out.print(
            table(("fields", "how", "confidence", "the partner said"), [_derived(each) for each in found.derived])
        )
    if found.matched:
        out.print("\nwhat it was compared with")
        compared = [
            (other, each.verdict, f"{each.score:.2f}", _decided(each))
            for other, each in zip(found.others, found.matched, strict=True)
        ]
        out.print(table(("listing", "verdict", "score", "decided"), compared))
        out.print(f"`hub match show {found.source}/{found.local_id}` tells why", markup=False, highlight=False)
    if found.links:
        links = [(each.part, each.verdict, each.checked, each.reason, each.url) for each in found.links]
        out.print("\nwhere it links to")
        out.print(table(("", "verdict", "looked at", "because", "address"), links))
    if found.reading and found.reading.values:
        out.print("\nvalues that tables read")
        values = [(name, value, "known" if known else "unknown") for name, value, known in found.reading.values]
        out.print(table(("table", "value", ""), values))
    out.print()


def _decided(found: Explained) -> str:
    return f"{found.decision} by {found.decided_by}" if found.decision else ""


def _derived(found: Mapping[str, Any]) -> tuple[str, str, object, str]:
    return ", ".join(found["fields"]), found["method"], found.get("confidence", 1), found.get("said", "")


def _lines(found: Passport) -> dict[str, str | None]:
    listing, published, reading = found.listing, found.published, found.reading
    modified = (found.body or {}).get("listings", [{}])[0].get("partnerModified")
    return {
        "opportunity": listing.opportunity if listing else "never published",
        "state": _state(found),
        "first seen": listing.first_seen if listing else None,
        "partner modified": f" {modified}" if modified else None,
        "content changed": listing.content_changed if listing else None,
        "last listed": found.last_listed,
        "link worked": next((each.alive_at for each in found.links if each.part == "page"), None),
        "likely over": ", ".join(found.doubts),
        "last day": listing.expires if listing else None,
        "position": f"{published.position:,} of {published.changed}" if published else None,
        "raw digest": listing.raw if listing else (found.aside.raw if found.aside else None),
        "read from": f"the archived answers of run {reading.run}" if reading else "no longer in the archive",
        "issues": " ".join(each.sentence() for each in reading.issues) if reading else None,
        "nobody reads": ", ".join(reading.unread) if reading else None,
        "aside": _aside(found),
    }


def _state(found: Passport) -> str | None:
    if found.published is None:
        return None
    if found.published.reason:
        return f"gone: {found.published.reason}"
    return str((found.body or {}).get("status", "active"))


def _aside(found: Passport) -> str | None:
    if found.aside is None:
        return None
    first = found.aside.issues[0]
    said = issue(first["code"], first["field"], first["value"], **first["params"]).sentence()
    return f"since {found.aside.first_seen}, number {found.aside.id}: {said}"
