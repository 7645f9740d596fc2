"""Doubting by the clock: what is published as likely expired since its link is dead, or since it is old for its source.

Both can be mistaken, so both end by themselves: when the page is there again, and when the partner changes the listing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path

from hub.links import Norm, Share, norm, old_before, too_many
from hub.pipeline.own import Desk, desk
from hub.pipeline.plan import BRUSSELS
from hub.pipeline.report import Counts
from hub.pipeline.source import Expect
from hub.store import Connection, Database, doubts
from hub.store.doubts import Weighing

KIND = "doubt"


@dataclass(frozen=True, slots=True)
class Doubting:
    """How a source's listings are doubted.

    Args:
        source: its id.
        links: whether its links are looked at; where they are not, none is doubted for its link.
        expect: its volume, whose `max_drop` and `floor` say how many may be doubted, and its `max_age_days`.
        anyway: whether a person wants the doubts however many there are.
    """

    source: str
    links: bool = False
    expect: Expect = field(default_factory=Expect)
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is to become of the doubts about one source's listings.

    Args:
        failing: live listings with an address of their own that is gone, of those that were looked at.
        links: what becomes of doubts because of these.
        norm: how old a vacancy may be; None where nobody knows.
        old: vacancies that are older, of those without a last day.
        age: what becomes of doubts because of these.
        before: the day before which a vacancy must have given its last sign of life to be old.
    """

    failing: Share
    links: Weighing
    norm: Norm | None
    old: Share
    age: Weighing
    before: date | None


def doubt_due(database: Database, plans: Path, now: datetime, wanted: Iterable[Doubting]) -> dict[str, int]:
    """Doubt and trust what the evidence asks for, and return how many listings of each source changed in the feed.

    It happens in one transaction, as a run of its own for each source where something changes. A source that somebody
    works on at the moment, or of which a plan waits for a person, is left for the next time.

    Args:
        database: the store.
        plans: the folder for plans in the making.
        now: the moment, with time zone.
        wanted: the sources, and how they are doubted.
    """
    wanted = list(wanted)
    with database.read() as connection:
        if not _due(connection, wanted, now):
            return {}
    with desk(database, plans) as own:
        due = _due(own.connection, wanted, now)
        return {source: _apply(own, source, found, now) for source, found in due.items()}


def weigh(connection: Connection, wanted: Doubting, now: datetime) -> Weighed:
    """Return what the evidence about one source's listings asks for, and whether there is too much of it."""
    today = now.astimezone(BRUSSELS).date()
    failing = doubts.failing(connection, wanted.source)
    found = norm(doubts.lives(connection, wanted.source), wanted.expect.max_age_days)
    before = old_before(today, found) if found else None
    old = doubts.old(connection, wanted.source, before) if before else Share(0, 0)
    links = _weighing(failing, wanted) if wanted.links else Weighing.lift
    # What a person says of age is meant; what the past says may not fit the present.
    age = Weighing.judge if found and found.configured else _weighing(old, wanted)
    return Weighed(failing, links, found, old, age if found else Weighing.lift, before)


def _weighing(share: Share, wanted: Doubting) -> Weighing:
    held = too_many(share, most=wanted.expect.max_drop, floor=wanted.expect.floor)
    return Weighing.hold if held and not wanted.anyway else Weighing.judge


def _due(connection: Connection, wanted: Iterable[Doubting], now: datetime) -> dict[str, tuple[Weighed, Counts]]:
    """Return the sources about which something changes, what, and how many."""
    free = set(doubts.sources_free(connection, now=now.timestamp()))
    found = {each.source: weigh(connection, each, now) for each in wanted if each.source in free}
    counted = {source: (each, _counts(connection, source, each)) for source, each in found.items()}
    return {source: (each, counts) for source, (each, counts) in counted.items() if counts.doubted or counts.trusted}


def _counts(connection: Connection, source: str, found: Weighed) -> Counts:
    doubted, trusted = doubts.count_doubts(connection, source, links=found.links, age=found.age, before=found.before)
    return Counts(doubted=doubted, trusted=trusted)


def _apply(own: Desk, source: str, due: tuple[Weighed, Counts], now: datetime) -> int:
    found, counts = due
    plan = partial(doubts.plan_doubts, own.connection, source, links=found.links, age=found.age, before=found.before)
    said = f"{counts.doubted:,} are likely over by their links or their age, {counts.trusted:,} are so no longer"
    return own.run(source, KIND, now, plan=plan, said=said, counts=lambda _: counts)[1]
