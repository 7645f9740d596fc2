"""Links looked at for ten days on a site that behaves in every way a site can."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from small_hub import Folder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from hub.app import links
from hub.app.alarming import watch
from hub.app.hub import Hub
from hub.app.minding import Minder
from hub.client import Limits
from hub.client.links import Manners
from hub.store import alarms, leases, listings, pages
from hub.testing import serve

Open = Callable[..., Hub]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAYS = 10
QUICK = Limits(request_seconds=5, connect_seconds=1, silence_seconds=0.1, redirects=3)
OPTIONS = """
path = "jobs.csv"
kind = "vacancy"
id = "nr"
[options.fields]
"title.nl" = "naam"
"organisation.name" = "wie"
"url" = "pagina"
"""
LOOKED_AFTER = """
links = true
gone_page = { texts = ["niet meer beschikbaar"] }
"""

STATUS = {"gone": 404, "removed": 410, "broken": 500, "refused": 403}
"""Pages that answer the same all the time."""
ENDS = {
    "alive": "active",
    "gone": "likelyExpired",
    "removed": "likelyExpired",
    "sentaway": "likelyExpired",
    "over": "likelyExpired",
    "broken": "active",
    "refused": "active",
    "busy": "active",
    "silent": "active",
    "forbidden": "active",
    "inside": "active",
    "hiccup": "active",
    "weekend": "active",
    "returned": "active",
}
"""Every page, and how its listing ought to stand after ten days."""
ABSENT = {"hiccup": 1, "weekend": 2, "returned": 3}
"""Pages that were not there the first times somebody looked."""


@dataclass
class Site:
    """A partner's site with a clock of its own: seconds since the test began."""

    now: float = 0.0
    asked: list[tuple[float, str]] = field(default_factory=list)
    dead: bool = False
    address: str = ""

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    async def answer(self, request: Request) -> Response:
        name = request.url.path[1:]
        self.asked.append((self.now, name))
        if name == "robots.txt":
            return PlainTextResponse("User-agent: *\nDisallow: /forbidden\n")
        if name == "silent":
            await asyncio.sleep(0.3)
        return self._said(name.rstrip("0123456789"))

    def _said(self, name: str) -> Response:
        times = sum(asked == name for _, asked in self.asked)
        if name in {"sentaway", "inside"}:
            return RedirectResponse("/" if name == "sentaway" else "http://10.11.12.13/")
        if name == "busy":
            return Response(status_code=429, headers={"Retry-After": "120"})
        if self.dead or times <= ABSENT.get(name, 0):
            return Response(status_code=404)
        text = "Deze vacature is niet meer beschikbaar." if name == "over" else "Solliciteer nu"
        return PlainTextResponse(text, status_code=STATUS.get(name, 200))


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    with serve(Starlette(routes=[Route("/{path:path}", site.answer, methods=["GET", "HEAD"])])) as site.address:
        yield site


@pytest.fixture
def begin(folder: Folder, opened: Open, site: Site) -> Callable[..., Hub]:
    """Return what opens a hub that has published a vacancy for each of these pages."""

    def begin(names: list[str], more: str = LOOKED_AFTER) -> Hub:
        rows = [f"{name};{name};Voorbeeld vzw;{site.address}/{name}" for name in names]
        (folder.path / "jobs.csv").write_text("\n".join(["nr;naam;wie;pagina", *rows, ""]))
        folder.source("jobs", OPTIONS, more=more)
        hub = opened()
        hub.run("jobs")
        return hub

    return begin


