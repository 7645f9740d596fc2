"""The command `hub`. Each command is a module of its own, loaded when it is asked for."""

import importlib
import importlib.metadata
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from hub.cli.output import complain
from hub.errors import ConfigError, HubError, StoreError

FINE, FAILED, USAGE, HELD = 0, 1, 2, 3
"""Exit codes: all went well; something failed; usage or configuration is wrong; a plan waits for a person."""

COMMANDS = (
    "demo",
    "run",
    "serve",
    "sandbox",
    "sources",
    "plugins",
    "check",
    "config",
    "mapping",
    "codelists",
    "hold",
    "match",
    "organisation",
    "quarantine",
    "alarms",
    "links",
    "quality",
    "funnel",
    "trace",
    "record",
    "replay",
    "impact",
    "new-adapter",
    "view",
    "feed",
    "snapshot",
    "key",
    "subscriber",
    "report",
    "archive",
    "backup",
    "restore",
)
"""The commands in the order of the help; each is `hub.cli.<name>` (its - written as _) with its `app`."""

_HELP = """Schakel, the integration hub for inclusive employment.

Pulls programmes and vacancies from partners, makes one trustworthy set of them, and publishes it as one feed.
Start with `hub demo`: it runs everything on made-up partners, without an account anywhere.

Exit codes: 0 fine, 1 failed, 2 wrong usage or configuration, 3 a plan is held for a person.
"""


_DAMAGED = (
    "The file is damaged, or no database. Stop `hub serve`, and put a backup in its place with `hub restore FOLDER`, "
    "which moves the damaged file aside. Without a backup, move the file away: the next runs fill a new one, and "
    "portals start anew."
)
_ADVICE: Mapping[str, str] = {
    "not a database": _DAMAGED,
    "malformed": _DAMAGED,
    "locked": "Another program holds it for long; see which one has the file open, then try again.",
    "readonly": "Give the user that runs the hub the right to write the file and its folder.",
    "unable to open": "Give the user that runs the hub the right to read and write the file and its folder.",
    "full": "Make room on the disk, then try again; nothing was changed.",
}
"""What to do about what the database says, by a part of its words."""


class _Commands(TyperGroup):
    """Loads a command's module only when that command, or the help, is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Return the command of this name."""
        if cmd_name not in COMMANDS:
            return None
        command = get_command(importlib.import_module(f"hub.cli.{cmd_name.replace('-', '_')}").app)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=_Commands,
    help=_HELP,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _tell_version(wanted: bool) -> None:  # noqa: FBT001 - called by typer
    if wanted:
        sys.stdout.write(f"schakel {importlib.metadata.version('schakel')}\n")
        raise typer.Exit


@app.callback()
def _start(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and stop.", callback=_tell_version, is_eager=True)
    ] = False,
) -> None:
    """Nothing to prepare: every command opens what it needs."""


def _advice(said: str) -> list[str]:
    return [advice for words, advice in _ADVICE.items() if words in said]


def main() -> None:
    """Run the command line and leave with its exit code; what is wrong is said in sentences."""
    try:
        app()
    except ConfigError as error:
        complain(*error.mistakes)
        sys.exit(USAGE)
    except StoreError as error:
        complain(str(error), *_advice(str(error)))
        sys.exit(FAILED)
    except HubError as error:
        complain(str(error))
        sys.exit(FAILED)
