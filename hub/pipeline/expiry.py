"""Ending by the clock: what has passed its own last day leaves the feed on time, asked or not."""

from datetime import datetime
from functools import partial
from pathlib import Path

from hub.pipeline.own import desk
from hub.pipeline.plan import BRUSSELS
from hub.pipeline.report import Counts
from hub.store import Database, listings

KIND = "expiry"


def expire_due(database: Database, plans: Path, now: datetime) -> dict[str, int]:
    """End every live listing whose last day has passed in Brussels, and return how many for each source.

    It happens in one transaction, as a run of its own for each source. A source that somebody works on at the moment
    is left for the next time.

    Args:
        database: the store.
        plans: the folder for plans in the making.
        now: the moment, with time zone.
    """
    today = now.astimezone(BRUSSELS).date().isoformat()
    with database.read() as connection:
        if not listings.sources_due(connection, today=today, now=now.timestamp()):
            return {}
    ended: dict[str, int] = {}
    with desk(database, plans) as own:
        for source in listings.sources_due(own.connection, today=today, now=now.timestamp()):
            plan = partial(listings.plan_expiry, own.connection, source, today=today)
            run = own.run(source, KIND, now, plan=plan, said=f"their last day was before {today}", counts=_counts)
            ended[source] = run[1]
    return ended


def _counts(count: int) -> Counts:
    return Counts(expired=count)