class Days:
    """Lets time pass for a hub: a round of looking every three hours, and all that follows from it."""

    def __init__(self, hub: Hub, site: Site) -> None:
        self.hub, self.site = hub, site
        self.began = datetime.now(UTC) + HOUR
        self.manners = Manners("https://hub.example.org", clock=site, sleep=site.sleep, limits=QUICK)
        self.struck: Counter[str] = Counter()

    @property
    def now(self) -> datetime:
        return self.began + timedelta(seconds=self.site.now)

    def round(self) -> links.Round:
        links.gather(self.hub, self.now)
        made = links.look(self.hub, self.manners, self.now, seconds=600)
        links.doubt(self.hub, self.now)
        with self.hub.database.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT DISTINCT l.local_id FROM link AS k JOIN listing AS l ON l.id = k.listing "
                "WHERE k.checked IS NOT NULL AND (k.misses > 0 OR k.failures > 0)"
            )
            self.struck.update(rows.scalars())
        return made

    def until(self, day: float) -> None:
        while self.site.now < day * 86400:
            self.round()
            self.site.now = (self.site.now // 10800 + 1) * 10800


def status(hub: Hub) -> dict[str, str]:
    with hub.database.read() as connection:
        numbers = [number for batch in listings.live(connection, "jobs") for number in batch]
        found = {
            each.local_id: pages.item(connection, each.opportunity) for each in listings.numbered(connection, numbers)
        }
    return {name: orjson.loads(item.body)["status"] for name, item in found.items() if item and item.body}


def actions(hub: Hub) -> dict[str, int]:
    with hub.database.read() as connection:
        found = connection.exec_driver_sql("SELECT action FROM history WHERE action != 'created'").scalars().all()
    return dict(Counter(found))


def test_ten_days_doubt_what_is_gone_and_nothing_else(begin: Callable[..., Hub], site: Site) -> None:
    days = Days(begin(list(ENDS)), site)
    days.until(2)
    assert "likelyExpired" not in status(days.hub).values()  # nothing can be proven yet
    days.until(DAYS)
    assert status(days.hub) == ENDS
    assert actions(days.hub) == {"doubted": 5, "trusted": 1}  # one was there again
    # The control: who believes one look would have doubted five that are gone, and eight that never were.
    assert set(days.struck) == set(ENDS) - {"alive"}
    assert len([name for name in days.struck if ENDS[name] == "active" and name != "returned"]) == 8


def test_ten_days_are_polite(begin: Callable[..., Hub], site: Site) -> None:
    Days(begin(list(ENDS)), site).until(DAYS)
    moments = [moment for moment, _ in site.asked]
    assert min(later - sooner for sooner, later in itertools.pairwise(moments)) >= 2
    asked = Counter(name for _, name in site.asked)
    assert asked["forbidden"] == 0
    assert asked["robots.txt"] <= DAYS + 1
    assert asked["alive"] <= DAYS / 2.5 + 1
    assert max(asked.values()) <= 2 * DAYS
    after = [min((later - moment for later, _ in site.asked if later > moment), default=999)
             for moment, name in site.asked if name == "busy"]  # fmt: skip
    assert min(after) >= 120


def test_a_site_that_breaks_all_its_links_doubts_none_and_raises_an_alarm(
    begin: Callable[..., Hub], site: Site
) -> None:
    days = Days(begin([f"alive{number}" for number in range(60)]), site)
    days.until(4)
    site.dead = True
    days.until(DAYS + 2)
    assert set(status(days.hub).values()) == {"active"}
    (found,) = links.statuses(days.hub, days.now)
    assert (found.verdicts, found.weighed.links) == ({"dead": 60}, "hold")
    watch(days.hub, ["jobs"], days.now)
    with days.hub.database.read() as connection:
        assert "dead-links" in {alarm.kind for alarm in alarms.open_alarms(connection, "jobs")}
    assert links.doubt(days.hub, days.now, anyway=["jobs"]) == {"jobs": 60}


@pytest.mark.parametrize("more", ["", "links = true\nenabled = false"])
def test_nothing_is_asked_for_a_source_that_is_not_looked_after(
    begin: Callable[..., Hub], site: Site, more: str
) -> None:
    days = Days(begin(["gone"], more), site)
    days.until(4)
    assert site.asked == []


def test_one_switch_stops_all_looking(folder: Folder, begin: Callable[..., Hub], site: Site) -> None:
    file = folder.path / "hub.toml"
    file.write_text(f"{file.read_text()}\n[links]\nenabled = false\n")
    days = Days(begin(["gone"]), site)
    days.until(4)
    assert site.asked == []


def test_nothing_is_asked_while_another_process_looks(begin: Callable[..., Hub], site: Site) -> None:
    days = Days(begin(["gone"]), site)
    site.now = 4 * 86400
    with days.hub.database.write() as connection:
        leases.claim(connection, links.LEASE, "another", now=time.time(), seconds=60)
    assert days.round().looked == 0


def test_what_a_round_has_no_time_for_comes_first_in_the_next(begin: Callable[..., Hub], site: Site) -> None:
    days = Days(begin([f"alive{number}" for number in range(30)]), site)
    links.gather(days.hub, days.now)
    site.now = 4 * 86400
    seen = []
    for _ in range(3):
        links.look(days.hub, days.manners, days.now, seconds=24)
        seen.append(len({name for _, name in site.asked} - {"robots.txt"}))
    assert seen[0] < seen[1] < seen[2] <= 30
    assert max(Counter(name for _, name in site.asked).values()) == 1


def test_a_person_can_look_at_some_now(begin: Callable[..., Hub], site: Site) -> None:
    days = Days(begin(["gone", "alive", "broken"]), site)
    made = links.look_now(days.hub, "jobs", days.manners, days.now, count=2)
    assert made.looked == 2
    made = links.look_now(days.hub, "jobs", days.manners, days.now, count=1)
    assert len({name for _, name in site.asked} - {"robots.txt"}) == 3


def test_the_hub_minds_links_by_itself_and_goes_on_after_trouble(
    begin: Callable[..., Hub], caplog: pytest.LogCaptureFixture
) -> None:
    hub = begin(["alive"])
    minder = Minder(hub, clock=lambda: datetime.now(UTC) + 4 * DAY)
    minder.mind()
    with hub.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM quality").scalar() == 1
        assert connection.exec_driver_sql("SELECT verdict FROM link").scalars().all() == ["unknown"]
    with hub.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE link RENAME TO elsewhere")
    for _ in range(2):
        minder.mind()
    assert len([record for record in caplog.records if "cannot be minded" in record.message]) == 1
    minder.start()
    minder.stop()
