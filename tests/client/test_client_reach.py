"""Nothing inside our network is reached, whoever names it; what an administrator names is."""

import logging
import socket
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from client.hostile import CONTROLS, LITERALS, NUMBERS, addresses, world

from hub.adapter import ApiKey, ClientCredentials, Login
from hub.client import Limits, PartnerClient, Reach
from hub.errors import SourceError, SourceUnavailable, UnexpectedAnswer

if TYPE_CHECKING:
    from client.conftest import Desk, Partner

STRICT = Limits(retries=0, request_seconds=5, other_hosts=True)
Way = Callable[["Desk", "Partner", str], object]


def connect(desk: "Desk", partner: "Partner", **more: Any) -> PartnerClient:
    """A client of a hub whose administrator has named nothing but the partner itself."""
    job = desk.job(STRICT, reach=Reach(private=frozenset({partner.host})))
    return job.connect(**more)


def by_redirect(desk: "Desk", partner: "Partner", url: str) -> object:
    line = f"Location: {url}".encode("latin-1", "replace").decode("latin-1").replace("\r\n", "").replace("\t", "")
    start = partner.says("/away", lambda call: call.answer(302, b"", line))
    return connect(desk, partner, headers={"X-Api-Key": "geheim"}).get(start)


def by_redirected_file(desk: "Desk", partner: "Partner", url: str) -> object:
    line = f"Location: {url}".encode("latin-1", "replace").decode("latin-1").replace("\r\n", "").replace("\t", "")
    return connect(desk, partner).download(partner.says("/file", lambda call: call.answer(307, b"", line)))


def by_next_link(desk: "Desk", partner: "Partner", url: str) -> object:
    client = connect(desk, partner, auth=ApiKey("geheim"))
    client.get(partner.says("/page", lambda call: call.json(b"[]")))
    return client.get(url)


def by_token_address(desk: "Desk", partner: "Partner", url: str) -> object:
    auth = ClientCredentials(url, "schakel", "geheim")
    return connect(desk, partner, auth=auth).get(partner.says("/list", lambda call: call.json(b"[]")))


def by_login_address(desk: "Desk", partner: "Partner", url: str) -> object:
    auth = Login(url, {"password": "geheim"})
    return connect(desk, partner, auth=auth).get(partner.says("/list", lambda call: call.json(b"[]")))


def through_a_proxy(desk: "Desk", partner: "Partner", url: str) -> object:
    job = desk.job(STRICT, reach=Reach(proxy=partner.address))
    return job.connect().get(url)


WAYS: Mapping[str, Way] = {
    "get": lambda desk, partner, url: connect(desk, partner).get(url),
    "get with parameters": lambda desk, partner, url: connect(desk, partner).get(url, params={"q": "1"}),
    "post": lambda desk, partner, url: connect(desk, partner).post(url, json={"a": 1}),
    "download": lambda desk, partner, url: connect(desk, partner).download(url),
    "redirect": by_redirect,
    "redirected file": by_redirected_file,
    "next link": by_next_link,
    "token address": by_token_address,
    "login address": by_login_address,
}


def tried(way: Way, desk: "Desk", partner: "Partner", url: str) -> str:
    """Go a way to an address; the error must be one that an adapter knows. Return what it says."""
    try:
        way(desk, partner, url)
    except SourceError as error:
        return str(error)
    finally:
        while desk.jobs:
            desk.jobs.pop().close()
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("name", WAYS)
def test_no_hostile_address_is_reached(
    name: str, desk: "Desk", partner: "Partner", monkeypatch: pytest.MonkeyPatch
) -> None:
    with world(monkeypatch, partner.host) as (_, inside):
        hostile = addresses(inside.port)
        said = [tried(WAYS[name], desk, partner, url) for url in hostile]
    assert len(hostile) >= 60
    assert inside.reached == 0
    assert [url for url, sentence in zip(hostile, said, strict=True) if not sentence] == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "least"), [("no check", 80), ("check, then connect", 5)])
