"""What subscribers are told of: hints, thin on purpose, for the change feed is the truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from hub.store.push import (
    ENDPOINT_DISABLED,
    ENDPOINT_VERIFY,
    FEED_ADVANCED,
    OPPORTUNITY_DISPUTED,
    SOURCE_RECOVERED,
    SOURCE_STALE,
)

MOST_BYTES = 20_000
"""What a body stays below (Standard Webhooks)."""


@dataclass(frozen=True, slots=True)
class Event:
    """One type of event: when it happens, and what its data says, by name."""

    happens: str
    data: Mapping[str, str]
    askable: bool = True


EVENTS: Mapping[str, Event] = {
    FEED_ADVANCED: Event(
        "The change feed of your view moved.",
        {"view": "id of the view", "position": "its last position: read the feed up to there, or beyond"},
    ),
    SOURCE_STALE: Event(
        "A source had no good run for longer than is usual; what it published stays.",
        {"source": "id of the source", "lastGoodRun": "when that was"},
    ),
    SOURCE_RECOVERED: Event(
        "A source that was stale had a good run again.", {"source": "id of the source", "lastGoodRun": "when that was"}
    ),
    OPPORTUNITY_DISPUTED: Event(
        "A portal reported an opportunity that your view holds.",
        {"opportunity": "its id, the last part of its address", "reason": "what is said to be wrong with it"},
    ),
    ENDPOINT_VERIFY: Event(
        "You asked for your address to be proved: answer with the challenge.",
        {"challenge": "what to answer"},
        askable=False,
    ),
    ENDPOINT_DISABLED: Event(
        "Nothing more is sent to your address. This event is not sent either; it stands among your deliveries.",
        {"why": "in a sentence"},
        askable=False,
    ),
}
"""Every type of event, in the order to tell of them."""

ASKABLE = tuple(kind for kind, event in EVENTS.items() if event.askable)
"""The types that subscribers can ask for."""


def body(kind: str, made: str, data: Mapping[str, Any]) -> bytes:
    """Return what is sent of an event, the same bytes at each attempt; ValueError where it is too long."""
    written = orjson.dumps({"type": kind, "timestamp": made, "data": data})
    if len(written) >= MOST_BYTES:
        raise ValueError(f"an event {kind} of {len(written):,} bytes is not below {MOST_BYTES:,}")
    return written
