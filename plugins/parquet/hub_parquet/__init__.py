"""Schakel plugin for Parquet: every view as one file for data analysis."""

from collections.abc import Iterable

from hub import Format, hookimpl
from hub_parquet.format import Parquet


@hookimpl
def hub_formats() -> Iterable[type[Format]]:
    """Return the format of this plugin."""
    return [Parquet]
