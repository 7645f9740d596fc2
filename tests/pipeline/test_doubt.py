"""Doubting listings whose links are dead or that are old, and trusting them again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from told import EVERYTHING, MORNING, job

from hub.links import Found, Patience, Sight
from hub.pipeline import Expect, Report
from hub.pipeline.doubt import Doubting, doubt_due
from hub.store import Database, doubts, leases, links, listings, pages, runs

Run = Callable[..., Report]
DAY = timedelta(days=1)
GONE, ALIVE = Sight(Found.gone, "404"), Sight(Found.alive, "200")
PAGE = "https://jobs.example.be/"


@pytest.fixture
def hub(run: Run, database: Database, tmp_path: Path) -> "Small":
    return Small(run, database, tmp_path / "plans")


class Small:
    """A hub of one source, whose days a test tells."""

    def __init__(self, run: Run, database: Database, plans: Path) -> None:
        self.run, self.database, self.plans = run, database, plans

    def gather(self, now: datetime) -> None:
        with self.database.write() as connection:
            numbers = links.changed(connection, "told", links=True)
            links.collect(connection, numbers, due=lambda _url: now, links=True)
            doubts.end(connection, "told", now=now)

    def see(self, now: datetime, **seen: Sight) -> None:
        """Look at the pages of listings, by local id after a letter."""
        self.gather(now)
        sights = [(f"{PAGE}{name[1:]}", sight) for name, sight in seen.items()]
        with self.database.write() as connection:
            links.note(connection, "told", sights, now=now, patience=Patience())

    def doubt(self, now: datetime, **more: Any) -> dict[str, int]:
        self.gather(now)
        return doubt_due(self.database, self.plans, now, [Doubting("told", **{"links": True, **more})])

    def status(self) -> dict[str, str | None]:
        """Return how each live listing stands in the feed, the words of its doubt behind it."""
        with self.database.read() as connection:
            numbers = [number for batch in listings.live(connection, "told") for number in batch]
            found = listings.numbered(connection, numbers)
            return {each.local_id: self._said(pages.item(connection, each.opportunity), each.doubt) for each in found}

    @staticmethod
    def _said(item: pages.Item | None, doubt: str | None) -> str:
        assert item is not None
        assert item.body is not None
        return " ".join(filter(None, (orjson.loads(item.body)["status"], doubt)))


def linked(local_id: str, **more: Any) -> Any:
    return job(local_id, url=f"{PAGE}{local_id}", **more)


def die(hub: Small, *names: str, since: datetime = MORNING + DAY) -> datetime:
    """Find these pages gone on three days in a row, and return the moment after."""
    for number in range(3):
        hub.see(since + number * DAY, **dict.fromkeys(names, GONE))
    return since + 2 * DAY + timedelta(hours=1)


def test_a_dead_link_is_doubted_and_trusted_when_the_page_is_there_again(hub: Small) -> None:
    hub.run(linked("1"), linked("2"), EVERYTHING)
    now = die(hub, "n1")
    assert hub.doubt(now) == {"told": 1}
    assert hub.status() == {"1": "likelyExpired dead-link", "2": "active"}
    assert hub.doubt(now) == {}  # nothing more to say
    hub.see(now + DAY, n1=ALIVE)
    assert hub.doubt(now + DAY) == {"told": 1}
    assert hub.status() == {"1": "active", "2": "active"}


def test_two_failures_or_one_day_are_no_reason(hub: Small) -> None:
    hub.run(linked("1"), linked("2"), EVERYTHING)
    for hours in (24, 48):
        hub.see(MORNING + timedelta(hours=hours), n1=GONE)
    for hours in (24, 25, 26, 27):
        hub.see(MORNING + timedelta(hours=hours), n2=GONE)
    assert hub.doubt(MORNING + 4 * DAY) == {}


def test_what_the_partner_changes_is_trusted_and_needs_new_proof(hub: Small) -> None:
    hub.run(linked("1"), EVERYTHING)
    now = die(hub, "n1")
    hub.doubt(now)
    hub.run(linked("1", title="Poetshulp gezocht"), EVERYTHING, now=now + DAY)
    assert hub.doubt(now + DAY) == {}
    assert hub.status() == {"1": "active"}
    hub.see(now + 2 * DAY, n1=GONE)
    assert hub.doubt(now + 2 * DAY) == {}
    hub.doubt(die(hub, "n1", since=now + 3 * DAY))
    assert hub.status() == {"1": "likelyExpired dead-link"}


def test_a_new_address_begins_anew(hub: Small) -> None:
    hub.run(linked("1"), EVERYTHING)
    die(hub, "n1")
    hub.run(job("1", url=f"{PAGE}elsewhere"), EVERYTHING, now=MORNING + 4 * DAY)
    hub.gather(MORNING + 4 * DAY)
    with hub.database.read() as connection:
        (row,) = links.of_listing(connection, listings.known(connection, "told", ["1"])["1"].id)
    assert (row.url, row.failures, row.verdict) == (f"{PAGE}elsewhere", 0, "unknown")


def test_the_page_where_one_applies_counts_too_unless_others_share_it(hub: Small) -> None:
    hub.run(job("1", apply=[f"{PAGE}one"]), job("2", apply=[f"{PAGE}all"]), job("3", apply=[f"{PAGE}all"]), EVERYTHING)
    assert hub.doubt(die(hub, "none", "nall")) == {"told": 1}
    assert hub.status() == {"1": "likelyExpired dead-link", "2": "active", "3": "active"}


def test_a_new_site_of_the_partner_doubts_nothing_until_a_person_says_so(hub: Small) -> None:
    names = [str(number) for number in range(100)]
    hub.run(*[linked(name) for name in names], EVERYTHING)
    hub.see(MORNING + DAY, **{f"n{name}": ALIVE for name in names})
    now = die(hub, *[f"n{name}" for name in names[:21]], since=MORNING + 2 * DAY)
    assert hub.doubt(now) == {}
    assert hub.doubt(now, anyway=True) == {"told": 21}
    hub.see(now + DAY, n0=ALIVE)
    assert hub.doubt(now + DAY) == {"told": 1}  # 20 of 100 are believed, and trust needs nobody
    assert list(hub.status().values()).count("likelyExpired dead-link") == 20


def test_a_redesign_is_noticed_before_the_first_page_counts_as_dead(hub: Small) -> None:
    names = [str(number) for number in range(60)]
    hub.run(*[linked(name) for name in names], EVERYTHING)
    hub.see(MORNING + DAY, **{f"n{name}": ALIVE for name in names})
    die(hub, "n0", since=MORNING + 2 * DAY)
    hub.see(MORNING + 4 * DAY, **{f"n{name}": GONE for name in names[1:30]})
    assert hub.doubt(MORNING + 4 * DAY) == {}


def test_without_looking_after_links_no_doubt_rests_on_them(hub: Small) -> None:
    hub.run(linked("1"), EVERYTHING)
    now = die(hub, "n1")
    hub.doubt(now)
    assert hub.doubt(now, links=False) == {"told": 1}
    assert hub.status() == {"1": "active"}


def test_a_listing_that_is_missing_too_stays_doubted_when_its_page_is_there(hub: Small) -> None:
    careful = Expect(absence_runs=2)
    hub.run(linked("1"), linked("2"), EVERYTHING, expect=careful)
    hub.run(linked("2"), EVERYTHING, expect=careful, now=MORNING + timedelta(hours=1))
    now = die(hub, "n1")
    hub.doubt(now)
    hub.see(now + DAY, n1=ALIVE)
    assert hub.doubt(now + DAY) == {"told": 0}
    assert hub.status() == {"1": "likelyExpired", "2": "active"}
    with hub.database.read() as connection:
        assert doubts.reasons(connection, listings.known(connection, "told", ["1"])["1"].id) == ["absent"]


# Age ------------------------------------------------------------------------------------------------------------


def lived(hub: Small, days: int, count: int = 50) -> datetime:
    """Let so many vacancies stand for so many days and be withdrawn, beside one that stays; return the day after."""
    kept = [job("kept"), job("dated", expires="2029-01-01"), job("course", programme=True)]
    hub.run(*kept, *[job(f"short{number}") for number in range(count)], EVERYTHING)
    over = MORNING + days * DAY
    hub.run(*kept, EVERYTHING, now=over, expect=Expect(absence_runs=1, max_drop=1, min_share=0))
    hub.gather(over)
    return over


def test_a_vacancy_is_old_that_stands_half_as_long_again_as_nearly_all_that_were_withdrawn(hub: Small) -> None:
    lived(hub, 80)
    assert hub.doubt(MORNING + 120 * DAY) == {}
    assert hub.doubt(MORNING + 121 * DAY) == {"told": 1}
    assert hub.status() == {"kept": "likelyExpired old", "dated": "active", "course": "active"}


def test_no_norm_is_shorter_than_sixty_days_and_none_is_known_from_few(hub: Small) -> None:
    lived(hub, 3)
    assert hub.doubt(MORNING + 60 * DAY) == {}
    assert hub.doubt(MORNING + 61 * DAY) == {"told": 1}


def test_of_a_source_that_withdrew_few_nothing_is_old(hub: Small) -> None:
    lived(hub, 3, count=49)
    assert hub.doubt(MORNING + 1000 * DAY) == {}
    assert hub.doubt(MORNING + 1000 * DAY, expect=Expect(max_age_days=90)) == {"told": 1}


def test_what_the_partner_changes_is_not_old(hub: Small) -> None:
    hub.run(job("1"), EVERYTHING)
    aged = Expect(max_age_days=90)
    assert hub.doubt(MORNING + 91 * DAY, expect=aged) == {"told": 1}
    hub.run(job("1", title="Poetshulp gezocht"), EVERYTHING, now=MORNING + 92 * DAY)
    assert hub.status() == {"1": "active"}
    assert hub.doubt(MORNING + 182 * DAY, expect=aged) == {}
    assert hub.doubt(MORNING + 183 * DAY, expect=aged) == {"told": 1}


def test_age_counts_from_the_day_the_partner_says(hub: Small) -> None:
    hub.run(job("1", published="2026-01-05"), job("2"), EVERYTHING)
    assert hub.doubt(MORNING + DAY, expect=Expect(max_age_days=90)) == {"told": 1}
    assert hub.status() == {"1": "likelyExpired old", "2": "active"}


def test_many_that_are_old_for_what_is_usual_wait_for_a_person_but_not_for_one_who_set_the_age(hub: Small) -> None:
    stay = [job(f"stay{number}") for number in range(30)]
    hub.run(*stay, *[job(f"short{number}") for number in range(50)], EVERYTHING)
    hub.run(*stay, EVERYTHING, now=MORNING + DAY, expect=Expect(absence_runs=1, max_drop=1, min_share=0))
    later = MORNING + 100 * DAY
    assert hub.doubt(later) == {}
    assert hub.doubt(later, anyway=True) == {"told": 30}
    assert hub.doubt(later, expect=Expect(max_age_days=200)) == {"told": 30}
    assert hub.doubt(later, expect=Expect(max_age_days=60)) == {"told": 30}


def test_both_reasons_are_told_and_each_ends_by_itself(hub: Small) -> None:
    hub.run(linked("1"), EVERYTHING)
    now = die(hub, "n1", since=MORNING + 100 * DAY)
    hub.doubt(now, expect=Expect(max_age_days=90))
    assert hub.status() == {"1": "likelyExpired dead-link old"}
    hub.see(now + DAY, n1=ALIVE)
    assert hub.doubt(now + DAY, expect=Expect(max_age_days=90)) == {"told": 0}
    assert hub.status() == {"1": "likelyExpired old"}


# Runs -----------------------------------------------------------------------------------------------------------


def test_doubting_is_a_run_of_its_own_that_says_how_many(hub: Small) -> None:
    first = hub.run(linked("1"), linked("2"), EVERYTHING)
    hub.doubt(die(hub, "n1"))
    with hub.database.read() as connection:
        made = runs.get(connection, (first.run or 0) + 1)
    assert made is not None
    assert (made.kind, made.counts["doubted"], made.counts["trusted"]) == ("doubt", 1, 0)


def test_a_source_that_somebody_works_on_is_left_for_the_next_time(hub: Small) -> None:
    hub.run(linked("1"), EVERYTHING)
    now = die(hub, "n1")
    with hub.database.write() as connection:
        lease = leases.claim(connection, "told", "me", now=now.timestamp(), seconds=30)
    assert lease is not None
    assert hub.doubt(now) == {}
    with hub.database.write() as connection:
        leases.release(connection, lease)
    assert hub.doubt(now) == {"told": 1}


def test_a_plan_that_waits_for_a_person_is_not_swept_away_by_a_doubt(hub: Small) -> None:
    names = [str(number) for number in range(40)]
    hub.run(*[linked(name) for name in names], EVERYTHING)
    now = die(hub, "n1")
    held = hub.run(linked("1"), EVERYTHING, now=now)
    assert held.outcome.value == "held"
    assert hub.doubt(now + DAY) == {}


def test_what_ended_is_no_longer_looked_at(hub: Small) -> None:
    hub.run(linked("1"), linked("2"), EVERYTHING)
    hub.gather(MORNING)
    hub.run(linked("2"), EVERYTHING, now=MORNING + DAY)
    hub.gather(MORNING + DAY)
    with hub.database.read() as connection:
        (due,) = links.due(connection, "told", now=datetime(2030, 1, 1, tzinfo=UTC), limit=10)
    assert (due.host, due.urls) == ("jobs.example.be", [f"{PAGE}2"])
