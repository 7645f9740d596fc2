"""Tokens are asked for once, shared, renewed in time, and replaced once when refused."""

import time
from base64 import b64decode
from dataclasses import replace
from threading import Barrier
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from hub.adapter import ClientCredentials
from hub.client import Tokens
from hub.errors import AuthenticationRejected, SourceUnavailable, UnexpectedAnswer

if TYPE_CHECKING:
    from client.conftest import Call, Desk, Partner

SECRET = "zeer-geheim"


class Office:
    """A partner with a token address and a list that only the newest token opens."""

    def __init__(self, partner: "Partner", lifetime: object = 900) -> None:
        self.partner = partner
        self.given = 0
        self.valid = ""
        self.lifetime = lifetime
        self.list = partner.says("/list", self.show)
        self.auth = ClientCredentials(partner.says("/token", self.give), "schakel", SECRET)

    def give(self, call: "Call") -> None:
        time.sleep(0.05)
        self.given += 1
        self.valid = f"token-{self.given}"
        life = f'"{self.lifetime}"' if isinstance(self.lifetime, str) else self.lifetime
        call.json(f'{{"access_token": "{self.valid}", "token_type": "Bearer", "expires_in": {life}}}'.encode())

    def show(self, call: "Call") -> None:
        fits = call.headers.get("authorization") == f"Bearer {self.valid}"
        call.answer(200, b"[1]") if fits else call.answer(401, b"who?")


@pytest.fixture
def office(partner: "Partner") -> Office:
    return Office(partner)


def test_a_token_is_asked_for_once_and_used_by_all(office: Office, desk: "Desk") -> None:
    job = desk.job()
    client, other = job.connect(auth=office.auth), job.connect(auth=office.auth)
    barrier = Barrier(4)

    def ask(number: int) -> object:
        barrier.wait()
        return (client if number % 2 else other).get(office.list).json()

    assert list(client.map(ask, range(8), at_once=4)) == [[1]] * 8
    assert office.given == 1


def test_without_a_token_the_partner_refuses(office: Office, desk: "Desk") -> None:
    with pytest.raises(AuthenticationRejected):
        desk.job().connect().get(office.list)


def test_a_token_is_renewed_a_minute_before_its_end(office: Office, desk: "Desk") -> None:
    now = [1000.0]
    client = desk.job(tokens=Tokens(clock=lambda: now[0])).connect(auth=office.auth)
    for moment, given in ((1000, 1), (1839, 1), (1841, 2)):
        now[0] = moment
        client.get(office.list)
        assert office.given == given


@pytest.mark.parametrize(("lifetime", "reused"), [(100, 49), ("900", 839), ("null", 239)])
def test_odd_lifetimes_are_understood(partner: "Partner", desk: "Desk", lifetime: object, reused: int) -> None:
    office, now = Office(partner, lifetime), [0.0]
    client = desk.job(tokens=Tokens(clock=lambda: now[0])).connect(auth=office.auth)
    for moment, given in ((0, 1), (reused, 1), (reused + 2, 2)):
        now[0] = moment
        client.get(office.list)
        assert office.given == given


def test_tokens_are_shared_between_runs(office: Office, desk: "Desk") -> None:
    tokens = Tokens()
    for _ in range(3):
        desk.job(tokens=tokens).connect(auth=office.auth).get(office.list)
    assert office.given == 1


def test_a_token_that_went_stale_is_replaced_once(office: Office, desk: "Desk") -> None:
    client = desk.job().connect(auth=office.auth)
    client.get(office.list)
    office.valid = "revoked"
    assert client.get(office.list).json() == [1]
    assert (office.given, len(office.partner.asked("/list")), desk.slept) == (2, 3, [])


def test_many_that_find_a_token_stale_replace_it_once(office: Office, desk: "Desk") -> None:
    client = desk.job().connect(auth=office.auth)
    client.get(office.list)
    office.valid = "revoked"
    assert list(client.map(lambda _: client.get(office.list).json(), range(4), at_once=4)) == [[1]] * 4
    assert office.given == 2


