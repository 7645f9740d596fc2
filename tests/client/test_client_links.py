"""Looking at pages over real sockets: what is asked, how often, and what is left alone."""

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from hub.adapter import Rate
from hub.client import Limits, Reach
from hub.client.links import LeaveAlone, LinkLooker, Manners
from hub.links import Answer
from hub.testing import serve

QUICK = Limits(request_seconds=5, connect_seconds=1, silence_seconds=0.3, redirects=3)
FOREVER = 1e9


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Site:
    """A partner's site: remembers who asked what, and when by the clock."""

    clock: Clock
    robots: str | int = ""
    asked: list[tuple[str, str, float]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    address: str = ""

    async def answer(self, request: Request) -> Response:
        self.asked.append((request.method, request.url.path, self.clock.now))
        self.agents.add(request.headers["user-agent"])
        return await self._page(request.url.path, request.method)

    async def _page(self, path: str, method: str) -> Response:
        if path == "/robots.txt":
            return Response(status_code=self.robots) if isinstance(self.robots, int) else PlainTextResponse(self.robots)
        if path == "/silent":
            await asyncio.sleep(0.6)
        if path == "/get-only" and method == "HEAD":
            return Response(status_code=404)
        if path in SENT:
            return RedirectResponse(SENT[path], 302)
        if path == "/busy":
            return Response(status_code=429, headers={"Retry-After": "600"})
        if path == "/long":
            return PlainTextResponse("over " * 400_000)
        return Response(status_code=int(path[1:]) if path[1:].isdigit() else 200)


SENT = {
    "/moved": "/nl/moved",
    "/home": "/",
    "/inside": "http://169.254.169.254/latest/meta-data",
    "/loop": "/loop",
    "/nowhere": "ftp://files.example.org/",
    "/locked": "/private/page",
}


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site(Clock())
    app = Starlette(routes=[Route("/{path:path}", site.answer, methods=["GET", "HEAD"])])
    with serve(app) as site.address:
        yield site


@pytest.fixture
def looker(site: Site) -> Iterator[LinkLooker]:
    manners = Manners("https://hub.example.org", clock=site.clock, sleep=site.clock.sleep, limits=QUICK)
    with LinkLooker(manners, reach=Reach(frozenset({"127.0.0.1"}))) as looker:
        yield looker


def look(looker: LinkLooker, site: Site, path: str, *, text: bool = False) -> Answer:
    return looker.look(f"{site.address}{path}", until=FOREVER, text=text)


def asked(site: Site, path: str) -> list[str]:
    return [method for method, each, _ in site.asked if each == path]


def test_a_page_that_is_there_is_asked_for_its_head_only(site: Site, looker: LinkLooker) -> None:
    found = look(looker, site, "/page")
    assert (found.status, found.trouble, asked(site, "/page")) == (200, None, ["HEAD"])
    assert site.agents == {"schakel (+https://hub.example.org)"}


@pytest.mark.parametrize("path", ["/404", "/410", "/500", "/403", "/405"])
def test_a_head_that_does_not_show_the_page_is_not_believed(site: Site, looker: LinkLooker, path: str) -> None:
    assert look(looker, site, path).status == int(path[1:])
    assert asked(site, path) == ["HEAD", "GET"]


def test_a_page_that_answers_only_a_get_is_there(site: Site, looker: LinkLooker) -> None:
    assert look(looker, site, "/get-only").status == 200


@pytest.mark.parametrize(("path", "end"), [("/moved", "/nl/moved"), ("/home", "/")])
def test_redirects_are_followed_and_told(site: Site, looker: LinkLooker, path: str, end: str) -> None:
    found = look(looker, site, path)
    assert (found.asked, found.landed, found.status) == (f"{site.address}{path}", f"{site.address}{end}", 200)


@pytest.mark.parametrize(
    ("path", "trouble"),
    [
        ("/inside", "not on the public internet"),
        ("/loop", "redirects without end"),
        ("/nowhere", "sent to what is no web address"),
        ("/silent", "timeout"),
    ],
)
def test_trouble_is_told_and_is_no_answer(site: Site, looker: LinkLooker, path: str, trouble: str) -> None:
    found = look(looker, site, path)
    assert (found.trouble, found.status) == (trouble, None)


def test_nothing_private_is_asked_without_being_named(site: Site) -> None:
    with LinkLooker(Manners("https://hub.example.org", limits=QUICK)) as looker:
        found = looker.look(f"{site.address}/page", until=FOREVER)
    assert (found.status, site.asked) == (None, [])


def test_what_robots_txt_forbids_is_not_asked_for_neither_behind_a_redirect(site: Site, looker: LinkLooker) -> None:
    site.robots = "User-agent: *\nDisallow: /\n\nUser-agent: schakel\nDisallow: /private/\n"
    assert look(looker, site, "/private/page").trouble == "robots"
    assert look(looker, site, "/locked").trouble == "robots"
    assert look(looker, site, "/page").status == 200
    assert asked(site, "/private/page") == []
    assert asked(site, "/robots.txt") == ["GET"]  # read once, believed for a day


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (503, False), (429, False)])
def test_a_site_without_robots_txt_allows_all_and_one_that_cannot_say_nothing(
    site: Site, looker: LinkLooker, status: int, *, allowed: bool
) -> None:
    site.robots = status
    assert (look(looker, site, "/page").status == 200) is allowed


