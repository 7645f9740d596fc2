"""How often a source may ask its partner, as a person writes it: ``60/minute``, ``1 per 2 seconds``."""

import re
from typing import Annotated

import limits
from pydantic import AfterValidator

from hub.adapter import Rate

_WRITTEN = re.compile(r"[1-9]\d{0,6}\s*(/|per)\s*([1-9]\d{0,3}\s+)?[a-z]+", re.IGNORECASE)


def read_rate(written: str) -> Rate:
    """Return the rate, or raise ValueError that says how one is written."""
    try:
        item = limits.parse(written) if _WRITTEN.fullmatch(written.strip()) else None
    except ValueError:
        item = None
    if item is None:
        raise ValueError("must be calls per second, minute, hour or day, such as 60/minute or 10 per 2 minutes")
    return Rate(item.amount, item.get_expiry())


def _checked(written: str) -> str:
    read_rate(written)
    return written


WrittenRate = Annotated[str, AfterValidator(_checked)]
