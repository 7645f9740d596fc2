"""Every kind of authentication over real sockets, and that none of their secrets ever shows."""

import logging
import ssl
import threading
import time
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING, Any, get_args

import orjson
import pytest
import trustme

from hub.adapter import ApiKey, Authentication, Basic, Bearer, ClientCertificate, ClientCredentials, Login
from hub.client import Limits, Tokens
from hub.client.authentication.signing import KINDS
from hub.errors import AuthenticationRejected, SourceError, SourceUnavailable, UnexpectedAnswer

if TYPE_CHECKING:
    from client.conftest import Call, Desk, Partner

SECRET = "kanarie-7f3a"
PAIR = b64encode(f"schakel:{SECRET}".encode()).decode()


class Desk24:
    """A partner's login: gives numbered tokens for the right body, and a list that only the newest opens."""

    def __init__(self, partner: "Partner", **more: Any) -> None:
        self.given = 0
        self.valid = ""
        self.partner = partner
        self.list = partner.says("/list", self.show)
        body = {"user": "schakel", "password": SECRET}
        self.auth = Login(partner.says("/login", self.give), body, token="data.token", **more)

    def give(self, call: "Call") -> None:
        time.sleep(0.05)
        if orjson.loads(call.body).get("password") != SECRET:
            call.answer(401, b'{"error": "who?"}')
            return
        self.given += 1
        self.valid = f"{SECRET}-{self.given}"
        call.json(orjson.dumps({"data": {"token": self.valid}}))

    def show(self, call: "Call") -> None:
        carried = call.headers.get(self.auth.header.lower())
        call.answer(200, b"[1]") if carried == f"{self.auth.prefix}{self.valid}" else call.answer(401, b"who?")


@pytest.fixture
def office(partner: "Partner") -> Desk24:
    return Desk24(partner)


# Headers that do not change -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        (ApiKey(SECRET), "x-api-key", SECRET),
        (ApiKey(SECRET, header="Ocp-Apim-Subscription-Key"), "ocp-apim-subscription-key", SECRET),
        (Basic("schakel", SECRET), "authorization", f"Basic {PAIR}"),
        (Basic("zoë", "é"), "authorization", "Basic em/DqzrDqQ=="),
        (Bearer(SECRET), "authorization", f"Bearer {SECRET}"),
    ],
)
def test_what_does_not_change_is_in_every_request(
    auth: Authentication, header: str, value: str, partner: "Partner", desk: "Desk"
) -> None:
    client = desk.job().connect(headers={"Accept": "application/json", header.upper(): "another"}, auth=auth)
    url = partner.says("/list", lambda call: call.json(b"1"))
    client.get(url)
    client.post(url, json={})
    client.download(url)
    assert [call.headers[header] for call in partner.calls] == [value] * 3
    assert partner.calls[0].headers["accept"] == "application/json"


def test_every_kind_of_authentication_is_in_the_table() -> None:
    assert set(KINDS) == set(get_args(Authentication))


