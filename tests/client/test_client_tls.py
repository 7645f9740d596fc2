"""Certificates are checked, and deadlines hold inside encrypted connections."""

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from hub.client import Limits
from hub.errors import SourceUnavailable

if TYPE_CHECKING:
    from client.conftest import Desk

OPENSSL = shutil.which("openssl")
REQUEST = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=partner"
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl makes the certificate")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A file with a certificate for 127.0.0.1 and its key."""
    path = tmp_path / "partner.pem"
    files = ["-keyout", str(path), "-out", str(tmp_path / "partner.crt")]
    command = [OPENSSL or "", *REQUEST.split(), "-addext", "subjectAltName=IP:127.0.0.1", *files]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text() + (tmp_path / "partner.crt").read_text())
    return path


@pytest.fixture
def port(certificate: Path) -> Iterator[int]:
    """A partner that answers over TLS: its head at once, its body after 0.9 seconds."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer_all, args=(server, context), daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def answer_all(server: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            plain, _ = server.accept()
        except OSError:
            return
        try:
            with context.wrap_socket(plain, server_side=True) as connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n")
                time.sleep(0.9)
                connection.sendall(b"[1]")
        except OSError:
            plain.close()


def trust(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr("hub.client.network.trusted", lambda: context)


def test_a_slow_answer_arrives_over_tls(
    port: int, certificate: Path, desk: "Desk", monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(certificate, monkeypatch)
    assert desk.job().connect().get(f"https://127.0.0.1:{port}/list").json() == [1]


def test_the_deadline_holds_over_tls(
    port: int, certificate: Path, desk: "Desk", monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(certificate, monkeypatch)
    started = monotonic()
    with pytest.raises(SourceUnavailable, match="not complete within"):
        desk.job(Limits(request_seconds=0.4)).connect().get(f"https://127.0.0.1:{port}/list")
    assert monotonic() - started < 5


def test_a_certificate_nobody_vouches_for_is_refused_at_once(port: int, desk: "Desk") -> None:
    with pytest.raises(SourceUnavailable, match="certificate of the host cannot be trusted"):
        desk.job().connect().get(f"https://127.0.0.1:{port}/list")
    assert desk.slept == []


def test_a_certificate_of_another_host_is_refused(
    port: int, certificate: Path, desk: "Desk", monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(certificate, monkeypatch)
    with pytest.raises(SourceUnavailable, match="certificate of the host cannot be trusted"):
        desk.job().connect().get(f"https://localhost:{port}/list")
