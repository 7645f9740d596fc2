"""A fetch through the hub's own client: the quick way to test an adapter."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from hub.adapter import Adapter, Complete, Fetched, Job, Normalised, Options, RawRecord
from hub.errors import AuthenticationRejected, RecordError, SourceUnavailable, UnexpectedAnswer
from hub.testing import Fault, Sandbox, SandboxJob, adapter_for, fetch


class Where(Options):
    base_url: str
    page: int = 1


class Letters(Adapter[Where]):
    name = "letters"
    version = "1"
    options_type = Where

    def fetch(self, job: Job) -> Iterator[Fetched]:
        answer = job.connect(headers={"X-Key": "k"}).get(f"{self.options.base_url}/letters", params={"n": "3"})
        yield from (RawRecord(letter, None) for letter in answer.json()["letters"])
        yield Complete("all", cursor=f"{job.cursor} {job.now:%H}")

    def normalise(self, record: RawRecord) -> Normalised:
        raise RecordError("unreadable-record")


class Alphabet(Sandbox):
    def __init__(self) -> None:
        super().__init__([Route("/letters", self._letters)])
        self.seen: Mapping[str, str] = {}

    def options(self, address: str) -> dict[str, Any]:
        return {"base_url": address}

    def tick(self) -> Mapping[str, int]:
        return {}

    async def _letters(self, request: Request) -> JSONResponse:
        self.seen = {**request.query_params, "key": request.headers["x-key"]}
        return JSONResponse({"letters": ["a", "b"]})


@pytest.fixture
def sandbox() -> Alphabet:
    return Alphabet()


def test_an_adapter_reads_its_sandbox_over_loopback(sandbox: Alphabet) -> None:
    adapter = adapter_for(Letters, sandbox, {"page": 2})
    fetched = fetch(adapter, sandbox, cursor="c", now=datetime(2026, 11, 20, 7, tzinfo=UTC))
    assert fetched == [RawRecord("a", None), RawRecord("b", None), Complete("all", cursor="c 07")]
    assert sandbox.seen == {"n": "3", "key": "k"}
    assert adapter.options.page == 2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.server_error, SourceUnavailable),
        (Fault.half_body, UnexpectedAnswer),
        (Fault.html, UnexpectedAnswer),
        (Fault.cut_json, UnexpectedAnswer),
        (Fault.wrong_credentials, AuthenticationRejected),
    ],
)
def test_faults_become_the_errors_of_the_hubs_client(sandbox: Alphabet, fault: Fault, error: type[Exception]) -> None:
    sandbox.fail_next(fault, times=9)
    with pytest.raises(error):
        fetch(adapter_for(Letters, sandbox), sandbox)


def test_a_429_is_obeyed_without_really_waiting(sandbox: Alphabet) -> None:
    sandbox.fail_next(Fault.too_many)
    with SandboxJob(sandbox) as job:
        assert len(list(adapter_for(Letters, sandbox).fetch(job))) == 3
    assert job.asked == ["GET /letters"] * 2
    assert 1 <= job.waited[0] < 2


def test_a_sandbox_is_served_at_one_address_as_long_as_it_is_held(sandbox: Alphabet) -> None:
    one, again = (adapter_for(Letters, sandbox).options.base_url for _ in range(2))
    assert one == again != adapter_for(Letters, Alphabet()).options.base_url


def test_a_local_file_is_found_from_the_folder(sandbox: Alphabet, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a;b")
    with SandboxJob(sandbox, folder=tmp_path) as job:
        document = job.open_file("a.csv")
    with document.open() as stream:
        assert (document.name, document.size, stream.read()) == ("a.csv", 3, b"a;b")
    assert document.digest.startswith("5719af")
