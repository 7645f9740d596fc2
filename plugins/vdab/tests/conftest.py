"""A small sandbox of VDAB on a fixed day, and its adapter."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hub_vdab.adapter import Vdab
from hub_vdab.sandbox import VdabSandbox

from hub import RawRecord
from hub.testing import adapter_for

TODAY = date(2026, 11, 20)
RECORDINGS = Path(__file__).parent / "recordings"


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def move(self, **time: float) -> datetime:
        self.now += timedelta(**time)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> VdabSandbox:
    return VdabSandbox(1, TODAY, size=300, moment=clock, clock=clock.seconds)


@pytest.fixture
def adapter(sandbox: VdabSandbox) -> Vdab:
    return adapter_for(Vdab, sandbox)


@pytest.fixture(params=sorted(path.name for path in RECORDINGS.glob("*.json")))
def recording(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def record() -> Any:
    """Return a function that reads a recording, with some fields laid over it by their path."""

    def read(name: str, **changes: Any) -> RawRecord:
        payload = json.loads((RECORDINGS / name).read_text())
        for path, value in changes.items():
            *parents, last = path.split("__")
            holder = payload
            for parent in parents:
                holder = holder[parent]
            holder[last] = value
        return RawRecord(name, payload)

    return read
