"""Days that stand for "none", such as 0001-01-01 and 9999-12-31: left out, and told as what the partner said."""

from datetime import date
from typing import Any

from hub.model.derivation import Derivation
from hub.model.listing import Listing
from hub.pipeline.enrich.step import Step

METHOD = "placeholder-day"
VERSION = "1"

_FIRST, _LAST = date(1990, 1, 1), date(2079, 12, 31)
"""Outside of these no offer was published, begins or ends: systems write their lowest and highest day for "none"."""

_FIELDS = ("published", "expires", "starts")


def is_placeholder(day: date) -> bool:
    """Say whether a day stands for none."""
    return not _FIRST <= day <= _LAST


def without_placeholders(listing: Listing) -> Step:
    """Leave days out that stand for none."""
    said = {name: getattr(listing, name) for name in _FIELDS}
    kept = {name: _kept(value) for name, value in said.items()}
    changed = [name for name in _FIELDS if kept[name] != said[name]]
    if not changed:
        return Step(listing)
    told = tuple(Derivation(fields=(name,), method=METHOD, said=_written(said[name])) for name in changed)
    return Step(listing.revised({name: kept[name] for name in changed}), (), told)


def _kept(value: Any) -> Any:
    """Return a day, or those of several, as far as they are any."""
    if isinstance(value, tuple):
        return tuple(day for day in value if not is_placeholder(day)) or None
    return None if isinstance(value, date) and is_placeholder(value) else value


def _written(value: Any) -> str:
    return ", ".join(day.isoformat() for day in (value if isinstance(value, tuple) else (value,)))
