"""One item of a view, as a format gets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson


@dataclass(frozen=True)
class Entry:
    """One opportunity, or what is left of one that is gone.

    Args:
        id: the opportunity's id, a UUID.
        kind: ``vacancy`` or ``programme``.
        position: where it stands in the change feed.
        changed: when it changed last, ISO 8601 in UTC.
        address: its absolute public address.
        body: its published JSON-LD; None when it is gone.
        reason: why it is gone, of the vocabulary ``gone-reasons``; None of a live one.
        merged_into: id of the opportunity it is part of now.
    """

    id: str
    kind: str
    position: int
    changed: str
    address: str
    body: bytes | None
    reason: str | None = None
    merged_into: str | None = None

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """Return the published JSON-LD as values; empty when it is gone."""
        found: Mapping[str, Any] = orjson.loads(self.body) if self.body else {}
        return found
