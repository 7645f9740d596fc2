"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[
    Path,
    typer.Option(
        "--config", envvar="HUB_CONFIG", help="Folder with hub.toml and sources/.", show_default=True, metavar="FOLDER"
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]

CONFIG = Path("config")
"""Where the configuration is by default."""
