"""What portals get, and on which terms: views behind keys, and the licence and credit of every source."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from small_hub import NIGHTLY, Folder

from hub.app import keys
from hub.app.hub import Hub
from hub.app.publishing import site
from hub.store.keys import Grant
from hub.web import Server, app

TERMS = f'{NIGHTLY}\nlicence = "https://example.org/terms/1"\nattribution = "Voorbeeld vzw, 2026"'
VIEW = 'title = { en = "Mentors" }\naccess = "key"\n[filter]\nprogramme_types = ["mentoring"]\n'
CREDIT = {"licence": "https://example.org/terms/1", "attribution": "Voorbeeld vzw, 2026"}


@pytest.fixture
def hub(folder: Folder, opened: Callable[..., Hub]) -> Hub:
    (folder.path / "views").mkdir()
    (folder.path / "views" / "mentors.toml").write_text(VIEW)
    folder.set('access = { rate = "50/minute", keyed_rate = "70/minute", proxies = 1 }')
    folder.file("programmes", TERMS)
    hub = opened()
    hub.run("programmes")
    return hub


@pytest.fixture
def reader(hub: Hub) -> Iterator[httpx.Client]:
    with (
        Server(port=0).serving(app(site(hub))) as server,
        httpx.Client(base_url=server.address, trust_env=False) as client,
    ):
        yield client


def items(answer: httpx.Response) -> list[Any]:
    found: list[Any] = answer.json()["items"]
    return found


def test_the_licence_and_the_credit_of_a_source_travel_with_each_of_its_items(reader: httpx.Client) -> None:
    (item,) = items(reader.get("/feeds/all"))
    alone = reader.get(item["data"]["@id"].removeprefix("https://hub.example.org"))
    for data in (item["data"], alone.json()):
        assert [{name: each[name] for name in CREDIT} for each in data["listings"]] == [CREDIT]
    context = item["data"]["@context"]
    assert str(context).count("s:license") + str(context).count("s:creditText") >= 2


def test_the_feed_of_listings_says_them_too(reader: httpx.Client) -> None:
    (item,) = items(reader.get("/feeds/listings"))
    assert [{name: each[name] for name in CREDIT} for each in item["data"]["listings"]] == [CREDIT]


def test_new_terms_reach_the_readers_with_the_next_run(folder: Folder, hub: Hub, opened: Callable[..., Hub]) -> None:
    hub.database.close()
    folder.file("programmes", TERMS.replace("terms/1", "terms/2"))
    again = opened()
    again.run("programmes")
    with Server(port=0).serving(app(site(again))) as server:
        (item,) = items(httpx.get(f"{server.address}/feeds/all", trust_env=False))
    assert (item["modified"], item["data"]["listings"][0]["licence"]) == (2, "https://example.org/terms/2")


def test_a_key_opens_the_view_that_is_configured_to_need_one(hub: Hub, reader: httpx.Client) -> None:
    given = keys.add(hub, Grant("Portaal", "it@portal.example", ("mentors",)))
    header = {"authorization": f"Bearer {given.key.text}"}
    assert reader.get("/feeds/mentors").status_code == 401
    answer = reader.get("/feeds/mentors", headers=header)
    assert (len(items(answer)), answer.headers["ratelimit-policy"]) == (1, '"key";q=70;w=60')
    assert reader.get("/feeds/all").headers["ratelimit-policy"] == '"address";q=50;w=60'


def test_the_two_keys_of_a_rotation_open_it_until_the_old_one_is_revoked(hub: Hub, reader: httpx.Client) -> None:
    old = keys.add(hub, Grant("Portaal", "it@portal.example", ("mentors",), expires="2999-01-01T00:00:00Z"))
    new, row = keys.rotate(hub, old.key.id, days=7)

    def tried() -> list[int]:
        headers = [{"x-api-key": each.key.text} for each in (old, new)]
        return [reader.get("/feeds/mentors", headers=each).status_code for each in headers]

    assert tried() == [200, 200]
    keys.revoke(hub, old.key.id)
    assert tried() == [401, 200]
    assert replace(new.row.grant, expires=None) == replace(row.grant, expires=None)
