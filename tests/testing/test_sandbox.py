"""What all sandboxes share, over real sockets."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from hub.testing import Fault, Sandbox, combined, serve
from hub.testing.sandbox import RateLimit, endpoint


async def numbers(_: Request) -> JSONResponse:
    return JSONResponse({"items": list(range(100)), "total": 100, "more": False})


class Numbers(Sandbox):
    def __init__(self, calls_a_minute: int | None = None) -> None:
        super().__init__([Route("/numbers", numbers)], calls_a_minute=calls_a_minute)
        self.ticks = 0

    def options(self, address: str) -> dict[str, Any]:
        return {"base_url": address}

    def tick(self) -> Mapping[str, int]:
        self.ticks += 1
        return {"added": self.ticks, "edited": 0, "withdrawn": 0}


@pytest.fixture
def sandbox() -> Numbers:
    return Numbers()


@pytest.fixture
def address(sandbox: Numbers) -> Iterator[str]:
    with serve(combined({"numbers": sandbox, "limited": Numbers(2)})) as address:
        yield address


def test_each_sandbox_is_listed_and_served_at_its_name(address: str) -> None:
    assert [entry["name"] for entry in httpx.get(address).json()["sandboxes"]] == ["numbers", "limited"]
    assert httpx.get(f"{address}/numbers/numbers").json()["total"] == 100


def test_one_tick_moves_every_clock_and_answers_counts(address: str, sandbox: Numbers) -> None:
    answer = httpx.post(f"{address}/tick").json()
    assert answer["numbers"] == answer["limited"] == {"added": 1, "edited": 0, "withdrawn": 0}
    assert sandbox.ticks == 1


def test_more_calls_than_allowed_are_answered_with_429_and_when_to_try_again(address: str) -> None:
    answers = [httpx.get(f"{address}/limited/numbers") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "30"


def test_a_limit_of_2000_a_minute_asks_to_wait_one_second() -> None:
    assert RateLimit(Numbers().app, 2000)._wait() == "1"


def test_calls_are_counted_by_endpoint_whatever_the_id() -> None:
    paths = ("/vacatures/0a1", "/vacatures/7", "/vacatures", "/vacatures/bulk")
    counted = [endpoint({"type": "http", "method": "GET", "path": path}) for path in paths]
    assert counted == ["GET /vacatures", "GET /vacatures", "GET /vacatures", "GET /vacatures/bulk"]


def test_a_half_body_ends_the_connection_before_the_declared_length(address: str, sandbox: Numbers) -> None:
    sandbox.fail_next(Fault.half_body)
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{address}/numbers/numbers")


def test_cut_json_arrives_whole_and_does_not_parse(address: str, sandbox: Numbers) -> None:
    sandbox.fail_next(Fault.cut_json)
    with pytest.raises(ValueError, match="line 1"):
        httpx.get(f"{address}/numbers/numbers").json()


def test_an_empty_list_keeps_the_shape_of_the_answer(address: str, sandbox: Numbers) -> None:
    sandbox.fail_next(Fault.empty_list)
    assert httpx.get(f"{address}/numbers/numbers").json() == {"items": [], "total": 0, "more": False}


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        (Fault.server_error, 500, "application/json"),
        (Fault.html, 200, "text/html; charset=utf-8"),
        (Fault.too_many, 429, "application/json"),
        (Fault.wrong_credentials, 401, "application/json"),
    ],
)
def test_a_fault_answers_as_its_name_says(address: str, sandbox: Numbers, fault: Fault, status: int, kind: str) -> None:
    sandbox.fail_next(fault)
    answer = httpx.get(f"{address}/numbers/numbers")
    assert (answer.status_code, answer.headers["content-type"]) == (status, kind)


def test_faults_strike_after_so_many_calls_so_many_times_and_only_where_the_path_fits(
    address: str, sandbox: Numbers
) -> None:
    sandbox.fail_next(Fault.server_error, times=2, after=1, path="/numbers/num")
    sandbox.fail_next(Fault.html, path="/elsewhere")
    statuses = [httpx.get(f"{address}/numbers/numbers").status_code for _ in range(4)]
    assert statuses == [200, 500, 500, 200]


def test_a_taken_port_is_an_error_of_the_caller(address: str) -> None:
    with pytest.raises(OSError, match="in use"), serve(Numbers().app, int(address.rpartition(":")[2])):
        pass