@pytest.mark.parametrize(
    "auth",
    [
        ApiKey(""), ApiKey(f"{SECRET}\n"), ApiKey(f" {SECRET}"), ApiKey(SECRET, header="X Key"),
        Bearer(f"{SECRET}\r\nX: 1"), Bearer(""), Basic(f"a:{SECRET}", SECRET),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_told_before_anything_is_asked(auth: Authentication, desk: "Desk") -> None:
    with pytest.raises(AuthenticationRejected, match="check the source's") as caught:
        desk.job().connect(auth=auth)
    assert SECRET not in str(caught.value)


# Logins -------------------------------------------------------------------------------------------------------------


def test_a_login_is_made_once_and_used_by_all(office: Desk24, desk: "Desk") -> None:
    job, barrier = desk.job(), Barrier(4)
    client, other = job.connect(auth=office.auth), job.connect(auth=office.auth)

    def ask(number: int) -> object:
        barrier.wait()
        return (client if number % 2 else other).get(office.list).json()

    assert list(client.map(ask, range(8), at_once=4)) == [[1]] * 8
    assert office.given == 1


def test_a_login_is_made_again_once_when_its_token_is_refused(office: Desk24, desk: "Desk") -> None:
    client = desk.job().connect(auth=office.auth)
    client.get(office.list)
    office.valid = "revoked"
    assert list(client.map(lambda _: client.get(office.list).json(), range(4), at_once=4)) == [[1]] * 4
    assert office.given == 2


def test_a_login_whose_token_is_never_taken_is_the_end(office: Desk24, desk: "Desk") -> None:
    office.partner.says("/list", lambda call: call.answer(401))
    client = desk.job().connect(auth=office.auth)
    for asked in (1, 3):
        with pytest.raises(AuthenticationRejected):
            client.get(office.list)
        assert len(office.partner.asked("/list")) == asked


def test_a_token_of_a_login_is_used_as_long_as_the_source_says(partner: "Partner", desk: "Desk") -> None:
    office, now = Desk24(partner, seconds=60, header="X-Auth-Token", prefix=""), [0.0]
    tokens = Tokens(clock=lambda: now[0])
    for moment, given in ((0, 1), (59, 1), (61, 2)):
        now[0] = moment
        desk.job(tokens=tokens).connect(auth=office.auth).get(office.list)
        assert office.given == given


def test_logins_that_differ_in_their_secret_share_no_token(office: Desk24, desk: "Desk") -> None:
    tokens = Tokens()
    desk.job(tokens=tokens).connect(auth=office.auth).get(office.list)
    other = replace(office.auth, body={"user": "schakel", "password": "another"})
    with pytest.raises(AuthenticationRejected, match="it refuses our login; check the user"):
        desk.job(tokens=tokens).connect(auth=other).get(office.list)


@pytest.mark.parametrize(
    "body", [b"{}", b"<html>", b"[]", b'{"data": "x"}', b'{"data": {"token": 5}}', b'{"data": {"token": "a\\nb"}}']
)
def test_an_answer_without_the_token_says_where_it_was_looked_for(office: Desk24, desk: "Desk", body: bytes) -> None:
    office.partner.says("/login", lambda call: call.json(body))
    with pytest.raises(UnexpectedAnswer, match=r"holds no token at “data\.token”"):
        desk.job().connect(auth=office.auth).get(office.list)


def test_a_login_is_tried_again_when_the_partner_is_down_and_is_not_archived(office: Desk24, desk: "Desk") -> None:
    office.partner.says("/login", lambda call: call.answer(503), office.give)
    desk.job().connect(auth=office.auth).get(office.list)
    logins = [exchange for exchange in desk.exchanges if exchange.path == "/login"]
    assert [(exchange.status, exchange.digest) for exchange in logins] == [(503, None), (200, None)]


def test_waiting_for_a_token_that_another_run_asks_for_ends_with_the_own_time(office: Desk24, desk: "Desk") -> None:
    tokens, asked, done = Tokens(), threading.Event(), threading.Event()

    def give_late(call: "Call") -> None:
        asked.set()
        done.wait(5)
        office.give(call)

    office.partner.says("/login", give_late)
    other = desk.job(tokens=tokens).connect(auth=office.auth)
    waiting = threading.Thread(target=other.get, args=[office.list])
    waiting.start()
    asked.wait(5)
    with pytest.raises(SourceUnavailable, match="The token of the partner was not there in time"):
        desk.job(Limits(request_seconds=0.3), tokens=tokens).connect(auth=office.auth).get(office.list)
    assert not done.is_set()
    done.set()
    waiting.join()


# Certificates -------------------------------------------------------------------------------------------------------


class Hello(BaseHTTPRequestHandler):
    """Says who the certificate of the caller is of."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        shown = self.connection.getpeercert()
        body = orjson.dumps({"shown": bool(shown), "header": self.headers.get("X-Api-Key"), "token": "t-1"})
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        target = self.path.partition("?to=")[2]
        self.send_response(302 if target else 200)
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secured(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Start partners over TLS, which want a certificate or take one where it is shown; the client trusts them."""
    servers = []

    def start(mode: ssl.VerifyMode = ssl.CERT_REQUIRED) -> str:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        authority.configure_trust(context)
        context.verify_mode = mode
        server = ThreadingHTTPServer(("127.0.0.1", 0), Hello)
        server.daemon_threads = True
        monkeypatch.setattr(server, "handle_error", lambda *_: None)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(server)
        return f"https://127.0.0.1:{server.server_address[1]}"

    def trusting() -> ssl.SSLContext:
        context = ssl.create_default_context()
        authority.configure_trust(context)
        return context

    monkeypatch.setattr("hub.client.trust.authorities", trusting)
    monkeypatch.setattr("hub.client.network.trusted", trusting)
    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def certificate(authority: trustme.CA, tmp_path: Path) -> ClientCertificate:
    issued = authority.issue_cert("schakel@example.org")
    issued.private_key_pem.write_to_path(tmp_path / "key.pem")
    issued.cert_chain_pems[0].write_to_path(tmp_path / "certificate.pem")
    return ClientCertificate(tmp_path / "certificate.pem", tmp_path / "key.pem")


def test_a_certificate_opens_what_is_closed_without_it(
    secured: Callable[..., str], certificate: ClientCertificate, desk: "Desk"
) -> None:
    address = secured()
    assert desk.job().connect(certificate=certificate, auth=ApiKey("k")).get(f"{address}/a").json()["shown"]
    with pytest.raises(SourceUnavailable):
        desk.job(Limits(retries=0)).connect().get(f"{address}/a")


def test_a_certificate_is_shown_at_home_and_nowhere_else(
    secured: Callable[..., str], certificate: ClientCertificate, desk: "Desk"
) -> None:
    home, other = secured(ssl.CERT_OPTIONAL), secured(ssl.CERT_OPTIONAL)
    client = desk.job().connect(certificate=certificate, auth=ApiKey("k"))
    shown = [client.get(f"{address}/a").json() for address in (home, other, home, other)]
    assert [answer["shown"] for answer in shown] == [True, False, True, False]
    assert [answer["header"] for answer in shown] == ["k", None, "k", None]


def test_a_certificate_does_not_follow_a_redirect_to_another_host(
    secured: Callable[..., str], certificate: ClientCertificate, desk: "Desk"
) -> None:
    home, other = secured(ssl.CERT_OPTIONAL), secured(ssl.CERT_OPTIONAL)
    client = desk.job(Limits(other_hosts=True)).connect(certificate=certificate)
    assert client.get(f"{home}/a").json()["shown"]
    assert not client.get(f"{home}/moved?to={other}/a").json()["shown"]


def test_a_certificate_is_shown_where_the_login_is_made(
    secured: Callable[..., str], certificate: ClientCertificate, desk: "Desk"
) -> None:
    auth = Login(f"{secured()}/login", {"user": "schakel"})
    assert desk.job().connect(certificate=certificate, auth=auth).get(f"{secured()}/a").json()["shown"]


def test_a_certificate_that_cannot_be_used_is_named(
    certificate: ClientCertificate, tmp_path: Path, desk: "Desk"
) -> None:
    (tmp_path / "empty.pem").write_text("")
    wrong = [
        replace(certificate, key=tmp_path / "none.pem"),
        replace(certificate, certificate=tmp_path / "empty.pem"),
        replace(certificate, key=None, password=SECRET),
    ]
    for each in wrong:
        with pytest.raises(AuthenticationRejected, match=r"The client certificate .*\.pem cannot be used") as caught:
            desk.job().connect(certificate=each)
        assert SECRET not in chain(caught.value)


# Secrets ------------------------------------------------------------------------------------------------------------

SAYS: Mapping[str, Callable[["Call"], None]] = {
    "refused": lambda call: call.answer(401, f"wrong: {SECRET}".encode()),
    "forbidden": lambda call: call.answer(403, SECRET.encode()),
    "odd": lambda call: call.answer(418, SECRET.encode()),
    "down": lambda call: call.answer(503, SECRET.encode()),
    "cut": lambda call: call.answer(200, b"[1", "Content-Length: 500"),
    "no HTTP": lambda call: call.write(f"{call.headers} {SECRET}\r\n\r\n".encode()),
    "bad header": lambda call: call.write(f"HTTP/1.1 200 OK\r\nbad {SECRET} header\r\n\r\n".encode()),
    "no JSON": lambda call: call.answer(200, b"what?"),
    "redirect": lambda call: call.answer(302, b"", f"Location: http://other.invalid/?key={SECRET}"),
    "bad redirect": lambda call: call.answer(302, b"", f"Location: http://[{SECRET}/"),
    "silent": lambda call: None,
    "fine": lambda call: call.json(b"[]"),
}


def kinds(partner: "Partner") -> list[Authentication]:
    body = {"user": "schakel", "password": SECRET}
    partner.says("/token", lambda call: call.json(orjson.dumps({"access_token": SECRET, "token": SECRET})))
    url = f"{partner.address}/token"
    return [
        ApiKey(SECRET), Basic("schakel", SECRET), Bearer(SECRET), ClientCredentials(url, "schakel", SECRET),
        ClientCredentials(url, "schakel", SECRET, placed_in="basic"), Login(url, body),
    ]  # fmt: skip


def chain(error: BaseException) -> str:
    """Everything an error and those behind it say, shown or not."""
    told, seen = [], {id(error)}
    left: list[BaseException] = [error]
    while left:
        each = left.pop()
        told += [str(each), repr(each), "".join(traceback.format_exception(each))]
        for behind in (each.__cause__, each.__context__):
            if behind is not None and id(behind) not in seen:
                seen.add(id(behind))
                left.append(behind)
    return "\n".join(told)


@pytest.mark.parametrize("at", ["/list", "/token"])
@pytest.mark.parametrize("says", SAYS)
def test_no_secret_and_no_query_value_shows_whatever_the_partner_says(
    says: str, at: str, partner: "Partner", desk: "Desk", caplog: pytest.LogCaptureFixture
) -> None:
    told = []
    for auth in kinds(partner):
        url = partner.says("/list", lambda call: call.json(b"[]"))
        partner.says(at, SAYS[says])
        with caplog.at_level(logging.DEBUG):
            try:
                job = desk.job(Limits(request_seconds=3, retries=1))
                client = job.connect(headers={"X-More": SECRET}, auth=auth, base=partner.address)
                client.get(url, params={"sleutel": SECRET}).json()
            except SourceError as error:
                told.append(chain(error))
            told.append(repr((client, auth, job, job.tokens)))
    told += [caplog.text, repr(desk.exchanges)]
    assert "/list" in caplog.text or "/token" in caplog.text
    for secret in (SECRET, PAIR):
        assert not [text for text in told if secret in text]
