"""The passport of one record: where it comes from, how it was read, and what became of it, from first sight to now."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from hub.adapter import RawRecord
from hub.app.hub import Hub
from hub.app.links import of_listing
from hub.app.replaying import archived_job, read_again
from hub.errors import HubError
from hub.model.issue import Issue
from hub.pipeline.plan import BRUSSELS
from hub.store import judgements, matches, pages, passport, quarantine, runs
from hub.store.judgements import Explained
from hub.store.links import LinkRow
from hub.store.passport import ListingRow, Past, Published
from hub.store.quarantine import Quarantined


@dataclass(frozen=True, slots=True)
class Reading:
    """How the record is read under the present code.

    Args:
        run: the run whose archived answers hold the record.
        payload: the record as the partner sent it.
        issues: warnings, or the reasons of a refusal.
        values: the values looked up in tables, each with whether the table knows it.
        unread: fields that nobody reads.
    """

    run: int
    payload: Any
    issues: Sequence[Issue]
    values: Sequence[tuple[str, str, bool]]
    unread: Sequence[str]


@dataclass(frozen=True, slots=True)
class Passport:
    """Everything known of one record.

    Args:
        listing: as its source lists it; None for a record that was never published.
        published: as it stands in the feed.
        body: its published JSON; None when it is gone.
        last_listed: when a complete run last saw it listed, as far as is known.
        past: the positions spent on it.
        aside: the record in quarantine, where it is refused now.
        reading: how it is read now; None where the archive no longer holds it.
        derived: what the hub added to this listing or changed in it.
        matched: the pairs of this listing with others, and why.
        others: the other listing of each of those pairs, as ``source/id``.
        links: its web addresses, and when each last worked, where they are looked after.
        doubts: why it is thought to be over: ``absent``, ``dead-link``, ``old``.
    """

    source: str
    local_id: str
    listing: ListingRow | None
    published: Published | None
    body: Mapping[str, Any] | None
    last_listed: str | None
    past: Sequence[Past]
    aside: Quarantined | None
    reading: Reading | None
    derived: Sequence[Mapping[str, Any]] = ()
    matched: Sequence[Explained] = ()
    others: Sequence[str] = ()
    links: Sequence[LinkRow] = ()
    doubts: Sequence[str] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        return asdict(self)


def trace(hub: Hub, name: str, source: str | None = None) -> list[Passport]:
    """Return the passports of every record with this local id, or of this opportunity (its id or address).

    Args:
        hub: the opened hub.
        name: a local id, also behind its source as in ``vdab/68123456``, or an opportunity's id or address.
        source: only of this source.
    """
    found = _found(hub, name, source)
    if found or source:
        return found
    first, _, rest = name.partition("/")
    return _found(hub, rest, first) if rest and first in {each.id for each in hub.config.sources} else []


def _found(hub: Hub, name: str, source: str | None) -> list[Passport]:
    wanted = name.rstrip("/").rpartition("/")[2] if name.startswith(("http://", "https://")) else name
    with hub.database.read() as connection:
        found = {(row.source, row.local_id): row for row in passport.listings(connection, wanted, source)}
        aside = {(row.source, row.local_id): row for row in quarantine.named(connection, wanted, source)}
    keys = list(dict.fromkeys((*found, *aside)))
    return [_passport(hub, key, found.get(key), aside.get(key)) for key in keys]


def _passport(hub: Hub, key: tuple[str, str], listing: ListingRow | None, aside: Quarantined | None) -> Passport:
    source, local_id = key
    with hub.database.read() as connection:
        published = passport.published(connection, listing.opportunity) if listing else None
        item = pages.item(connection, listing.opportunity) if listing else None
        past = passport.past(connection, listing.opportunity) if listing else ()
        state = runs.state(connection, source)
    listed = (listing.missing or state.last_complete) if listing and listing.live else None
    body = orjson.loads(item.body) if item and item.body else None
    reading = _reading(hub, source, local_id)
    derived, matched, others = _made(hub, listing.id) if listing else ((), (), ())
    links, doubts = of_listing(hub, listing.id) if listing else ((), ())
    return Passport(
        source=source,
        local_id=local_id,
        listing=listing,
        published=published,
        body=body,
        last_listed=listed,
        past=past,
        aside=aside,
        reading=reading,
        derived=derived,
        matched=matched,
        others=others,
        links=links,
        doubts=doubts,
    )


def _made(hub: Hub, number: int) -> tuple[Sequence[Mapping[str, Any]], Sequence[Explained], Sequence[str]]:
    """Return what the hub made of a listing by itself: what it derived, its pairs, and the other listing of each."""
    with hub.database.read() as connection:
        version = matches.versions(connection, [number]).get(number)
        around = {other for pair in matches.pairs(connection, [number]) for other in pair[:2]}
        found = [pair for pair in judgements.explained(connection, around) if number in {pair.first, pair.second}]
        members = {each.id: f"{each.source}/{each.local_id}" for each in matches.members(connection, around)}
    others = [members.get(pair.second if pair.first == number else pair.first, "") for pair in found]
    return (orjson.loads(version).get("derived", ()) if version else ()), found, others


def _reading(hub: Hub, source: str, local_id: str) -> Reading | None:
    """Return how the record is read, from the newest archived run that holds it; None where there is none."""
    try:
        ready = hub.source(source)
        with hub.database.read() as connection:
            applied = runs.applied(connection, source)
        for run in reversed(applied):
            for item in ready.adapter.fetch(archived_job(hub, run)):
                if isinstance(item, RawRecord) and item.local_id == local_id:
                    shown = read_again(ready, item, datetime.now(UTC).astimezone(BRUSSELS).date())
                    values, unread = _looked_up(ready.adapter, item)
                    return Reading(run.id, item.payload, shown.issues, values, unread)
    except HubError:
        return None
    return None


def _looked_up(adapter: Any, record: RawRecord) -> tuple[list[tuple[str, str, bool]], tuple[str, ...]]:
    try:
        read = adapter.normalise(record)
    except Exception:  # a refused record was looked up in nothing that matters
        return [], ()
    unknown = set(read.unknown_values)
    return [(table, value, (table, value) not in unknown) for table, value in read.read_values], read.unknown_fields
