"""The value tables of ``mapping.toml``: what a code or label of VDAB means."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

Unknown = list[tuple[str, str]]
"""Pairs of table and value that no table knows, collected while a record is read."""

_NOTHING: Mapping[str, Any] = {}


class Table:
    """One table: entries by code, and by label whatever its case and spaces."""

    def __init__(self, name: str, entries: Mapping[str, Mapping[str, Any]]) -> None:
        self.name = name
        self._by_code = {code: {"code": code, **entry} for code, entry in entries.items()}
        self._by_label = {folded(entry["label"]): entry for entry in self._by_code.values()}

    def codes(self) -> tuple[str, ...]:
        """Return every code."""
        return tuple(self._by_code)

    def find(self, value: object) -> Mapping[str, Any] | None:
        """Return the entry of a code, a label, or a ``{code, label}``; None where the table has none."""
        code, label = parts(value)
        # A label says what is meant; v4 may have given the codes of v2 another sense, so a code beside an unknown
        # label says nothing.
        word = label or code
        if word is None:
            return None
        return self._by_label.get(folded(word)) or self._by_code.get(word)

    def read(self, value: object, unknown: Unknown) -> Mapping[str, Any]:
        """Return the entry, or an empty one and the value among the unknown; absent values are neither."""
        if value is None:
            return _NOTHING
        entry = self.find(value)
        if entry is None:
            code, label = parts(value)
            if shown := label or code:
                unknown.append((self.name, shown))
            return _NOTHING
        return entry


def parts(value: object) -> tuple[str | None, str | None]:
    """Return code and label of a value: v4 gives ``{code, label}``, v2 a bare code."""
    if isinstance(value, dict):
        code, label = value.get("code"), value.get("label")
        return (str(code) if code else None), (label if isinstance(label, str) and label else None)
    return (str(value) if value else None), None


def folded(label: str) -> str:
    """Return a label as it is compared."""
    return " ".join(label.split()).casefold()


_data: dict[str, Any] = tomllib.loads(files("hub_vdab").joinpath("mapping.toml").read_text("utf-8"))
_NAMES = (
    "contract", "duration", "regime", "schedule", "education", "experience",
    "language", "score", "licence", "supplier", "domain",
)  # fmt: skip

META: Mapping[str, str] = _data["meta"]
"""Who keeps the tables, and the day of their last review."""
GONE: frozenset[str] = frozenset(_data["statuses"]["gone"])
"""The statuses that say a vacancy is no longer published."""
TABLES: Mapping[str, Table] = {name: Table(name, _data[name]) for name in _NAMES}
"""Every table by its name."""
