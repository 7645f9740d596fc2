"""No record vanishes without a word: each difference between what came and what is published is a reason that opens."""

from collections.abc import Callable

import pytest
from small_hub import Folder

from hub.app.funnel import funnel, steps_of
from hub.app.hub import Hub
from hub.errors import ConfigError
from hub.store import quarantine
from hub.store.runs import RunRow

Open = Callable[..., Hub]
ROWS = """nr;naam;wie
1;Taalbad;Voorbeeld vzw
2;;Voorbeeld vzw
3;Buddy;
;Zonder nummer;Voorbeeld vzw
5;Stage;Voorbeeld vzw
5;Stage;Voorbeeld vzw
6;;
"""


@pytest.fixture
def hub(folder: Folder, opened: Open) -> Hub:
    folder.file("programmes")
    (folder.path / "programmes.csv").write_text(ROWS)
    hub = opened()
    hub.run("programmes")
    return hub


def test_every_record_is_at_a_step_or_left_behind_with_a_reason(hub: Hub) -> None:
    found = funnel(hub, "programmes")
    assert [(step.name, step.count) for step in found.steps] == [
        ("fetched", 7),
        ("read", 6),
        ("valid", 3),
        ("unique", 2),
        ("published", 2),
    ]
    for before, after in zip(found.steps, found.steps[1:], strict=False):
        assert before.count - after.count == sum(after.lost.values())
    assert found.live == found.steps[-1].count


def test_what_the_partner_states_and_what_came_differ_by_what_was_not_fetched() -> None:
    run = RunRow(1, "told", "", "", "incomplete", None, None, {"fetched": 7}, {"listed": 9}, None, None, None, None)
    first, second, *_ = steps_of(run)
    assert (first.name, first.count) == ("listed", 9)
    assert (second.name, second.count, second.lost) == ("fetched", 7, {"not-fetched": 2})


def test_what_was_left_behind_opens(hub: Hub) -> None:
    found = funnel(hub, "programmes")
    codes = {code for step in found.steps for code in step.lost}
    assert codes == {"empty-id", "missing-title", "missing-organisation", "duplicate-id"}
    with hub.database.read() as connection:
        opened = {code: quarantine.find(connection, "programmes", 10, code) for code in codes}
    assert {code for code, records in opened.items() if not records} == set()
    assert found.reasons["missing-title"].since


def test_a_source_without_such_a_run_says_so(hub: Hub, folder: Folder) -> None:
    with pytest.raises(ConfigError, match="no run 99"):
        funnel(hub, "programmes", 99)
    with pytest.raises(ConfigError):
        funnel(hub, "unknown")
