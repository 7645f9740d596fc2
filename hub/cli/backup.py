"""`hub backup`: a verified copy of everything, taken while the hub works."""

from pathlib import Path
from typing import Annotated

import typer

from hub.app.backups import back_up
from hub.app.hub import Hub
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json
from hub.cli.progress import counted

app = typer.Typer(add_completion=False)


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="Folder of the backup; the same one again only adds what is new.")],
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Write a verified copy of database and archive into a folder, while the hub goes on working."""
    with Hub.open(config) as hub, counted("copying the archive") as progress:
        made = back_up(hub.database, hub.archive.folder, target, progress)
    if json:
        print_json({"folder": str(target), **made.as_dict()})
        return
    out.print(
        f"{target}: {made.opportunities:,} opportunities up to position {made.head:,}, and {made.bodies:,} archived "
        f"bodies ({made.archive_bytes / 1e6:,.1f} MB); verified"
    )
