"""`hub config`: the effective configuration."""

import typer

from hub.cli.options import CONFIG, Folder
from hub.cli.output import print_json
from hub.config import load, shown

app = typer.Typer(add_completion=False, help="Look at the configuration.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Look at the configuration."""


@app.command()
def show(config: Folder = CONFIG) -> None:
    """Print the effective configuration as JSON, defaults included, secrets masked.

    A wrong file gives every mistake at once, each with file, key, value and what is allowed (exit code 2).
    """
    print_json(shown(load(config)))
