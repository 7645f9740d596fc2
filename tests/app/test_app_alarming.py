"""An alarm opens once, counts, closes by itself, and people are told of both by log, webhook and mail."""

import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from small_hub import TABLE, Folder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.app.alarming import described, tell, watch
from hub.app.hub import Hub
from hub.client.mail import MailDoor
from hub.errors import DeliveryError
from hub.store import alarms
from hub.testing import serve

Open = Callable[..., Hub]
ABSENT = 'path = "absent.csv"\n' + TABLE
NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=30)


@pytest.fixture
def failing(folder: Folder, opened: Open) -> Hub:
    """A hub whose only source has a file that is not there."""
    folder.source("list", ABSENT)
    hub = opened()
    for _ in range(3):
        hub.run("list")
    return hub


def open_now(hub: Hub) -> list[alarms.AlarmRow]:
    with hub.database.read() as connection:
        return alarms.open_alarms(connection)


def test_an_alarm_opens_once_counts_and_closes_by_itself(failing: Hub, folder: Folder) -> None:
    watch(failing, ["list"], NOW)
    watch(failing, ["list"], NOW)
    assert [(alarm.kind, alarm.count) for alarm in open_now(failing)] == [("failing", 1)]
    failing.run("list")
    watch(failing, ["list"], NOW, again=True)
    assert [(alarm.kind, alarm.count, alarm.params["runs"]) for alarm in open_now(failing)] == [("failing", 2, "4")]
    (folder.path / "absent.csv").write_text("nr;naam;wie\n1;Taalbad;Voorbeeld vzw\n")
    failing.run("list")
    watch(failing, ["list"], NOW, again=True)
    assert open_now(failing) == []


def test_a_source_without_a_good_run_for_too_long_is_stale(folder: Folder, opened: Open) -> None:
    folder.file("programmes")
    hub = opened()
    hub.run("programmes")
    watch(hub, ["programmes"], NOW)
    assert open_now(hub) == []
    watch(hub, ["programmes"], LATER)
    assert [alarm.kind for alarm in open_now(hub)] == ["stale"]


def test_people_are_told_once_in_the_log(failing: Hub, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "hub.app.alarming")
    for _ in range(3):
        watch(failing, ["list"], NOW, again=True)
        tell(failing, NOW)
    assert len([record for record in caplog.records if "alarm failing of list opened" in record.message]) == 1


def test_a_webhook_is_told_again_until_it_takes_the_notice(folder: Folder, opened: Open) -> None:
    took: list[dict[str, Any]] = []
    answers = iter([410, 204])

    async def hook(request: Request) -> Response:
        took.append(await request.json())
        return Response(status_code=next(answers))

    with serve(Starlette(routes=[Route("/hook", hook, methods=["POST"])])) as address:
        folder.set(f'alarms = {{ webhook = "{address}/hook" }}')
        folder.source("list", ABSENT)
        hub = opened()
        for _ in range(3):
            hub.run("list")
        watch(hub, ["list"], NOW)
        assert tell(hub, NOW) == 1, "the log only"
        assert tell(hub, NOW) == 0, "not before the pause is over"
        assert tell(hub, NOW + timedelta(minutes=2)) == 1
        assert tell(hub, LATER) == 0
    assert [(each["event"], each["kind"], set(each["said"])) for each in took] == [
        ("alarm.opened", "failing", {"nl", "fr", "en"})
    ] * 2


class Postbox:
    """A mail server that speaks just enough SMTP (RFC 5321), with STARTTLS where it has a certificate."""

    def __init__(self, context: ssl.SSLContext | None = None, refuse: bool = False) -> None:
        self.mails: list[str] = []
        self._context = context
        self._refuse = refuse
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # ends the wait for the next caller
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        with connection.makefile("rwb", buffering=0) as plain:
            plain.write(b"220 postbox\r\n")
            if not self._exchange(plain) or self._context is None:
                return
        with (
            suppress(OSError),
            self._context.wrap_socket(connection, server_side=True) as secure,
            secure.makefile("rwb", buffering=0) as file,
        ):
            self._exchange(file)

    def _exchange(self, file: Any) -> bool:
        """Answer until the caller is done; True when it wants to go on over TLS."""
        while line := file.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                file.write(b"250-postbox\r\n250 STARTTLS\r\n" if self._context else b"250 postbox\r\n")
            elif word == b"STAR":
                file.write(b"220 go\r\n")
                return True
            elif word == b"RCPT" and self._refuse:
                file.write(b"550 no such box, an.peeters\r\n")
            elif word == b"DATA":
                file.write(b"354 go on\r\n")
                self.mails.append(b"".join(iter(file.readline, b".\r\n")).decode())
                file.write(b"250 taken\r\n")
            elif word == b"QUIT":
                file.write(b"221 bye\r\n")
                break
            else:
                file.write(b"250 ok\r\n")
        return False


@contextmanager
def postbox(**said: Any) -> Iterator[Postbox]:
    box = Postbox(**said)
    try:
        yield box
    finally:
        box.close()


def test_a_mail_says_what_is_the_matter_in_the_language_asked_for(folder: Folder, opened: Open) -> None:
    with postbox() as box:
        mail = f'{{ host = "127.0.0.1", port = {box.port}, security = "none", sender = "hub@example.org", '
        folder.set(f'alarms = {{ language = "fr", mail = {mail} to = ["team@example.org"] }} }}')
        folder.source("list", ABSENT)
        hub = opened()
        for _ in range(3):
            hub.run("list")
        watch(hub, ["list"], NOW)
        assert tell(hub, NOW) == 2
    (mail_text,) = box.mails
    assert "To: team@example.org" in mail_text
    assert "Subject: ! list: failing" in mail_text


def test_mail_goes_over_tls_and_only_to_a_server_that_can_be_trusted(tmp_path: Path) -> None:
    authority = trustme.CA()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    message = {"sender": "hub@example.org", "to": ["team@example.org"], "subject": "x", "text": "y"}
    with postbox(context=server) as box:
        MailDoor("127.0.0.1", box.port, context=trusted).send(**message)  # type: ignore[arg-type]
        assert len(box.mails) == 1
        with pytest.raises(DeliveryError, match="did not take the notice"):
            MailDoor("127.0.0.1", box.port).send(**message)  # type: ignore[arg-type]
        assert len(box.mails) == 1


def test_a_server_that_refuses_is_named_and_what_it_echoes_is_not() -> None:
    with postbox(refuse=True) as box, pytest.raises(DeliveryError) as raised:
        MailDoor("127.0.0.1", box.port, "none").send(sender="a@x.be", to=["b@x.be"], subject="x", text="y")
    assert "alarms.mail" in str(raised.value)
    assert "peeters" not in str(raised.value)


def test_an_alarm_is_described_in_each_language(failing: Hub) -> None:
    watch(failing, ["list"], NOW)
    said = described(open_now(failing)[0])["said"]
    assert set(said) == {"nl", "fr", "en"}
    assert "3" in said["nl"]
