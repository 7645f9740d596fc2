"""`hub alarms`: what is out of the ordinary."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from hub.alarms import sentence
from hub.app.alarming import described, watch
from hub.app.hub import Hub
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json
from hub.store import alarms as rows

app = typer.Typer(add_completion=False)

_SHOWN = 200


@app.command()
def alarms(
    config: Folder = CONFIG,
    past: Annotated[bool, typer.Option("--all", help="Show the alarms that are over as well.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="Language of the sentences: nl, fr or en.")] = "en",
    json: Json = False,
) -> None:
    """Show what is out of the ordinary now: sources that are stale, failing, held or silent, and sudden changes.

    Each alarm opens once, counts how often it was seen again, and closes by itself. Who is told stands in `alarms` of
    hub.toml.
    """
    with Hub.open(config) as hub:
        watch(hub, hub.enabled(), datetime.now(UTC))
        with hub.database.read() as connection:
            found = rows.latest(connection, _SHOWN) if past else rows.open_alarms(connection)
    if json:
        print_json({"alarms": [described(alarm) for alarm in found]})
        return
    for alarm in found:
        times = f", seen {alarm.count:,} times" if alarm.count > 1 else ""
        over = f", over since {alarm.closed}" if alarm.closed else ""
        out.print(f"[bold]{alarm.source}[/]  {alarm.kind}  since {alarm.opened}{times}{over}", highlight=False)
        said = sentence(alarm.kind, alarm.params, lang if lang in {"nl", "fr", "en"} else "en")
        out.print(f"  {said}", markup=False, highlight=False)
    if not found:
        out.print("nothing is out of the ordinary")
