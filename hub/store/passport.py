"""What the store knows of one thing: its listing, how it is published, every position it spent, and what is aside."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from hub.store.schema import history as history_table
from hub.store.schema import listing as listing_table
from hub.store.schema import opportunity as opportunity_table


@dataclass(frozen=True, slots=True)
class ListingRow:
    """One source's listing: digests as hexadecimal digits, clocks as ISO 8601 in UTC.

    Args:
        missing: the first complete run that no longer listed it; None while it is listed.
        expires: its own last day.
    """

    id: int
    source: str
    local_id: str
    raw: str
    content: str
    live: bool
    opportunity: str
    kind: str
    first_seen: str
    content_changed: str
    missing: str | None
    expires: str | None


@dataclass(frozen=True, slots=True)
class Published:
    """How an opportunity stands in the feed; a ``reason`` says why it is gone."""

    id: str
    position: int
    reason: str | None
    merged_into: str | None
    changed: str


@dataclass(frozen=True, slots=True)
class Past:
    """One position that was spent on an opportunity."""

    position: int
    run: int
    action: str
    changed: str


def listings(connection: Connection, name: str, source: str | None = None) -> list[ListingRow]:
    """Return the listings with this local id or of this opportunity, of one source or of all."""
    table = listing_table.c
    found = select(listing_table).where(or_(table.local_id == name, table.opportunity == name)).order_by(table.id)
    rows = connection.execute(found.where(table.source == source) if source else found)
    return [_listing(row) for row in rows]


def numbers(connection: Connection, name: str, source: str | None = None) -> list[int]:
    """Return the numbers of the live listings with this local id or of this opportunity, of one source or of all."""
    table = listing_table.c
    found = select(table.id).where(or_(table.local_id == name, table.opportunity == name), table.live == 1)
    if source is not None:
        found = found.where(table.source == source)
    return list(connection.execute(found.order_by(table.id)).scalars())


def published(connection: Connection, opportunity: str) -> Published | None:
    """Return how an opportunity stands in the feed."""
    table = opportunity_table.c
    columns = (table.id, table.position, table.reason, table.merged_into, table.changed)
    row = connection.execute(select(*columns).where(table.id == opportunity)).one_or_none()
    return Published(*row) if row else None


def past(connection: Connection, opportunity: str) -> Sequence[Past]:
    """Return the positions spent on an opportunity, the oldest first."""
    table = history_table.c
    found = select(table.position, table.run, table.action, table.changed).where(table.opportunity == opportunity)
    return [Past(*row) for row in connection.execute(found.order_by(table.position))]


def _listing(row: object) -> ListingRow:
    values = {name: getattr(row, name) for name in ListingRow.__slots__}
    return ListingRow(
        **{**values, "raw": values["raw"].hex(), "content": values["content"].hex(), "live": bool(values["live"])}
    )
