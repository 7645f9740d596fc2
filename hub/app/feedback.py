"""What portals tell back of each source: which records are wrong, for people to decide, and how often they are used."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from hub.app.hub import Hub
from hub.errors import ConfigError, StoreError
from hub.feed.rpde import opportunity_address
from hub.model.opportunity import utc
from hub.model.vocabulary import ReportReason
from hub.pipeline.plan import BRUSSELS
from hub.store import Connection, keys, pages
from hub.store.feedback import reports, usage
from hub.store.feedback.reports import ANONYMOUS, Decision, ReportRow, Tally

DAYS = 30
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class SourceReports:
    """How much of a source is reported: its live listings, and the reports of the last days by reason."""

    source: str
    live: int
    reasons: Mapping[str, Tally]

    @property
    def new(self) -> int:
        """How many reports came in the last days."""
        return sum(each.new for each in self.reasons.values())

    @property
    def open(self) -> int:
        """How many wait for a person, whenever they came."""
        return sum(each.open for each in self.reasons.values())

    @property
    def rate(self) -> float | None:
        """How many came in the last days for every thousand live listings; None without any."""
        return round(1000 * self.new / self.live, 2) if self.live else None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        reasons = {name: {"reports": each.new, "open": each.open} for name, each in self.reasons.items()}
        said = {"source": self.source, "live": self.live, "reports": self.new, "open": self.open}
        return {**said, "perThousandLive": self.rate, "reasons": reasons}


@dataclass(frozen=True, slots=True)
class Reported:
    """What is said of one opportunity for one reason, by one reader or several, the first first.

    Args:
        rows: the reports, at least one.
        listings: of the opportunity, as ``source/local id``.
        title: of the opportunity, in the first language it has; None when it is gone.
        gone: why it is gone.
        address: of the opportunity.
        other: the address of what it is said to double.
    """

    rows: Sequence[ReportRow]
    listings: Sequence[str]
    title: str | None
    gone: str | None
    address: str
    other: str | None

    @property
    def first(self) -> ReportRow:
        """The report that came first."""
        return self.rows[0]

    @property
    def portals(self) -> int:
        """How many keys say so."""
        return len({row.reader for row in self.rows} - {ANONYMOUS})

    @property
    def strangers(self) -> int:
        """How many reports came without a key."""
        return sum(row.reader == ANONYMOUS for row in self.rows)

    def as_dict(self, source: str | None = None) -> dict[str, Any]:
        """Return it as JSON-able values that a partner may see: not by whom; of one source, only its own listings."""
        first = self.first
        said = {
            "id": first.id,
            "state": first.state,
            "opportunity": self.address,
            "listings": [each for each in self.listings if source is None or each.startswith(f"{source}/")],
            "title": self.title,
            "gone": self.gone,
            "reason": first.reason,
            "duplicateOf": self.other,
            "since": first.made,
            "portals": self.portals,
            "withoutKey": self.strangers,
            "notes": [row.note for row in self.rows if row.note],
            "decided": first.decided,
            "why": first.why,
        }
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Used:
    """How often the listings of a source were shown, opened and applied to in the last days.

    Args:
        source: its id.
        live: its live listings now.
        total: the counts by event.
        days: the same for each day that has any.
        portals: the same for each portal, by the name of its key.
    """

    source: str
    live: int
    total: Mapping[str, int]
    days: Mapping[str, Mapping[str, int]]
    portals: Mapping[str, Mapping[str, int]]

    def per_thousand(self, event: str) -> float | None:
        """Return how often it came to this for every thousand times that a listing was shown; None without any."""
        shown = self.total.get(usage.SHOWN, 0)
        return round(1000 * self.total.get(event, 0) / shown, 1) if shown else None

    @property
    def rows(self) -> list[tuple[str | int, ...]]:
        """The source, the day (ISO 8601) and its counts, for each day that has any: what a partner may see."""
        return [(self.source, day, *counts_of(found).values()) for day, found in sorted(self.days.items())]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values that a partner may see: how many portals, not which."""
        rates = {f"{event}PerThousandShown": self.per_thousand(event) for event in (usage.OPENED, usage.APPLIED)}
        days = [{"day": day, **counts_of(found)} for day, found in sorted(self.days.items())]
        said = {"source": self.source, "live": self.live, **counts_of(self.total), **rates}
        return {**said, "portals": len(self.portals), "days": days}


# Reports --------------------------------------------------------------------------------------------------------


def overview(hub: Hub, now: datetime) -> list[SourceReports]:
    """Return how much of each configured source is reported."""
    with hub.database.read() as connection:
        tallies = reports.tally(connection, utc(now - timedelta(days=DAYS)))
        live = reports.live_listings(connection)
    return [SourceReports(each.id, live.get(each.id, 0), tallies.get(each.id, {})) for each in hub.config.sources]


def find(
    hub: Hub, *, source: str | None = None, reason: str | None = None, decided: bool = False, limit: int = 20
) -> list[Reported]:
    """Return what is reported and waits for a person, the oldest first; or what was decided, the newest first."""
    if source is not None:
        hub.config.source(source)
    _require_reason(reason)
    with hub.database.read() as connection:
        rows = reports.find(connection, source=source, reason=reason, decided=decided, limit=_MOST)
        grouped: dict[tuple[str, ...], list[ReportRow]] = {}
        for row in rows:
            grouped.setdefault((row.opportunity, row.reason, row.state, row.decided or ""), []).append(row)
        return [_reported(hub, connection, group) for group in list(grouped.values())[:limit]]


def show(hub: Hub, number: int) -> Reported:
    """Return a report with those that say the same."""
    with hub.database.read() as connection:
        row = reports.get(connection, number)
        return _reported(hub, connection, reports.alike(connection, row))


