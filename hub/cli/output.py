"""What the command line prints: tables for people, one JSON object for programs, complaints on standard error."""

import csv
import io
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that are not shown but obeyed: a title with these could repaint a terminal, or turn its words round."""


class _Careful(Console):
    """A console that shows what partners and other hubs write, and does none of it."""

    def render_str(self, text: str, **options: Any) -> Text:
        """Return a text to show, with a sign in the place of what would steer the terminal."""
        return super().render_str(_STEERING.sub("\N{REPLACEMENT CHARACTER}", text), **options)


out = _Careful()
err = _Careful(stderr=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Sequence[str] = ()) -> Table:
    """Return a table; the columns named in ``numbers`` are set to the right."""
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*(_shown(cell) for cell in row))
    return made


def print_json(value: Any) -> None:
    """Write one JSON value, and nothing else, to standard output."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")
    sys.stdout.buffer.flush()


def print_line(value: Any) -> None:
    """Write one JSON value as one line to standard output."""
    sys.stdout.buffer.write(orjson.dumps(value) + b"\n")
    sys.stdout.buffer.flush()


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table of numbers and ids, and nothing else, to standard output: UTF-8, lines ended by CR LF."""
    paper = io.StringIO(newline="")
    csv.writer(paper).writerows([columns, *rows])
    sys.stdout.buffer.write(paper.getvalue().encode())
    sys.stdout.buffer.flush()


def complain(*sentences: str) -> None:
    """Write what is wrong to standard error."""
    for sentence in sentences:
        err.print(sentence, style="red", markup=False, highlight=False)


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)
