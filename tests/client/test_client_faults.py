"""Whatever a partner does over real sockets ends in the right error, in time, and without memory.

``pytest -m slow -s tests/client/test_client_faults.py`` prints the figures. The same faults overtax bare httpx.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import trustme

from hub.client import Limits, PartnerClient, Reach
from hub.client.deadline import pause
from hub.errors import AuthenticationRejected, SourceUnavailable, UnexpectedAnswer

if TYPE_CHECKING:
    from client.conftest import Desk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]

DEADLINE_SECONDS = 2.0
GRACE_SECONDS = 2.0
RISE_MEGABYTES = 64
LIMITS = Limits(
    request_seconds=DEADLINE_SECONDS,
    file_seconds=DEADLINE_SECONDS,
    run_seconds=20,
    connect_seconds=1,
    silence_seconds=1.5,
    body_megabytes=40,
    file_megabytes=40,
    retries=1,
    wait_seconds=0.2,
    asked_seconds=1.5,
)
GONE, ODD, LOCKED = SourceUnavailable, UnexpectedAnswer, AuthenticationRejected

EXPECTED: list[tuple[str, type[Exception], str]] = [
    ("silent", GONE, "not complete within|fell silent"),
    ("drips_its_body", GONE, "not complete within"),
    ("drips_its_head", GONE, "not complete within"),
    ("stops_in_its_body", GONE, "not complete within|fell silent"),
    ("endless_interim_answers", GONE, "not complete within"),
    ("endless_chunk_extension", GONE, "not complete within"),
    ("endless_chunks_of_one_byte", GONE, "not complete within"),
    ("endless_trailers", GONE, "not complete within"),
    ("endless_body", ODD, "more than the 40 MB allowed"),
    ("endless_chunks", ODD, "more than the 40 MB allowed"),
    ("announces_a_terabyte", ODD, "1,000,000,000,000 bytes, more than"),
    ("many_headers", GONE, "broke the rules of HTTP"),
    ("one_endless_header", GONE, "broke the rules of HTTP"),
    ("gzip_bomb", ODD, "as a bomb does|more than the 40 MB"),
    ("zstd_bomb", ODD, "only gzip was asked for"),
    ("brotli", ODD, "only gzip was asked for"),
    ("six_chained_encodings", ODD, "only gzip was asked for"),
    ("cut_by_length", ODD, "an incomplete answer came"),
    ("cut_in_chunks", ODD, "an incomplete answer came"),
    ("cut_gzip", ODD, "an incomplete answer came"),
    ("cut_gzip_until_closed", ODD, "an incomplete answer came"),
    ("cut_json_until_closed", ODD, "JSON cut off after"),
    ("file_until_closed", ODD, "whose end nothing proves"),
    ("broken_gzip", ODD, "its gzip stream is broken"),
    ("reset_in_its_body", GONE, "the connection broke off"),
    ("reset_at_once", GONE, "hung up|broke off"),
    ("two_lengths", GONE, "broke the rules of HTTP"),
    ("no_http", GONE, "broke the rules of HTTP"),
    ("redirect_loop", ODD, "redirects more than 5 times"),
    ("redirect_to_a_file", ODD, "not one of a partner|not an address of a partner"),
    ("redirect_to_loopback", ODD, "a redirect to http://127.0.0.1:"),
    ("page_for_json", ODD, "an HTML page"),
    ("wrong_charset", ODD, "not valid UTF-8"),
    ("empty_body", ODD, "an empty body"),
    ("deep_json", ODD, "nested deeper than 64 levels"),
    ("asks_to_wait_seconds", GONE, "answered 429 2 times in a row and asks to wait 1 seconds"),
    ("asks_to_wait_until", GONE, "answered 429 and asks to wait"),
    ("asks_to_wait_for_decades", GONE, "asks to wait 1,000,000,000 seconds"),
    ("out_of_order", GONE, "answered 503 2 times in a row"),
    ("wants_other_credentials", LOCKED, "answered 401"),
    ("untrusted certificate", GONE, "certificate of the host cannot be trusted"),
    ("no handshake", GONE, "no connection came about in time|not complete within"),
    ("encryption where there is none", GONE, "not complete within|no connection came about"),
    ("unknown name", GONE, "no connection came about"),
    ("nobody listens", GONE, "no connection came about"),
]
OVERTAXING = [
    "drips_its_body",
    "drips_its_head",
    "endless_interim_answers",
    "endless_chunks",
    "gzip_bomb",
    "zstd_bomb",
    "six_chained_encodings",
    "cut_gzip",
    "cut_gzip_until_closed",
    "file_until_closed",
    "redirect_to_loopback",
]
NAMES = [fault for fault, _, _ in EXPECTED]
DOWNLOADED = {"file_until_closed"}


@dataclass
class Faulty:
    """Where the faulty partner answers."""

    plain: int
    secure: int
    mute: int

    def address(self, fault: str) -> str:
        special = {
            "untrusted certificate": f"https://localhost:{self.secure}/",
            "no handshake": f"https://127.0.0.1:{self.mute}/",
            "encryption where there is none": f"https://127.0.0.1:{self.plain}/",
            "unknown name": "http://no-such-host.invalid/",
            "nobody listens": "http://127.0.0.1:1/",
        }
        return special.get(fault, f"http://127.0.0.1:{self.plain}/{fault}")


@dataclass
class Figures:
    """What one fault came to."""

    client: str
    fault: str
    ended: str
    seconds: float
    megabytes: float


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faulty]:
    certificate = tmp_path_factory.mktemp("faulty") / "partner.pem"
    issued = trustme.CA().issue_cert("localhost")
    issued.private_key_and_cert_chain_pem.write_to_path(certificate)
    command = [sys.executable, str(Path(__file__).with_name("faulty_partner.py")), str(certificate)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Faulty(*map(int, process.stdout.readline().split()))
        process.communicate()


@pytest.fixture(scope="module")
def figures() -> Iterator[list[Figures]]:
    rows: list[Figures] = []
    yield rows
    lines = [
        f"| {row.client} | {row.fault} | {row.ended} | {row.seconds:.1f} | {row.megabytes:.0f} |"
        for row in sorted(rows, key=lambda row: (row.client, NAMES.index(row.fault)))
    ]
    head = ["", "| client | fault | ended with | seconds | MB |", "|---|---|---|---|---|"]
    sys.stdout.write("\n".join([*head, *lines, ""]))


@pytest.fixture
def client(desk: "Desk", faulty: Faulty) -> PartnerClient:
    client = desk.job(LIMITS, sleep=pause, reach=Reach(private=frozenset({"127.0.0.1", "localhost"}))).connect()
    client.get(faulty.address("fine")).json()
    return client


def measured(name: str, fault: str, ask: Callable[[], Any]) -> Figures:
    Path("/proc/self/clear_refs").write_text("5")
    before, started = memory("VmRSS"), monotonic()
    try:
        ask()
        ended = "no error"
    except Exception as error:
        ended = f"{type(error).__name__}: {error}"
    return Figures(name, fault, ended, monotonic() - started, (memory("VmHWM") - before) / 1e6)


def memory(what: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))


def is_bounded(figures: Figures) -> bool:
    return figures.seconds <= DEADLINE_SECONDS + GRACE_SECONDS and figures.megabytes <= RISE_MEGABYTES


@pytest.mark.parametrize("case", EXPECTED, ids=NAMES)
def test_a_fault_ends_in_the_right_error_in_time_and_without_memory(
    client: PartnerClient, faulty: Faulty, figures: list[Figures], case: tuple[str, type[Exception], str]
) -> None:
    fault, kind, words = case
    url = faulty.address(fault)
    ask = (lambda: client.download(url)) if fault in DOWNLOADED else (lambda: client.get(url).json())
    came = measured("hub", fault, ask)
    figures.append(Figures("hub", fault, kind.__name__, came.seconds, came.megabytes))
    assert came.ended.startswith(kind.__name__)
    assert re.search(words, came.ended), came.ended
    assert is_bounded(came), came


@pytest.mark.parametrize("fault", OVERTAXING)
def test_bare_httpx_ends_too_late_with_too_much_or_with_half_an_answer(
    faulty: Faulty, figures: list[Figures], fault: str
) -> None:
    def ask() -> None:
        httpx.get(faulty.address(fault), timeout=DEADLINE_SECONDS, follow_redirects=True, trust_env=False).read()

    came = measured("httpx", fault, ask)
    figures.append(Figures("httpx", fault, came.ended.partition(":")[0], came.seconds, came.megabytes))
    assert came.ended == "no error" or not is_bounded(came)


def test_there_are_enough_faults() -> None:
    assert len(EXPECTED) >= 40
    assert len(set(NAMES)) == len(NAMES)
    assert set(OVERTAXING) <= set(NAMES)
