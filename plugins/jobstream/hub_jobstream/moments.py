"""The times that an ad carries: Swedish time without offset, or milliseconds since 1970."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hub_jobstream.position import SWEDEN

_MILLISECONDS = 1000
NEVER = datetime.min.replace(tzinfo=UTC)
"""Older than whatever has a time."""


def swedish(value: object) -> datetime | None:
    """Return the moment of a local time such as ``2024-05-08T23:59:59``; one with an offset keeps it."""
    if not isinstance(value, str) or len(value) < len("2024-05-08"):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=SWEDEN)


def since_epoch(value: object) -> datetime | None:
    """Return the moment of a number of milliseconds since 1970."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    try:
        return datetime.fromtimestamp(value / _MILLISECONDS, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def told_at(item: Mapping[str, Any]) -> datetime:
    """Return when JobTech said this of an ad: its timestamp, or for a removal the moment it was removed."""
    return since_epoch(item.get("timestamp")) or swedish(item.get("removed_date")) or NEVER
