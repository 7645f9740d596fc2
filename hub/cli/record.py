"""`hub record`: a partner's answers as recordings."""

from pathlib import Path
from typing import Annotated

import typer

from hub.app.hub import Hub
from hub.app.recording import record as record_source
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json, table
from hub.cli.progress import counted

app = typer.Typer(add_completion=False)


@app.command()
def record(
    source: Annotated[str, typer.Argument(help="Id of the source.")],
    config: Folder = CONFIG,
    into: Annotated[Path | None, typer.Option(help="Folder of the recording; recordings/SOURCE by default.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after this many answers.")] = None,
    json: Json = False,
) -> None:
    """Fetch a source once and keep what it answers as a recording, without secrets and persons.

    Store and archive stay as they are. Secrets, tokens, contact persons, personal mail addresses and phone numbers are
    replaced by made-up ones of the same shape. Look through the files before you share them: no program knows every way
    to name a person. Replay them with `hub replay SOURCE --recordings FOLDER`.
    """
    folder = into or Path("recordings") / source
    with Hub.open(config) as hub, counted(source) as tell:
        recording = record_source(
            hub, source, folder, limit=limit, progress=lambda _, done, total: tell(done, total or done)
        )
    if json:
        print_json({"folder": str(folder), "answers": len(recording.answers), "whole": recording.whole})
        return
    one = len({each.host for each in recording.answers}) == 1  # then the path says enough
    rows = [
        (each.method, each.path if one else f"{each.host}{each.path}", each.query, each.status, each.body)
        for each in recording.answers
    ]
    out.print(table(("asked", "of", "query", "status", "file"), rows[:20]))
    if len(rows) > 20:
        out.print(f"… and {len(rows) - 20:,} more")
    out.print(f"\n{len(rows):,} answers in {folder}{'' if recording.whole else ', the first ones'}; look through them")