def test_a_new_token_that_is_refused_is_the_end(office: Office, desk: "Desk") -> None:
    office.partner.says("/list", lambda call: call.answer(401))
    client = desk.job().connect(auth=office.auth)
    for asked in (1, 3):
        with pytest.raises(AuthenticationRejected, match="check the source's secrets"):
            client.get(office.list)
        assert len(office.partner.asked("/list")) == asked


def test_forbidden_is_no_reason_for_a_new_token(office: Office, desk: "Desk") -> None:
    client = desk.job().connect(auth=office.auth)
    client.get(office.list)
    office.partner.says("/list", lambda call: call.answer(403))
    with pytest.raises(AuthenticationRejected):
        client.get(office.list)
    assert office.given == 1


def test_the_form_is_that_of_the_standard(office: Office, desk: "Desk") -> None:
    desk.job().connect(auth=replace(office.auth, scope="lees alles"), headers={"X-Key": "k"}).get(office.list)
    call = office.partner.asked("/token")[0]
    assert parse_qs(call.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["schakel"],
        "client_secret": [SECRET],
        "scope": ["lees alles"],
    }
    assert call.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "x-key" not in call.headers


def test_credentials_may_stand_in_the_basic_header(office: Office, desk: "Desk") -> None:
    auth = replace(office.auth, placed_in="basic", client_secret="a:b é")
    desk.job().connect(auth=auth).get(office.list)
    call = office.partner.asked("/token")[0]
    assert b64decode(call.headers["authorization"].removeprefix("Basic ")) == b"schakel:a%3Ab+%C3%A9"
    assert b"secret" not in call.body


@pytest.mark.parametrize(("code", "body"), [(400, b'{"error": "invalid_client"}'), (401, b"no"), (403, b"")])
def test_refused_credentials_are_told_to_the_owner(office: Office, desk: "Desk", code: int, body: bytes) -> None:
    office.partner.says("/token", lambda call: call.answer(code, body))
    with pytest.raises(AuthenticationRejected, match="check the client id, the secret and the scope") as caught:
        desk.job().connect(auth=office.auth).get(office.list)
    assert ("(invalid_client)" in str(caught.value)) == (code == 400)
    assert SECRET not in str(caught.value)
    assert len(office.partner.calls) == 1


@pytest.mark.parametrize(
    "body", [b"{}", b"<html>", b'{"access_token": "a\\nb"}', b'{"access_token":"a","token_type":"mac"}']
)
def test_an_answer_without_a_token_is_unexpected(office: Office, desk: "Desk", body: bytes) -> None:
    office.partner.says("/token", lambda call: call.json(body))
    with pytest.raises(UnexpectedAnswer, match="holds no bearer token"):
        desk.job().connect(auth=office.auth).get(office.list)


def test_a_token_address_that_is_down_is_tried_again(office: Office, desk: "Desk") -> None:
    office.partner.says("/token", lambda call: call.answer(503), office.give)
    assert desk.job().connect(auth=office.auth).get(office.list).json() == [1]
    office.partner.says("/token", lambda call: call.answer(503))
    with pytest.raises(SourceUnavailable, match=r"/token: the partner answered 503 5 times"):
        desk.job().connect(auth=office.auth).get(office.list)


def test_secrets_are_neither_archived_nor_recorded(office: Office, desk: "Desk") -> None:
    desk.job().connect(auth=office.auth).get(office.list)
    token = next(exchange for exchange in desk.exchanges if exchange.path == "/token")
    assert (token.status, token.digest) == (200, None)
    kept = [desk.archive.read(exchange.digest) for exchange in desk.exchanges if exchange.digest]
    assert kept == [b"[1]"]
    assert SECRET not in repr(desk.exchanges) + repr(office.auth)
