"""When work is due, and the clock that asks."""

from hub.schedule.due import is_due, next_slot
from hub.schedule.ticker import Ticker

__all__ = ["Ticker", "is_due", "next_slot"]
