"""The example sources for JSON, through the whole hub on their sandbox: Le Forem's data set, another hub's feed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_hub import Folder
from starlette.types import Receive, Scope, Send

from hub.app.hub import Hub
from hub.pipeline import Report
from hub.testing import Sandbox, combined, serve

SOURCES = Path(__file__).parents[2] / "config" / "sources"
OFF = "enabled = false"


class Later:
    """An application that is known only once its hub is open."""

    def __init__(self) -> None:
        self.inner = combined({})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on."""
        await self.inner(scope, receive, send)


@pytest.fixture
def example(folder: Folder) -> Iterator[tuple[Hub, Sandbox]]:
    """Return a hub with both examples on their sandbox, and that sandbox."""
    for name in ("forem", "another-hub"):
        text = (SOURCES / f"{name}.toml").read_text("utf-8")
        assert OFF in text
        text = text.replace(OFF, "sandbox = true").replace("min = 10_000", "min = 100, absence_runs = 1")
        text = (
            text if "absence_runs" in text else text.replace("[options]", "expect = { absence_runs = 1 }\n[options]", 1)
        )
        (folder.path / "sources" / f"{name}.toml").write_text(text, "utf-8")
    later = Later()
    with serve(later) as address, Hub.open(folder.path, sandbox_address=address) as hub:
        later.inner = combined(hub.sandboxes.by_adapter)
        yield hub, hub.sandboxes.by_adapter["generic_json"]


def counts(report: Report) -> tuple[int, int]:
    """Return how many listings a run changed, and how many it took out, told or absent."""
    plan = report.counts
    return plan.created + plan.updated, plan.withdrawn + plan.absent


@pytest.mark.parametrize("source", ["forem", "another-hub"])
def test_an_example_loads_follows_and_is_silent_when_nothing_changed(example: tuple[Hub, Sandbox], source: str) -> None:
    hub, sandbox = example
    first = hub.run(source)
    assert first.outcome == "complete"
    assert counts(first)[0] > 150
    assert counts(hub.run(source)) == (0, 0)
    changed = withdrawn = 0
    for _ in range(6):
        sandbox.tick()
        report = hub.run(source)
        assert report.outcome == "complete"
        changed, withdrawn = changed + counts(report)[0], withdrawn + counts(report)[1]
    assert changed > 5
    assert withdrawn > 0
    assert counts(hub.run(source)) == (0, 0)
