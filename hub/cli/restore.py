"""`hub restore`: a backup in the place of a hub's data."""

from pathlib import Path
from typing import Annotated

import typer

from hub.app.backups import restore as put_back
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json
from hub.cli.progress import counted
from hub.config import load

app = typer.Typer(add_completion=False)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="Folder of the backup.")],
    config: Folder = CONFIG,
    seen: Annotated[
        int, typer.Option(min=0, help="Last position that portals may have seen, where the old database is lost.")
    ] = 0,
    json: Json = False,
) -> None:
    """Verify a backup and put it in the place of this hub's data; the old database is moved aside, not deleted.

    Everything is told again at positions above those that portals have seen, so that they follow without a restart.
    """
    loaded = load(config)
    data = (loaded.folder / loaded.settings.data).resolve()
    with counted("copying the archive") as progress:
        done = put_back(folder, data, seen=seen, progress=progress)
    made, old = done.backup, done.replaced
    if json:
        replaced = str(old) if old else None
        print_json({"data": str(data), "replaced": replaced, **made.as_dict(), "head": done.head})
        return
    out.print(f"{data}: {made.opportunities:,} opportunities as of {made.made}; the feed goes on from {done.head:,}")
    if old:
        out.print(f"the database that was there is now {old}", soft_wrap=True)
