"""The command line without the half second that a process of its own takes to begin."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from click.testing import CliRunner

from hub.cli import main


class Done(NamedTuple):
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def hub(*arguments: str, config: Path | None = None, environment: Mapping[str, str] = {}) -> Done:
    """Return what `hub` does with these arguments, where nothing but this folder and these variables is set."""
    unset: dict[str, str | None] = dict.fromkeys(name for name in os.environ if name.startswith("HUB_"))
    variables = unset | {"COLUMNS": "200", "HUB_CONFIG": str(config or "nowhere")} | {**environment}
    with CliRunner().isolation(env=variables) as (out, err, _), patch("sys.argv", ["hub", *arguments]):
        code = _ended()
        sys.stdout.flush()
        sys.stderr.flush()
        return Done(code, out.getvalue().decode(), err.getvalue().decode())


def _ended() -> int:
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0