def test_a_naive_client_reaches_them(name: str, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with world(monkeypatch) as (_, inside):
        for url in addresses(inside.port):
            CONTROLS[name](url)
    assert inside.reached >= least


@pytest.mark.parametrize("name", WAYS)
def test_loopback_is_not_reached_by_any_way(name: str, desk: "Desk", partner: "Partner", stranger: "Partner") -> None:
    for host in ("127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"):
        url = f"http://{host}:{stranger.host.rpartition(':')[2]}/"
        said = tried(WAYS[name], desk, partner, url)
        assert said
    assert stranger.calls == []


@pytest.mark.parametrize("host", [*LITERALS, *NUMBERS])
def test_a_proxy_is_not_asked_for_what_is_inside(host: str, desk: "Desk", partner: "Partner") -> None:
    with pytest.raises(UnexpectedAnswer, match=r"not called|cannot be read"):
        through_a_proxy(desk, partner, f"http://{host}:8080/")
    assert partner.calls == []


@pytest.mark.parametrize("host", ["localhost", "intranet", "wiki.local", "metadata.google.internal", "nas.home.arpa."])
def test_a_proxy_is_not_asked_for_names_that_are_local(host: str, desk: "Desk", partner: "Partner") -> None:
    with pytest.raises(UnexpectedAnswer, match="a name inside our own network"):
        through_a_proxy(desk, partner, f"http://{host}/")
    assert partner.calls == []


def test_a_name_that_changes_between_check_and_connection_gains_nothing(
    desk: "Desk", monkeypatch: pytest.MonkeyPatch
) -> None:
    with world(monkeypatch) as (made, inside):
        url = f"http://rebinding.test:{inside.port}/"
        for _ in range(100):
            with pytest.raises(SourceError):
                desk.job(STRICT, reach=Reach()).connect().get(url)
            desk.jobs.pop().close()
        assert (inside.reached, next(made.flips)) == (0, 100)
        for _ in range(100):
            CONTROLS["check, then connect"](url)
    assert inside.reached > 40


def test_the_address_that_was_checked_is_the_one_connected_to(desk: "Desk", monkeypatch: pytest.MonkeyPatch) -> None:
    with world(monkeypatch) as (made, _), pytest.raises(SourceUnavailable):
        desk.job(STRICT, reach=Reach()).connect().get("http://public.test/")
    assert made.dialled == [("93.184.215.14", 80)]


def test_the_refusal_says_which_host_where_it_leads_and_what_an_administrator_can_do(
    desk: "Desk", monkeypatch: pytest.MonkeyPatch
) -> None:
    with world(monkeypatch), pytest.raises(UnexpectedAnswer) as caught:
        desk.job(reach=Reach()).connect().get("http://many.test:8443/list?key=geheim")
    assert str(caught.value) == (
        "GET many.test:8443/list: not called: many.test leads to 10.0.0.5, inside our own network, not the public"
        ' internet; if that is right, an administrator allows it with private_hosts = ["many.test:8443"]'
        " under [network] in hub.toml."
    )
    assert desk.slept == []


def test_named_hosts_are_reached_and_others_are_not(desk: "Desk", partner: "Partner", stranger: "Partner") -> None:
    client = desk.job(reach=Reach(private=frozenset({partner.host}))).connect()
    assert client.get(partner.says("/", lambda call: call.json(b"1"))).json() == 1
    with pytest.raises(UnexpectedAnswer, match="not called"):
        client.get(stranger.says("/", lambda call: call.json(b"1")))
    assert stranger.calls == []


@pytest.mark.parametrize(("host", "reached"), [("six.test", True), ("metadata.test", False), ("nat64.test", False)])
def test_a_named_host_may_lead_to_private_networks_and_to_nothing_else(
    host: str, reached: bool, desk: "Desk", monkeypatch: pytest.MonkeyPatch
) -> None:
    with world(monkeypatch) as (_, inside):
        client = desk.job(STRICT, reach=Reach(private=frozenset({host}))).connect()
        if reached:
            assert client.get(f"http://{host}:8080/").body
        else:
            with pytest.raises(UnexpectedAnswer, match="not even a host named in private_hosts"):
                client.get(f"http://{host}:8080/")
    assert bool(inside.reached) == reached


def test_credentials_stay_at_home_when_a_link_leads_to_another_host(
    desk: "Desk", partner: "Partner", stranger: "Partner"
) -> None:
    client = desk.job().connect(headers={"X-Client": "geheim"}, auth=ApiKey("geheim"))
    for host in (partner, stranger, partner):
        client.get(host.says("/page", lambda call: call.json(b"1")))
    assert [call.headers.get("x-api-key") for call in (*partner.calls, *stranger.calls)] == ["geheim", "geheim", None]
    assert "geheim" not in str(stranger.calls[0].headers)


def test_cookies_are_not_kept(desk: "Desk", partner: "Partner") -> None:
    url = partner.says("/page", lambda call: call.answer(200, b"1", "Set-Cookie: session=geheim; Path=/"))
    client = desk.job().connect()
    assert [client.get(url).status for _ in range(2)] == [200, 200]
    assert ["cookie" in call.headers for call in partner.calls] == [False, False]


def test_the_host_that_is_asked_for_stays_the_name(
    desk: "Desk", partner: "Partner", monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.says("/page", lambda call: call.json(b"1"))
    name = f"many.test:{partner.host.rpartition(':')[2]}"
    monkeypatch.setattr("hub.client.network.resolve", lambda *_: ["127.0.0.1"])
    desk.job(reach=Reach(private=frozenset({name}))).connect().get(f"http://{name}/page")
    assert partner.calls[0].headers["host"] == name


def test_where_a_base_is_declared_not_even_the_first_request_takes_credentials_elsewhere(
    desk: "Desk", partner: "Partner", stranger: "Partner"
) -> None:
    client = desk.job().connect(auth=ApiKey("geheim"), base=partner.address)
    client.post(stranger.says("/page", lambda call: call.json(b"1")), json=[1])
    client.get(partner.says("/page", lambda call: call.json(b"1")))
    assert "geheim" not in str(stranger.calls[0].headers)
    assert stranger.calls[0].headers["content-type"] == "application/json"
    assert partner.calls[0].headers["x-api-key"] == "geheim"


def test_a_configured_proxy_carries_all_but_the_named_hosts(
    desk: "Desk", partner: "Partner", stranger: "Partner"
) -> None:
    partner.script["http://public.test/list"] = lambda call: call.json(b'"by proxy"')
    reach = Reach(private=frozenset({stranger.host}), proxy=partner.address)
    client = desk.job(reach=reach).connect()
    assert client.get("http://public.test/list?key=1").json() == "by proxy"
    assert client.get(stranger.says("/", lambda call: call.json(b'"straight"'))).json() == "straight"
    assert [call.path for call in partner.calls] == ["http://public.test/list"]


def test_a_resolver_that_hangs_is_left_behind_at_the_deadline(desk: "Desk", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [time.sleep(2)])  # type: ignore[func-returns-value]
    started = time.monotonic()
    with pytest.raises(SourceUnavailable):
        desk.job(Limits(request_seconds=0.3, retries=0)).connect().get("http://public.test/")
    assert time.monotonic() - started < 1


def test_a_path_cannot_forge_a_line_of_the_log(
    desk: "Desk", partner: "Partner", caplog: pytest.LogCaptureFixture
) -> None:
    partner.script["/a%0AINFO%20forged"] = lambda call: call.json(b"1")
    with caplog.at_level(logging.INFO, "hub.client"):
        desk.job().connect().get(f"{partner.address}/a%0AINFO%20forged")
    assert "/a%0AINFO%20forged 200" in caplog.text
    assert httpx.URL(partner.address).host in caplog.text
