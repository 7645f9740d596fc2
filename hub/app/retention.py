"""How much of what partners sent is kept, what may go, and its removal."""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.app.hub import Hub
from hub.archive import Body
from hub.errors import HubError
from hub.model.opportunity import utc
from hub.store import horizon, quarantine, retention
from hub.store.retention import Limits, Old

_log = logging.getLogger(__name__)
_MARK = "cleaned"
_DAY = timedelta(days=1)
_REPORTS, _USAGE = timedelta(days=366), timedelta(days=731)
_BATCHES = timedelta(days=30)  # far longer than counts of a day are taken, so none is ever added twice


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one source: archived bodies and their bytes on disk, those that may go, and refused records."""

    source: str
    bodies: int
    bytes: int
    going: int
    going_bytes: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Status:
    """What is kept, and what may go.

    Args:
        sources: each source that ever answered; a body that several share counts for each.
        bodies: how many bodies the archive has.
        bytes: what they take on disk.
        going: how many of them nothing needs any more.
        going_bytes: what these take.
        old: the rows that go from the database.
        database_bytes: what the database takes on disk.
    """

    sources: tuple[Kept, ...]
    bodies: int
    bytes: int
    going: int
    going_bytes: int
    old: Old
    database_bytes: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        return asdict(self)


def status(hub: Hub, now: datetime | None = None) -> Status:
    """Return what is kept, and what cleaning would remove."""
    moment = now or datetime.now(UTC)
    limits = _limits(hub, moment)
    with hub.database.read() as connection:
        named = retention.named(connection)
        staying = retention.named(connection, limits.answers_before)
        old = retention.old(connection, limits)
        quarantined = {source: quarantine.count(connection, source) for source in named}
    bodies = {body.digest: body for body in hub.archive.bodies()}
    going = _going(hub, bodies, set().union(*staying.values()), moment)
    return Status(
        sources=tuple(
            _kept(source, [bodies[each] for each in named[source] if each in bodies], going, quarantined[source])
            for source in sorted(named)
        ),
        bodies=len(bodies),
        bytes=_bytes(bodies),
        going=len(going),
        going_bytes=_bytes(going),
        old=old,
        database_bytes=sum(path.stat().st_size for path in hub.data.glob("hub.db*")),
    )


def clean(hub: Hub, now: datetime | None = None) -> Status:
    """Remove what is kept no longer, and return what was kept before and what went.

    The database lets go first, so a body it names is there; a body that comes again meanwhile stays.
    """
    moment = now or datetime.now(UTC)
    before = status(hub, moment)
    with hub.database.write() as connection:
        old = retention.clean(connection, _limits(hub, moment))
        told = timedelta(days=hub.config.settings.retention.tombstone_days)
        horizon.advance(connection, now=utc(moment), before=utc(moment - told))
        staying = set().union(*retention.named(connection).values())
    going = _going(hub, {body.digest: body for body in hub.archive.bodies()}, staying, moment)
    gone = {digest: body for digest, body in going.items() if hub.archive.remove(body)}
    return Status(before.sources, before.bodies, before.bytes, len(gone), _bytes(gone), old, before.database_bytes)


def clean_daily(hub: Hub) -> Status | None:
    """Clean when it was last done a day ago or longer; None when it was not due, or could not be done.

    Cheap to ask after every run; what went, or why nothing could, is in the log.
    """
    mark, now = hub.data / _MARK, datetime.now(UTC)
    try:
        if mark.exists() and now - datetime.fromtimestamp(mark.stat().st_mtime, UTC) < _DAY:
            return None
        mark.touch()
        cleaned = clean(hub, now)
    except (HubError, OSError) as error:
        _log.error("what is old cannot be removed: %s", error)
        return None
    _log.info("removed %s old bodies of %s bytes, and %s", cleaned.going, cleaned.going_bytes, cleaned.old)
    return cleaned


def _limits(hub: Hub, now: datetime) -> Limits:
    kept = hub.config.settings.retention
    return Limits(
        utc(now - timedelta(days=kept.archive_days)),
        utc(now - timedelta(days=kept.quarantine_days)),
        kept.runs,
        utc(now - _REPORTS),
        (now - _USAGE).date().isoformat(),
        (now - _BATCHES).date().isoformat(),
    )


def _going(hub: Hub, bodies: Mapping[str, Body], staying: set[str], now: datetime) -> dict[str, Body]:
    """Return the bodies that no run names and that did not come for as long as answers are kept."""
    oldest = (now - timedelta(days=hub.config.settings.retention.archive_days)).timestamp()
    return {digest: body for digest, body in bodies.items() if digest not in staying and body.last < oldest}


def _kept(source: str, bodies: list[Body], going: Mapping[str, Body], quarantined: int) -> Kept:
    leaving = [body for body in bodies if body.digest in going]
    return Kept(
        source,
        len(bodies),
        sum(body.stored for body in bodies),
        len(leaving),
        sum(body.stored for body in leaving),
        quarantined,
    )


def _bytes(bodies: Mapping[str, Body]) -> int:
    return sum(body.stored for body in bodies.values())
