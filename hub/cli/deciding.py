"""Options of the commands with which people decide."""

import getpass
import os
from typing import Annotated

import typer

By = Annotated[str | None, typer.Option(help="Who decides; the name you are logged in with by default.")]
Why = Annotated[str | None, typer.Option(help="Why, in a few words; kept with the decision.")]


def login() -> str:
    """Return the name one is logged in with."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        return f"user {os.getuid()}"
