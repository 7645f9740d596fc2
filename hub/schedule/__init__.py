"""When work is due, who may do it, and the clock that asks."""

from hub.schedule.claims import Claim, Claims, Ending
from hub.schedule.dispatch import Dispatcher
from hub.schedule.due import due_slot, next_slot
from hub.schedule.ticker import Ticker

__all__ = ["Claim", "Claims", "Dispatcher", "Ending", "Ticker", "due_slot", "next_slot"]