def decide(hub: Hub, number: int, decision: Decision, *, by: str, why: str | None) -> Reported:
    """Decide about a report and those that say the same, and return them as they were."""
    found = show(hub, number)
    if found.first.state != "open":
        row = found.first
        raise StoreError(f"report {number} was {row.state} by {row.decided_by} at {row.decided} already")
    now = utc(datetime.now(UTC))
    with hub.database.write() as connection:
        reports.decide(connection, [row.id for row in found.rows], decision, by=by, why=why, now=now)
    return found


def portals(hub: Hub) -> dict[str, str]:
    """Return the names of the portals by the id of their key."""
    with hub.database.read() as connection:
        return {row.id: row.grant.name for row in keys.find(connection)}


# What to do -----------------------------------------------------------------------------------------------------


def advice(hub: Hub, found: Reported) -> list[str]:
    """Return what to do about a report that was accepted, step by step; the hub does none of it by itself."""
    if found.gone:
        return [f"It left the feed meanwhile ({found.gone}), so there is nothing more to do."]
    return _ADVICE[ReportReason(found.first.reason)](hub, found)


def _ask(hub: Hub, found: Reported, request: str) -> list[str]:
    """Return what to ask of each partner that lists it."""
    partners = {each.id: each.partner or each.id for each in hub.config.sources}
    named = [each.partition("/") for each in found.listings]
    return [
        f"Ask {partners.get(source, source)}: {local_id} ({found.title}) {request}" for source, _, local_id in named
    ]


def _expired(hub: Hub, found: Reported) -> list[str]:
    asked = _ask(hub, found, "is no longer on offer; please end it, or send its last day.")
    return [*asked, "It leaves the feed with the run after that, or once its page is found to be gone (`hub links`)."]


def _wrong_place(hub: Hub, found: Reported) -> list[str]:
    named = [each.partition("/") for each in found.listings]
    looked = [
        f"`hub trace {local_id} --source {source}` shows how its place was read." for source, _, local_id in named
    ]
    return [*looked, *_ask(hub, found, "has another place; please send the postal code of where it is.")]


def _duplicate(_hub: Hub, found: Reported) -> list[str]:
    opportunity, other = found.first.opportunity, found.first.duplicate_of
    if other is None:
        return [
            f"`hub match show {opportunity}` shows what it nearly matches;",
            f"`hub match confirm {opportunity} OTHER` then makes one of both.",
        ]
    return [f'`hub match confirm {opportunity} {other} --why "reported by a portal"` makes one of both.']


def _offensive(hub: Hub, found: Reported) -> list[str]:
    return _ask(hub, found, "was reported as offensive or misleading; please look at it and withdraw it.")


def _other(_hub: Hub, found: Reported) -> list[str]:
    return [f"`hub report show {found.first.id}` has the notes; they say what is wrong."]


_ADVICE: Mapping[ReportReason, Callable[[Hub, Reported], list[str]]] = {
    ReportReason.expired: _expired,
    ReportReason.wrong_place: _wrong_place,
    ReportReason.duplicate: _duplicate,
    ReportReason.offensive: _offensive,
    ReportReason.other: _other,
}


# Use ------------------------------------------------------------------------------------------------------------


def used(hub: Hub, now: datetime, source: str | None = None) -> list[Used]:
    """Return how often the listings of each configured source, or of one, were used in the last days."""
    wanted = [hub.config.source(source)] if source is not None else hub.config.sources
    names = portals(hub)
    with hub.database.read() as connection:
        live = reports.live_listings(connection)
        return [_used(connection, each.id, live.get(each.id, 0), first_day(now), names) for each in wanted]


def first_day(now: datetime) -> str:
    """Return the first of the last days that use is told of, today in Brussels being the last one (ISO 8601)."""
    return (now.astimezone(BRUSSELS).date() - timedelta(days=DAYS - 1)).isoformat()


def counts_of(found: Mapping[str, int]) -> dict[str, int]:
    """Return the counts of every kind of use, also those that are zero."""
    return {event: found.get(event, 0) for event in usage.EVENTS}


def _used(connection: Connection, source: str, live: int, since: str, names: Mapping[str, str]) -> Used:
    days = usage.by_day(connection, source, since)
    by_name: dict[str, Counter[str]] = {}
    for key, found in usage.by_portal(connection, source, since).items():  # a portal has several keys over time
        by_name.setdefault(names.get(key, key), Counter()).update(found)
    return Used(source, live, sum(days.values(), Counter()), days, by_name)


# Rows -----------------------------------------------------------------------------------------------------------


def as_admin(found: Reported, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what is reported with every report and by whom, as JSON-able values for the admin."""
    rows = [{**asdict(row), "portal": names.get(row.reader)} for row in found.rows]
    return {**found.as_dict(), "reports": rows}


def _reported(hub: Hub, connection: Connection, rows: Sequence[ReportRow]) -> Reported:
    rows = sorted(rows, key=lambda row: row.id)
    first = rows[0]
    item = pages.item(connection, first.opportunity)
    said = orjson.loads(item.body) if item and item.body else {}
    other = next((row.duplicate_of for row in rows if row.duplicate_of), None)
    return Reported(
        rows,
        reports.listings_of(connection, first.opportunity),
        next(iter(said.get("title", {}).values()), None),
        item.reason if item else "unknown",
        opportunity_address(hub.public_url, first.opportunity),
        opportunity_address(hub.public_url, other) if other else None,
    )


def _require_reason(reason: str | None) -> None:
    known = [each.value for each in ReportReason]
    if reason is not None and reason not in known:
        raise ConfigError(f"--reason {reason}: there is no such reason; there are {', '.join(known)}")
