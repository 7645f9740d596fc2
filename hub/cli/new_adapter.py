"""`hub new-adapter`: a plugin project that works, to start from."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from hub.app.scaffold import create_project
from hub.cli.options import Json
from hub.cli.output import out, print_json

app = typer.Typer(add_completion=False)


@app.command()
def new_adapter(
    name: Annotated[str, typer.Argument(help="Name of the adapter: lower-case letters, digits and _.")],
    into: Annotated[Path, typer.Option(help="Folder in which the project's own folder is made.")] = Path(),
    partner: Annotated[
        str | None, typer.Option(help="The organisation whose data it reads; the name by default.")
    ] = None,
    json: Json = False,
) -> None:
    """Make a plugin project for a new partner: adapter, value tables, sandbox, recordings and tests that pass.

    It reads a made-up API with pages and a key; change it, part by part, into what the partner has. Nothing is ever
    overwritten.
    """
    folder = create_project(name, into=into, partner=partner, today=date.today())  # noqa: DTZ011 - a note for people
    made = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    if json:
        print_json({"folder": str(folder), "files": made})
        return
    out.print(f"Made {folder} with {len(made)} files:", *made, sep="\n  ", markup=False, highlight=False)
    out.print(_next_steps(name, folder), markup=False, highlight=False, soft_wrap=True)


def _next_steps(name: str, folder: Path) -> str:
    return f"""
What to do next:
  1. Install it:
     pip install --no-build-isolation --no-deps --editable {folder}
  2. Run its tests, which pass; the kit says which promises it keeps:
     pytest {folder}
  3. In hub_{name}, change what adapter.py, vacancy.py and
     mapping.toml ask and read into what the partner has.
  4. In sandbox.py, let the stand-in answer as the partner does; run the tests
     again after each change.
  5. In hub.toml, add "schakel-{name.replace("_", "-")}" to plugins; copy
     {folder}/{name}.example.toml
     to sources/{name}.toml, and let `hub check` say whether all is well."""
