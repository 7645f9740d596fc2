"""Schakel adapter for any partner that answers JSON over HTTP, described by configuration alone."""

from collections.abc import Iterable
from typing import Any

from hub import Adapter, hookimpl
from hub_generic_json.adapter import GenericJson
from hub_generic_json.asking import Asking
from hub_generic_json.field_map import FieldMap
from hub_generic_json.options import GenericJsonOptions
from hub_generic_json.records import Records

__all__ = ["Asking", "FieldMap", "GenericJson", "GenericJsonOptions", "Records", "hub_adapters"]


@hookimpl
def hub_adapters() -> Iterable[type[Adapter[Any]]]:
    """Return the one adapter of this plugin."""
    return [GenericJson]
