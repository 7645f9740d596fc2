"""Moments and days as the formats write them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

_ZONE = ZoneInfo("Europe/Brussels")
_LAST_MOMENT = time(23, 59, 59)


def in_mail_style(moment: datetime) -> str:
    """Return a moment as mails write it (RFC 5322): ``Sun, 22 Nov 2026 18:00:00 GMT``."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def first_offered(data: Mapping[str, Any]) -> datetime:
    """Return when an opportunity was first offered, as the partner says, else when the hub first saw it."""
    if published := data.get("published"):
        return datetime.combine(date.fromisoformat(published), time(), UTC)
    return datetime.fromisoformat(min(each["firstSeen"] for each in data["listings"]))


def end_of(day: str) -> datetime:
    """Return the last second of a day in Belgium."""
    return datetime.combine(date.fromisoformat(day), _LAST_MOMENT, _ZONE)
