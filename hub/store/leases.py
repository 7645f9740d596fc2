"""Leases: who may work on a source, until when, and the epoch that keeps everyone else from applying anything.

Times are seconds since 1970 by the clock of whoever asks. A clock that is wrong can hand a lease over too early or too
late; it cannot let two apply, since every new lease has a higher epoch and each applying transaction asks for its own.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text

from hub.errors import Superseded
from hub.store.schema import lease as lease_table

_CLAIM = text(
    "UPDATE lease SET epoch = epoch + 1, owner = :owner, until = :until "
    "WHERE source = :source AND (owner IS NULL OR until <= :now) RETURNING epoch"
)
_MAKE = text("INSERT INTO lease (source, epoch) VALUES (:source, 0) ON CONFLICT (source) DO NOTHING")
_RENEW = text("UPDATE lease SET until = :until WHERE source = :source AND epoch = :epoch AND owner IS NOT NULL")
_RELEASE = text("UPDATE lease SET owner = NULL, until = NULL WHERE source = :source AND epoch = :epoch")
_FENCE = text("UPDATE lease SET epoch = epoch WHERE source = :source AND epoch = :epoch AND owner IS NOT NULL")


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a source. The epoch is the proof of it."""

    source: str
    epoch: int
    owner: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who works on a source, and until when, in seconds since 1970."""

    owner: str
    until: float


def claim(connection: Connection, source: str, owner: str, *, now: float, seconds: float) -> Lease | None:
    """Take the lease of a source for so many seconds; None while another has it."""
    values: dict[str, Any] = {"source": source, "owner": owner, "now": now, "until": now + seconds}
    connection.execute(_MAKE, {"source": source})
    epoch = connection.execute(_CLAIM, values).scalar_one_or_none()
    return None if epoch is None else Lease(source, int(epoch), owner)


def renew(connection: Connection, lease: Lease, *, now: float, seconds: float) -> bool:
    """Hold on to a lease for so many seconds from now; False when another has it by now."""
    values = {"source": lease.source, "epoch": lease.epoch, "until": now + seconds}
    return connection.execute(_RENEW, values).rowcount == 1


def release(connection: Connection, lease: Lease) -> None:
    """Give a lease back; nothing happens when another has it by now."""
    connection.execute(_RELEASE, {"source": lease.source, "epoch": lease.epoch})


def fence(connection: Connection, lease: Lease) -> None:
    """Refuse to go on in this transaction unless the lease is still ours; first in all that applies something.

    It writes, so that on every database no other can take the lease before this transaction ends.
    """
    if connection.execute(_FENCE, {"source": lease.source, "epoch": lease.epoch}).rowcount != 1:
        raise Superseded(
            f"the lease of '{lease.source}' ran out and another took over, so nothing of this run is applied; "
            "was this process paused for long, or the machine asleep?"
        )


def holders(connection: Connection, now: float) -> dict[str, Holder]:
    """Return who works on which source."""
    held = select(lease_table).where(lease_table.c.owner.is_not(None), lease_table.c.until > now)
    return {row.source: Holder(row.owner, row.until) for row in connection.execute(held)}