def test_the_rules_of_a_site_are_read_again_after_a_day(site: Site, looker: LinkLooker) -> None:
    assert look(looker, site, "/page").status == 200
    site.robots = "User-agent: *\nDisallow: /"
    site.clock.sleep(86_401)
    assert look(looker, site, "/page").trouble == "robots"


def test_a_host_is_asked_every_two_seconds_redirects_and_robots_included(site: Site, looker: LinkLooker) -> None:
    for path in ("/page", "/moved", "/404", "/home"):
        look(looker, site, path)
    moments = [moment for _, _, moment in site.asked]
    assert len(moments) == 1 + 1 + 4 + 2 + 4
    assert min(later - sooner for sooner, later in itertools.pairwise(moments)) >= 2


def test_a_longer_pause_that_a_site_asks_for_is_kept(site: Site, looker: LinkLooker) -> None:
    site.robots = "User-agent: *\nCrawl-delay: 30\n"
    for number in range(3):
        look(looker, site, f"/page{number}")
    moments = [moment for _, path, moment in site.asked if path != "/robots.txt"]
    assert min(later - sooner for sooner, later in itertools.pairwise(moments)) >= 30


def test_a_host_that_wants_to_be_left_alone_is_for_as_long_as_it_says(site: Site, looker: LinkLooker) -> None:
    assert look(looker, site, "/busy").status == 429
    with pytest.raises(LeaveAlone, match="left alone"):
        looker.look(f"{site.address}/page", until=site.clock.now + 50)
    assert asked(site, "/page") == []
    site.clock.sleep(601)
    assert look(looker, site, "/page").status == 200


def test_a_host_that_is_silent_again_and_again_is_left_alone(site: Site, looker: LinkLooker) -> None:
    look(looker, site, "/page")
    for _ in range(3):
        look(looker, site, "/silent")
    with pytest.raises(LeaveAlone):
        look(looker, site, "/page")


def test_all_sources_together_keep_the_pace_of_one_host(site: Site) -> None:
    manners = Manners("https://hub.example.org", Rate(1, 10), clock=site.clock, sleep=site.clock.sleep, limits=QUICK)
    for _ in range(2):
        with LinkLooker(manners, reach=Reach(frozenset({"127.0.0.1"}))) as looker:
            look(looker, site, "/page")
    assert site.clock.now >= 20


def test_of_a_page_whose_text_is_wanted_only_the_start_is_read(site: Site, looker: LinkLooker) -> None:
    found = look(looker, site, "/long", text=True)
    assert (len(found.text), found.status, asked(site, "/long")) == (512 * 1024, 200, ["GET"])
