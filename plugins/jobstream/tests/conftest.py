"""A small sandbox of JobTech on a fixed day, its adapter, and ads in the shape of JobTech."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hub_jobstream.adapter import Jobstream
from hub_jobstream.sandbox import JobstreamSandbox

from hub import RawRecord
from hub.testing import adapter_for

TODAY = date(2026, 11, 20)
RECORDINGS = Path(__file__).parent / "recordings"


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **time: float) -> datetime:
        self.now += timedelta(**time)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> JobstreamSandbox:
    return JobstreamSandbox(1, TODAY, size=300, moment=clock)


@pytest.fixture(params=["v1", "v2"])
def adapter(sandbox: JobstreamSandbox, request: pytest.FixtureRequest) -> Jobstream:
    return adapter_for(Jobstream, sandbox, {"version": request.param})


@pytest.fixture
def record() -> Any:
    """Return a function that makes a record of an ad, with some fields laid over it by their path."""

    def read(name: str = "full_ad.json", **changes: Any) -> RawRecord:
        payload = json.loads((RECORDINGS / name).read_text("utf-8"))
        for path, value in changes.items():
            *parents, last = path.split("__")
            holder = payload
            for parent in parents:
                holder = holder[parent]
            holder[last] = value
        return RawRecord("1", payload)

    return read
