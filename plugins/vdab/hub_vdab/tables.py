"""The value tables of ``mapping.toml``, and the two ways in which VDAB writes a value."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from hub import Mapping as Tables
from hub import View

MAPPING = Tables.load("hub_vdab")
"""What a code or label of VDAB means."""
GONE = MAPPING["status"].refusing("no-longer-offered")
"""The statuses that say a vacancy is no longer published."""

_NAMES = frozenset({"code", "label"})


class Coded(NamedTuple):
    """A value: v4 gives code and label, v2 a bare code."""

    code: str | None
    label: str | None

    @property
    def word(self) -> str | None:
        """What it is looked up by: a label says what is meant, while v4 may give a code of v2 another sense."""
        return self.label or self.code


def coded(holder: View, name: str) -> Coded:
    """Return the value of a field."""
    value = holder.get(name)
    if isinstance(value, dict):
        if not value.keys() <= _NAMES:
            holder.view(name).use(*_NAMES)  # so that what else it holds is noticed
        return _coded(value)
    return Coded(_word(value), None)


def several(holder: View, name: str) -> list[Coded]:
    """Return the values of a field that holds a list, or one."""
    value = holder.get(name)
    for inner in holder.views(name) if isinstance(value, list) and not all(map(_is_plain, value)) else ():
        inner.use(*_NAMES)
    values = value if isinstance(value, list) else [value]
    return [_coded(each) if isinstance(each, dict) else Coded(_word(each), None) for each in values]


def _is_plain(value: object) -> bool:
    return not isinstance(value, dict) or value.keys() <= _NAMES


def _coded(value: Mapping[str, Any]) -> Coded:
    return Coded(_word(value.get("code")), _word(value.get("label")))


def _word(value: object) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
