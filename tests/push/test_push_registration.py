"""Registering over HTTP: what is refused, who sees what, and what the description of the interface says of it."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from client.hostile import NAMES, addresses, world
from push.conftest import Portal, Receiver, until
from small_hub import Folder

from hub.adapter import Rate
from hub.client.limits import Limits
from hub.client.posting import Poster, judge_address
from hub.client.reach import Reach
from hub.store import keys, push
from hub.store.keys import Grant

HOOKS = "https://portal.example.org/hooks"
ROUTES = (
    ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/verify"), ("POST", "/secret"), ("GET", "/deliveries"),
    ("POST", "/deliveries/1/replay"),
)  # fmt: skip
NOW = "2026-11-22T18:00:00Z"
AS_JSON = {"content-type": "application/json"}


_numbers = itertools.count()


def hooks() -> str:
    """Return an address at a host of its own."""
    return f"https://portal{next(_numbers)}.example.org/hooks"


def rows(portal: Portal) -> list[Any]:
    with portal.hub.database.read() as connection:
        tables = ("subscriber", "delivery", "event")
        return [connection.exec_driver_sql(f"SELECT * FROM {name}").fetchall() for name in tables]


def test_who_registers_sees_the_secret_and_the_token_once(portal: Portal) -> None:
    made = portal.register(HOOKS, view="vacancies", events=["feed.advanced", "source.stale"])
    assert made["secret"].startswith("whsec_")
    assert made["token"].startswith("manage_")
    seen = portal.see(made)
    assert seen == {name: value for name, value in made.items() if name not in {"secret", "token"}}
    assert (seen["state"], seen["view"], seen["events"]) == ("pending", "vacancies", ["feed.advanced", "source.stale"])


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({}, "#/url"),
        ({"url": ""}, "#/url"),
        ({"url": "https://portal.example.org/hé"}, "#/url"),
        ({"url": "ftp://portal.example.org/"}, "#/url"),
        ({"url": "https://user:pass@portal.example.org/"}, "#/url"),
        ({"url": "https://portal.example.org/" + "x" * 3000}, "#/url"),
        ({"url": HOOKS, "events": []}, "#/events"),
        ({"url": HOOKS, "events": ["endpoint.verify"]}, "#/events/0"),
        ({"url": HOOKS, "more": 1}, "#/more"),
    ],
)
def test_what_cannot_be_registered_is_told_place_by_place(lasting: Portal, said: dict[str, Any], place: str) -> None:
    before = rows(lasting)
    answer = lasting.client.post("/subscribers", json=said)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [each["pointer"] for each in answer.json()["errors"]] == [place]
    assert rows(lasting) == before


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example.org/hooks",
        "https://10.0.0.1/hooks",
        "https://portal.example.org:22/",
        "https://portal.example.org:0/",
        "https://intranet/",
    ],
)
def test_an_address_that_may_not_be_sent_to_is_refused(lasting: Portal, url: str) -> None:
    answer = lasting.client.post("/subscribers", json={"url": url})
    assert (answer.status_code, answer.json()["detail"][:28]) == (403, "The address cannot be used: ")
    made = lasting.register(hooks())
    assert lasting.ask(made, "PATCH", json={"url": url}).status_code == 403
    assert lasting.see(made)["url"] == made["url"]


def test_a_view_that_is_not_there_is_not_followed(lasting: Portal) -> None:
    answer = lasting.client.post("/subscribers", json={"url": HOOKS, "view": "no-such"})
    assert (answer.status_code, "all, vacancies, programmes" in answer.json()["detail"]) == (404, True)


@pytest.mark.parametrize("body", [b"[]", b'"x"'])
def test_a_body_that_is_no_registration_is_refused(lasting: Portal, body: bytes) -> None:
    answer = lasting.client.post("/subscribers", content=body, headers=AS_JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "it is empty"),
        (b'{"url"', "Expecting ':' delimiter at character 6"),
        (b"\xff", "it is not in UTF-8, or too deeply nested"),
        (b"[" * 20_000, "it is not in UTF-8, or too deeply nested"),
    ],
)
def test_a_body_that_cannot_be_read_is_told_why(lasting: Portal, body: bytes, why: str) -> None:
    answer = lasting.client.post("/subscribers", content=body, headers=AS_JSON)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (400, "bad-request")
    assert answer.json()["detail"].startswith(f"The body cannot be read as JSON: {why}.")


def test_who_forgets_to_say_that_it_is_json_is_told_so(lasting: Portal) -> None:
    made = lasting.register(hooks())
    as_curl_says = {"content-type": "application/x-www-form-urlencoded"}
    body = json.dumps({"url": HOOKS})
    answers = [
        lasting.client.post("/subscribers", content=body, headers=as_curl_says),
        lasting.ask(made, "PATCH", content=body, headers=as_curl_says),
    ]
    assert [(each.status_code, "application/json" in each.json()["detail"]) for each in answers] == [(415, True)] * 2


@pytest.mark.parametrize("url", ["ftp://portal.example.org/", "https://me:secret@portal.example.org/", "https://ü.be/"])
def test_what_is_no_address_is_told_what_is_one(lasting: Portal, url: str) -> None:
    (error,) = lasting.client.post("/subscribers", json={"url": url}).json()["errors"]
    assert (error["pointer"], "such as https://" in error["detail"]) == ("#/url", True)
    assert "secret" not in error["detail"]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_not_read(lasting: Portal, chunked: bool) -> None:
    body = b" " * 1_000_000
    content: Any = iter([body]) if chunked else body
    answer = lasting.client.post("/subscribers", content=content, headers=AS_JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert "65,536 bytes" in answer.json()["detail"]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_portal_sees_or_touches_what_is_anothers(portal: Portal, method: str, path: str) -> None:
    mine, theirs = portal.register(HOOKS), portal.register(HOOKS)
    before = rows(portal)
    more: dict[str, Any] = {"json": {"view": "vacancies"}} if method == "PATCH" else {}
    for known in (theirs["id"], "sub_00000000000000000000"):
        answer = portal.ask({**mine, "id": known}, method, path, **more)
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (404, "no-such-subscriber")
    bare = portal.client.request(method, f"/subscribers/{theirs['id']}{path}", **more)
    assert (bare.status_code, bare.headers["www-authenticate"]) == (401, "Bearer")
    assert rows(portal) == before
    assert portal.ask(mine, method, path, **more).status_code in {200, 202, 204, 404 if "replay" in path else 200}


@pytest.mark.parametrize("before", ["x", "-1", "", "²", "9" * 30])
def test_a_page_of_deliveries_that_cannot_be_is_refused(lasting: Portal, before: str) -> None:
    answer = lasting.ask(lasting.register(hooks()), "GET", "/deliveries", params={"before": before})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (400, "wrong-parameter")


@pytest.mark.parametrize("number", ["x", "0", "²", "9" * 30])
def test_a_delivery_that_is_not_there_is_not_found(lasting: Portal, number: str) -> None:
    answer = lasting.ask(lasting.register(hooks()), "POST", f"/deliveries/{number}/replay")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (404, "no-such-delivery")


def test_deliveries_are_read_fifty_at_a_time(portal: Portal) -> None:
    made = portal.register(HOOKS)
    with portal.hub.database.write() as connection:
        for number in range(120):
            push.tell_one(connection, made["id"], push.FEED_ADVANCED, {"position": number}, NOW, state="given-up")
    found, page = [], portal.ask(made, "GET", "/deliveries").json()
    while page:
        found += [each["event"]["data"]["position"] for each in page["deliveries"]]
        query = page.get("next", "").rpartition("?")[2]
        page = query and portal.ask(made, "GET", f"/deliveries?{query}").json()
    assert found == list(reversed(range(120)))


def test_a_change_of_address_has_to_be_proved_anew(portal: Portal, receiver: Receiver) -> None:
    made = portal.follow(receiver)
    changed = portal.ask(made, "PATCH", json={"url": f"{receiver.address}/new", "view": "vacancies"}).json()
    assert (changed["state"], changed["view"], changed["events"]) == ("pending", "vacancies", ["feed.advanced"])
    portal.announce(7, "vacancies")
    portal.ask(made, "POST", "/verify")
    until(lambda: portal.see(made)["state"] == "active")
    portal.announce(8, "vacancies")
    until(lambda: 8 in receiver.positions)
    assert 7 not in receiver.positions
    assert receiver.calls[-1].path == "/new"


def test_who_is_removed_hears_nothing_more_and_leaves_nothing_behind(portal: Portal, receiver: Receiver) -> None:
    made = portal.follow(receiver)
    assert portal.ask(made, "DELETE").status_code == 204
    portal.announce(7)
    assert portal.ask(made, "GET").status_code == 404
    subscribers, deliveries, _ = rows(portal)
    assert (subscribers, deliveries, receiver.positions) == ([], [], [0])


def test_an_address_is_asked_a_few_times_an_hour_at_most(portal: Portal) -> None:
    made = portal.register(HOOKS)
    answers = []
    for _ in range(8):
        answers.append(portal.ask(made, "POST", "/verify").status_code)
        with portal.hub.database.write() as connection:
            push.give_up(connection, made["id"], "a test", now=NOW)
    assert answers == [202] * 6 + [429] * 2


def test_one_host_is_registered_ten_times_before_it_proves_anything(portal: Portal) -> None:
    for _ in range(10):
        portal.register(HOOKS)
    assert portal.client.post("/subscribers", json={"url": HOOKS}).status_code == 409
    portal.register("https://other.example.org/hooks")


@pytest.mark.parametrize(("who", "anyone", "keyed"), [("anyone", 201, 201), ("key", 401, 201), ("nobody", 403, 403)])
def test_the_operator_says_who_may_register(
    folder: Folder, open_portal: Callable[..., Portal], who: str, anyone: int, keyed: int
) -> None:
    file = folder.path / "hub.toml"
    file.write_text(file.read_text() + f'registration = "{who}"\n')
    portal = open_portal()
    assert portal.client.post("/subscribers", json={"url": HOOKS}).status_code == anyone
    key = {"authorization": f"Bearer {give(portal)}"}
    assert portal.client.post("/subscribers", json={"url": HOOKS}, headers=key).status_code == keyed


def give(portal: Portal, *views: str) -> str:
    with portal.hub.database.write() as connection:
        grant = Grant("Portaal", "it@portal.example", views or None, Rate(1000, 60))
        return keys.give(connection, grant, now=NOW).text


@pytest.fixture
def closed(folder: Folder, open_portal: Callable[..., Portal]) -> Portal:
    """A portal to a hub with a view that is read with a key, and a feed that every hub has that is too."""
    (folder.path / "views").mkdir()
    (folder.path / "views" / "vacancies.toml").write_text('access = "key"\n')
    said = '[title]\nnl = "Gent"\nfr = "Gand"\nen = "Ghent"\n[filter]\nplaces = ["44021"]\n'
    (folder.path / "views" / "ghent.toml").write_text('access = "key"\n' + said)
    return open_portal()


@pytest.mark.parametrize("view", ["ghent", "vacancies"])
def test_a_view_with_a_key_is_followed_as_long_as_the_key_opens_it(
    closed: Portal, receiver: Receiver, view: str
) -> None:
    asked = {"url": f"{receiver.address}/hooks", "view": view}
    assert closed.client.post("/subscribers", json=asked).status_code == 401
    wrong = {"x-api-key": give(closed, "other")}
    assert closed.client.post("/subscribers", json=asked, headers=wrong).status_code == 403
    right = give(closed, view)
    made = closed.follow(receiver, view=view, headers={"x-api-key": right})
    with closed.hub.database.write() as connection:
        successor = keys.replace(connection, made["key"], Grant("P", "a@b.example", (view,)), now=NOW, until=NOW)
    closed.announce(7, view)
    until(lambda: receiver.positions == [0, 7])
    with closed.hub.database.write() as connection:
        keys.revoke(connection, successor.id, now=NOW)
    closed.announce(8, view)
    stopped = until(lambda: closed.see(made).get("disabled"))
    assert "read with a key" in stopped["why"]
    assert receiver.positions == [0, 7]


def test_the_description_tells_of_every_address_and_method(lasting: Portal) -> None:
    contract = lasting.client.get("/openapi.json").json()
    told = {path: set(item) for path, item in contract["paths"].items() if path.startswith("/subscribers")}
    assert told["/subscribers"] == {"post"}
    assert told["/subscribers/{identifier}"] == {"get", "patch", "delete"}
    assert len(told) == 6
    assert "Registration" in json.dumps(contract["paths"]["/subscribers"])
    assert {"Registration", "Change", "Problem"} <= set(contract["components"]["schemas"])
    assert "managementToken" in contract["components"]["securitySchemes"]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/subscribers", "POST"), ("/subscribers/sub_00000000000000000000", "GET, HEAD, PATCH, DELETE")],
)
def test_a_method_that_is_not_there_is_told_which_are(lasting: Portal, path: str, allowed: str) -> None:
    answer = lasting.client.put(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_no_hostile_address_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    with world(monkeypatch) as (_, inside), Poster(limits=Limits(request_seconds=2, connect_seconds=1)) as poster:
        said = [poster.post(url, b"{}", {}) for url in addresses(inside.port)]
        assert inside.reached == 0
        assert all(each.status is None and each.trouble for each in said)
        with Poster(reach=Reach(frozenset({"loopback.test"}))) as admitted:
            assert admitted.post(f"http://loopback.test:{inside.port}/", b"{}", {}).status == 200
        assert inside.reached == 1


def test_a_name_that_leads_inside_at_the_second_attempt_is_not_followed_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with world(monkeypatch) as (made, inside), Poster() as poster:
        url = f"http://rebinding.test:{inside.port}/"
        said = [poster.post(url, b"{}", {}).trouble for _ in range(20)]
    assert said == ["no connection came about", "its host is not on the public internet"] * 10
    assert (inside.reached, next(made.flips)) == (0, 20)


def test_no_hostile_address_is_registered_that_shows_itself_as_one() -> None:
    hostile = [url.replace("http:", "https:", 1) for url in addresses(8443)]
    taken = {url for url in hostile if judge_address(url, Reach()) is None}
    assert judge_address(HOOKS, Reach()) is None
    assert taken == {f"https://{name}:8443/" for name in NAMES}  # where these lead is judged each time
