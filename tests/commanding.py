"""The command line without the half second that a process of its own takes to begin."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from click.testing import CliRunner

from hub.cli import main, output

COLUMNS = 200


class Done(NamedTuple):
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def hub(*arguments: str, config: Path | None = None, environment: Mapping[str, str] = {}) -> Done:
    """Return what `hub` does with these arguments, where nothing but this folder and these variables is set."""
    unset: dict[str, str | None] = dict.fromkeys(name for name in os.environ if name.startswith("HUB_"))
    variables = unset | {"HUB_CONFIG": str(config or "nowhere")} | {**environment}
    with _wide(), CliRunner().isolation(env=variables) as (out, err, _), patch("sys.argv", ["hub", *arguments]):
        code = _ended()
        sys.stdout.flush()
        sys.stderr.flush()
        return Done(code, out.getvalue().decode(), err.getvalue().decode())


@contextmanager
def _wide() -> Iterator[None]:
    """Let no line be broken: how wide the terminal is was looked up when the consoles were made."""
    before = output.out.width, output.err.width
    output.out.width = output.err.width = COLUMNS
    yield
    output.out.width, output.err.width = before


def _ended() -> int:
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0
