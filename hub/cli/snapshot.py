"""`hub snapshot`: the files of every view, written now."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from hub.app.hub import Hub
from hub.app.snapshots import folder_of, refresh
from hub.cli.options import CONFIG, Folder, Json
from hub.cli.output import out, print_json, table
from hub.feed.files import Manifest, kept_bytes

app = typer.Typer(add_completion=False)

_COLUMNS = ("view", "opportunities", "position", "files", "MB on disk")


@app.command()
def snapshot(
    view: Annotated[list[str] | None, typer.Option(help="A view to write; may be given several times.")] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Write also what has not moved.")] = False,
    config: Folder = CONFIG,
    json: Json = False,
) -> None:
    """Write the files of the views that moved: what `hub serve` does by itself, every `snapshots.minutes` at most.

    Readers see the new files all at once; downloads that go on finish with the old ones.
    """
    with Hub.open(config) as hub:
        made = refresh(hub, datetime.now(UTC), only=view or (), anyway=anyway)
        folder = folder_of(hub.data)
    if json:
        print_json({"folder": str(folder), "views": [_described(each) for each in made]})
        return
    if not made:
        out.print("nothing to write: no view moved since its files were written")
        return
    out.print(table(_COLUMNS, map(_row, made), numbers=_COLUMNS[1:]))
    out.print(f"\nin {folder}", highlight=False, soft_wrap=True)


def _row(made: Manifest) -> tuple[object, ...]:
    return made.view, made.count, made.position, len(made.files), f"{kept_bytes(made) / 1e6:,.1f}"


def _described(made: Manifest) -> dict[str, object]:
    return made.model_dump(mode="json", exclude={"basis"}, exclude_none=True)
