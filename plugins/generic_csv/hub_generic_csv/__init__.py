"""Schakel adapter for tables in files: CSV, TSV and XLSX, by path or address, described by configuration alone."""

from collections.abc import Iterable
from typing import Any

from hub import Adapter, hookimpl
from hub_generic_csv.adapter import GenericCsv
from hub_generic_csv.options import GenericCsvOptions

__all__ = ["GenericCsv", "GenericCsvOptions", "hub_adapters"]


@hookimpl
def hub_adapters() -> Iterable[type[Adapter[Any]]]:
    """Return the one adapter of this plugin."""
    return [GenericCsv]
