"""Hubs where not everybody may read everything: what a closed view holds stands nowhere without its key."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import pytest
from rdflib import DCAT, DCTERMS, Graph, URIRef
from small_hub import Folder

from hub.app import keys
from hub.app.hub import Hub
from hub.app.publishing import site
from hub.app.snapshots import refresh
from hub.store import pages
from hub.store.keys import Grant
from hub.views import BUILT_IN, LISTINGS
from hub.web import Server, Site, app

HOME = "https://hub.example.org"
JOB, COURSE, CAFE, BUDDY = "Kaaslasser", "Geheimtaalbad", "Fietscafe", "Noordzeebuddy"
TITLES = {"jobs": JOB, "courses": COURSE, "open": CAFE, "north": BUDDY}
TABLE = """path = "{name}.csv"
kind = "{kind}"
id = "nr"
file = {{ whole = true }}
[options.fields]
"title.nl" = "naam"
"organisation.name" = "wie"
"""
MENTORING = '[options.constants]\n"programmeType" = "mentoring"\n'
VIEW = 'title = {{ nl = "{name}" }}\naccess = "{access}"\n[filter]\nsources = ["{name}"]\n'
ACCEPTS = ("application/json", "text/html")
UNLISTED = ("/", "/status", "/webhooks")
LEFT = "UPDATE view_item SET present = 0 WHERE view = 'north'"
SHOWING = {
    "/",
    "/feeds/{name}",
    "/listings/{source}/{local_id}",
    "/opportunities/{identifier}",
    "/previews",
    "/views/{view}/{file}",
}
"""Where titles stand in a hub that is open to all."""


@dataclass(frozen=True)
class Seen:
    """One answer: of which route, to which address, and what it said, header fields included."""

    route: str
    address: str
    status: int
    text: str


class Visitor:
    """Asks a hub, with a key or without one."""

    def __init__(self, client: httpx.Client, hub: Hub) -> None:
        self.client = client
        self.hub = hub
        with hub.database.read() as connection:
            found = pages.items(connection, after=0, limit=100)
        self.ids = {orjson.loads(item.body)["title"]["nl"]: item.id for item in found if item.body}

    def key(self, *views: str) -> dict[str, str]:
        given = keys.add(self.hub, Grant("Portaal", "it@portal.example", views or None))
        return {"x-api-key": given.key.text}

    def get(self, address: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Return an answer; of a stream only its beginning is read."""
        with self.client.stream("GET", address, headers=headers) as answer:
            if answer.headers.get("content-type", "").startswith("text/event-stream"):
                answer._content = next(answer.iter_raw())
            else:
                answer.read()
            return answer

    def page(self, title: str, headers: dict[str, str] | None = None, *, end: str = "") -> httpx.Response:
        return self.get(f"/opportunities/{self.ids[title]}{end}", headers)

    def listing(self, source: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.get(f"/listings/{source}/{source}1", headers)

    def report(self, title: str, headers: dict[str, str] | None = None, **more: str) -> httpx.Response:
        address = f"/opportunities/{self.ids[title]}/reports"
        return self.client.post(address, json={"reason": "expired", **more}, headers=headers)

    def walk(self, headers: dict[str, str] | None = None) -> Iterator[Seen]:
        """Ask every address there is, in every form."""
        contract = self.get("/openapi.json").json()["paths"]
        routes = {path: item["get"].get("parameters", ()) for path, item in contract.items() if "get" in item}
        for route, parameters in {**dict.fromkeys(UNLISTED, ()), **routes}.items():
            for address, accept in product(self._addresses(route, parameters), ACCEPTS):
                answer = self.get(address, {"accept": accept, **(headers or {})})
                yield Seen(route, address, answer.status_code, f"{answer.headers} {answer.text}")

    def _addresses(self, route: str, parameters: Sequence[Any]) -> Iterator[str]:
        names = re.findall(r"{(\w+)}", route)
        schemas = {each["name"]: each["schema"] for each in parameters if each["in"] == "path"}
        for values in product(*(self._values(route, name, schemas[name]) for name in names)):
            yield route.format(**dict(zip(names, values, strict=True)))

    def _values(self, route: str, name: str, schema: dict[str, Any]) -> Sequence[str]:
        if name == "identifier" and route.startswith("/opportunities/"):
            return [
                *self.ids.values(),
                *(f"{each}.json" for each in self.ids.values()),
                "0191d7a2-0000-5000-8000-000000000000",
            ]
        known = {"source": list(TITLES), "local_id": [f"{each}1" for each in TITLES], "part": ["1"]}
        return known.get(name) or schema.get("enum") or ["sub_" + "0" * 20]

    def titles(self, text: str) -> set[str]:
        """Return the titles that stand in a text."""
        return {title for title in self.ids if title in text}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub whose built-in feeds are closed, with a view for all and one with a key, each of one programme."""
    folder = Folder(tmp_path_factory.mktemp("closed"))
    (folder.path / "views").mkdir()
    for name in (*(view.id for view in BUILT_IN), LISTINGS):
        (folder.path / "views" / f"{name}.toml").write_text('access = "key"\n')
    for name, access in (("open", "public"), ("north", "key")):
        (folder.path / "views" / f"{name}.toml").write_text(VIEW.format(name=name, access=access))
    for name, title in TITLES.items():
        kind = "vacancy" if name == "jobs" else "programme"
        (folder.path / f"{name}.csv").write_text(f"nr;naam;wie\n{name}1;{title};Huis {title}\n")
        folder.source(name, TABLE.format(name=name, kind=kind) + (MENTORING if kind == "programme" else ""))
    with Hub.open(folder.path) as hub:
        for name in TITLES:
            hub.run(name)
        refresh(hub, datetime.now(UTC))
        yield hub


@contextmanager
def visiting(hub: Hub, shown: Site) -> Iterator[Visitor]:
    server = Server(port=0)
    with server.serving(app(shown)), httpx.Client(base_url=server.address, trust_env=False) as client:
        yield Visitor(client, hub)


@pytest.fixture(scope="module")
def visitor(hub: Hub) -> Iterator[Visitor]:
    with visiting(hub, site(hub)) as visitor:
        yield visitor


def opened(hub: Hub, *names: str) -> Site:
    """Return the same hub, some of what its admin closed being open to all; without names all of it."""
    views = [
        replace(view, access="public") if view.id in names or not names else view for view in hub.config.every_view
    ]
    return replace(site(hub), views=views, listings="public" if LISTINGS in names or not names else "key")


def said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


# Nowhere ---------------------------------------------------------------------------------------------------------


def test_nothing_of_what_is_closed_stands_anywhere_for_who_has_no_key(visitor: Visitor) -> None:
    closed = {title: identifier for title, identifier in visitor.ids.items() if title != CAFE}
    for seen in visitor.walk():
        assert visitor.titles(seen.text) <= {CAFE}, seen.address
        named = [identifier for identifier in closed.values() if identifier not in seen.address]
        assert not any(identifier in seen.text for identifier in named), seen.address


def test_in_a_hub_that_is_open_to_all_the_same_addresses_show_it(hub: Hub) -> None:
    with visiting(hub, opened(hub)) as visitor:
        seen = list(visitor.walk())
    assert {each.route for each in seen if JOB in each.text} == SHOWING
    assert all(visitor.ids[JOB] in each.text for each in seen if each.route == "/sitemap-{part}.xml")
    assert {each.status for each in seen if "000000000" not in each.address} <= {200, 404}


def test_a_key_shows_what_its_view_holds_and_nothing_else(visitor: Visitor) -> None:
    seen = list(visitor.walk(visitor.key("north")))
    assert set().union(*(visitor.titles(each.text) for each in seen)) == {CAFE, BUDDY}
    places = {each.route for each in seen if BUDDY in each.text}
    assert places == {"/feeds/{name}", "/opportunities/{identifier}", "/previews", "/views/{view}/{file}"}


def test_a_key_for_everything_shows_everything(visitor: Visitor) -> None:
    seen = list(visitor.walk(visitor.key()))
    assert {each.route for each in seen if JOB in each.text} == SHOWING - {"/"}
    assert not [
        each.address for each in seen if each.status in {401, 403} and not each.route.startswith("/subscribers")
    ]


# One opportunity -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", ["application/json", "application/ld+json", "text/html"])
def test_an_opportunity_in_a_public_view_is_for_everybody(visitor: Visitor, accept: str) -> None:
    answer = visitor.page(CAFE, {"accept": accept})
    assert (answer.status_code, CAFE in answer.text) == (200, True)
    assert answer.headers["cache-control"].startswith("public")


def test_what_is_kept_and_what_never_was_are_told_alike(visitor: Visitor) -> None:
    for headers, expected in (({}, (401, "key-required")), (visitor.key("north"), (403, "key-elsewhere"))):
        answers = [visitor.page(COURSE, headers), visitor.get("/opportunities/nothing", headers)]
        assert [said(answer) for answer in answers] == [expected] * 2
        kept, nothing = (answer.json() for answer in answers)
        assert {**kept, "instance": ""} == {**nothing, "instance": ""}
        assert next(set(answer.headers) for answer in answers) == set(answers[1].headers)


def test_people_are_told_in_their_language_and_search_engines_to_forget_it(visitor: Visitor) -> None:
    answer = visitor.page(COURSE, {"accept": "text/html", "accept-language": "fr"})
    assert (answer.status_code, "avec une clé" in answer.text) == (401, True)
    assert (answer.headers["x-robots-tag"], answer.headers["cache-control"]) == ("noindex", "no-store")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_who_may_read_everything_is_told_what_never_was(visitor: Visitor) -> None:
    everything = visitor.key("vacancies", "programmes")
    assert said(visitor.get("/opportunities/nothing", everything)) == (404, "no-such-opportunity")
    assert visitor.page(JOB, everything).status_code == 200


@pytest.mark.parametrize("end", ["", ".json"])
@pytest.mark.parametrize("accept", ["application/ld+json", "text/html"])
def test_what_a_key_opens_is_kept_from_shared_caches(visitor: Visitor, accept: str, end: str) -> None:
    headers = {"accept": accept, **visitor.key("north")}
    answer = visitor.page(BUDDY, headers, end=end)
    again = visitor.page(BUDDY, {**headers, "if-none-match": answer.headers["etag"]}, end=end)
    assert (answer.status_code, again.status_code) == (200, 304)
    for each in (answer, again):
        assert each.headers["cache-control"].startswith("private")
        assert {"authorization", "x-api-key"} <= {name.strip().lower() for name in each.headers["vary"].split(",")}


@contextmanager
def changed(hub: Hub, *steps: str) -> Iterator[None]:
    """Put the store into a state, and back as it was."""
    tables = ("opportunity", "body", "view_item")
    with hub.database.write() as connection:
        for table in tables:
            connection.exec_driver_sql(f"CREATE TABLE was_{table} AS SELECT * FROM {table}")
        for step in steps:
            connection.exec_driver_sql(step)
    try:
        yield
    finally:
        with hub.database.write() as connection:
            for table in tables:
                connection.exec_driver_sql(f"DELETE FROM {table}")
                connection.exec_driver_sql(f"INSERT INTO {table} SELECT * FROM was_{table}")
                connection.exec_driver_sql(f"DROP TABLE was_{table}")


def test_what_has_gone_is_told_to_who_could_read_it(hub: Hub, visitor: Visitor) -> None:
    buddy = f"id = '{visitor.ids[BUDDY]}'"
    body = f"DELETE FROM body WHERE position = (SELECT position FROM opportunity WHERE {buddy})"
    gone = f"UPDATE opportunity SET reason = 'withdrawn' WHERE {buddy}"
    with changed(hub, body, gone, LEFT):
        assert said(visitor.page(BUDDY)) == (401, "key-required")
        assert said(visitor.page(BUDDY, visitor.key("open"))) == (403, "key-elsewhere")
        assert said(visitor.page(BUDDY, visitor.key("north"))) == (410, "gone")


def test_what_has_left_a_view_is_no_longer_read_with_its_key(hub: Hub, visitor: Visitor) -> None:
    with changed(hub, LEFT):
        assert said(visitor.page(BUDDY, visitor.key("north"))) == (403, "key-elsewhere")
        assert visitor.page(BUDDY, visitor.key("all")).status_code == 200


def test_a_listing_is_read_with_the_feed_of_listings(hub: Hub, visitor: Visitor) -> None:
    assert [said(visitor.listing(name)) for name in ("open", "jobs", "nothing")] == [(401, "key-required")] * 3
    assert said(visitor.listing("north", visitor.key("north"))) == (403, "key-elsewhere")
    answer = visitor.listing("jobs", visitor.key(LISTINGS))
    assert (answer.status_code, answer.headers["cache-control"][:7]) == (200, "private")
    with visiting(hub, opened(hub, LISTINGS)) as other:
        assert (other.listing("jobs").status_code, other.get("/feeds/listings").status_code) == (200, 200)
        assert said(other.page(JOB)) == (401, "key-required")


# Which views -----------------------------------------------------------------------------------------------------


def test_one_public_view_is_enough_to_make_its_items_public(hub: Hub) -> None:
    with visiting(hub, opened(hub, "vacancies")) as visitor:
        assert (visitor.page(JOB).status_code, visitor.page(COURSE).status_code) == (200, 401)
        assert JOB in visitor.get("/").text
        assert visitor.get("/feeds/all").status_code == 401


@pytest.mark.parametrize("names", [("all",), ("vacancies", "programmes")])
def test_where_public_views_hold_everything_a_closed_one_hides_its_selection_only(
    hub: Hub, names: Sequence[str]
) -> None:
    with visiting(hub, opened(hub, *names)) as visitor:
        assert {visitor.page(title).status_code for title in visitor.ids} == {200}
        assert said(visitor.get("/opportunities/nothing")) == (404, "no-such-opportunity")
        assert visitor.get("/feeds/north").status_code == 401


def test_where_all_is_public_no_question_is_asked_of_views(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    with visiting(hub, opened(hub)) as visitor:
        monkeypatch.setattr("hub.web.access.readers.holds", None)
        monkeypatch.setattr("hub.store.views.extents.members", None)
        assert [visitor.page(JOB).status_code, visitor.get("/previews").status_code] == [200, 200]


# What follows ----------------------------------------------------------------------------------------------------


def test_the_home_page_counts_what_everybody_may_read(visitor: Visitor) -> None:
    page = visitor.get("/", {"accept-language": "en"}).text
    tiles = re.findall(r"<dt>(\w+)</dt><dd>(\d+)</dd>", page)
    assert dict(tiles) == {"vacancies": "0", "programmes": "1", "refused": "0"}
    assert "neither shown nor counted here" in page
    assert f"curl &#39;{HOME}/feeds/open?limit=2&#39;" in page or f"curl '{HOME}/feeds/open?limit=2'" in page
    assert re.search(r"/feeds/all</a> · with a key", page)
    assert "The last change has number" not in page


def test_the_sitemap_names_what_everybody_may_read(visitor: Visitor) -> None:
    addresses = re.findall("<loc>(.*?)</loc>", visitor.get("/sitemap-1.xml").text)
    assert addresses == [f"{HOME}/", f"{HOME}/opportunities/{visitor.ids[CAFE]}"]


def test_a_preview_counts_what_its_reader_may_read(visitor: Visitor) -> None:
    def live(headers: dict[str, str] | None = None) -> dict[str, int]:
        answer = visitor.get("/previews", headers)
        assert answer.headers["cache-control"].startswith("private")
        told: dict[str, int] = answer.json()["live"]
        return told

    assert live() == {"programme": 1}
    assert live(visitor.key("north")) == {"programme": 2}
    assert live(visitor.key("vacancies")) == {"programme": 1, "vacancy": 1}
    assert live(visitor.key("all")) == {"programme": 3, "vacancy": 1}


def test_the_status_tells_of_every_source_and_of_open_feeds(visitor: Visitor) -> None:
    told = visitor.get("/status.json").json()
    assert (set(told["feeds"]), {each["id"] for each in told["sources"]}) == ({"open"}, set(TITLES))


def test_the_list_of_views_says_which_need_a_key_and_not_how_much_these_hold(visitor: Visitor) -> None:
    views = {view["id"]: view for view in visitor.get("/views").json()["views"]}
    assert {name: view["access"] for name, view in views.items() if name in {"all", "open"}} == {
        "all": "key",
        "open": "public",
    }
    assert [set(views[name]["snapshot"]) for name in ("all", "open")] == [{"url"}, {"url", "position", "count", "made"}]
    assert visitor.get("/views/all", visitor.key("all")).json()["snapshot"]["count"] == 4


def test_the_catalogues_say_what_is_read_with_a_key(visitor: Visitor) -> None:
    read = Graph().parse(data=visitor.get("/catalog.ttl").content, format="turtle")
    rights = {name: str(read.value(URIRef(f"{HOME}/catalog#{name}"), DCTERMS.accessRights)) for name in ("all", "open")}
    assert {name: address.rpartition("/")[2] for name, address in rights.items()} == {
        "all": "RESTRICTED",
        "open": "PUBLIC",
    }
    service = read.value(predicate=DCAT.endpointURL, object=URIRef(f"{HOME}/feeds/all"), any=False)
    assert any("key" in str(text) for text in read.objects(service, DCTERMS.description))
    first = visitor.get("/.well-known/api-catalog").json()["linkset"][0]["item"]
    assert {"href": f"{HOME}/feeds/all", "title": "all: read with a key"} in first
    assert {"href": f"{HOME}/feeds/open"} in first


def test_the_contract_says_where_a_key_is_needed(hub: Hub, visitor: Visitor) -> None:
    paths = visitor.get("/openapi.json").json()["paths"]
    for route in ("/feeds/{name}", "/feeds/{name}/events", "/views/{view}", "/views/{view}/{file}"):
        described = paths[route]["get"]["parameters"][0].get("description", "")
        assert described.startswith("Read with a key: all, vacancies, programmes, north"), route
        assert "security" not in paths[route]["get"]
    assert paths["/listings/{source}/{local_id}"]["get"]["security"] == [{"bearer": []}, {"key": []}]
    assert {"401", "403"} <= set(paths["/opportunities/{identifier}"]["get"]["responses"])
    assert "403" in paths["/opportunities/{identifier}/reports"]["post"]["responses"]
    with visiting(hub, opened(hub)) as other:
        open_paths = other.get("/openapi.json").json()["paths"]
    assert "403" not in open_paths["/opportunities/{identifier}"]["get"]["responses"]
    assert "Read with a key" not in str(open_paths)


# What portals tell back ------------------------------------------------------------------------------------------


def test_who_may_not_read_a_record_cannot_report_it(visitor: Visitor) -> None:
    assert said(visitor.report(BUDDY)) == (401, "key-required")
    assert said(visitor.report(BUDDY, visitor.key("open"))) == (403, "key-elsewhere")
    assert visitor.report(BUDDY, visitor.key("north")).status_code == 202
    assert visitor.report(CAFE).status_code == 202


def test_a_double_is_named_only_among_what_the_reader_may_read(visitor: Visitor) -> None:
    named = [visitor.ids[COURSE], "0191d7a2-0000-5000-8000-000000000000"]
    answers = [visitor.report(BUDDY, visitor.key("north"), reason="duplicate", duplicateOf=each) for each in named]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert answers[0].json() == answers[1].json()


def test_counts_of_what_a_key_does_not_open_are_ignored(visitor: Visitor) -> None:
    rows = [{"opportunity": visitor.ids[title], "shown": 1} for title in (BUDDY, CAFE, COURSE)]
    told = {
        "batch": "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
        "day": datetime.now(UTC).date().isoformat(),
        "counts": rows,
    }
    answers = [visitor.client.post("/usage", json=told, headers=headers) for headers in [visitor.key("north")] * 2]
    assert [(each.json()["counted"], each.json()["ignored"]) for each in answers] == [(2, 1)] * 2


def test_webhooks_of_a_closed_feed_that_every_hub_has_ask_for_a_key(visitor: Visitor) -> None:
    wanted = {"url": "https://portal.example/hooks", "view": "all"}
    assert said(visitor.client.post("/subscribers", json=wanted)) == (401, "key-required")
    assert said(visitor.client.post("/subscribers", json=wanted, headers=visitor.key("north"))) == (
        403,
        "key-elsewhere",
    )


def test_links_lead_to_what_is_there(visitor: Visitor) -> None:
    answer = visitor.page(CAFE)
    alternate = re.findall(r"<([^>]+)>", answer.headers["link"])
    assert {visitor.get(urlsplit(each).path).status_code for each in alternate} == {200}
