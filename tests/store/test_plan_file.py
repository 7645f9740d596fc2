from pathlib import Path

import pytest

from hub.store.plan_file import Action, Entry, PlanFile, Refusal


def entry(local_id: str, action: Action = Action.created, content: bytes = b"c") -> Entry:
    return Entry(local_id, action, None, f"o-{local_id}", "vacancy", b"r", content, "then", "then", body=b"{}")


@pytest.fixture
def plan(tmp_path: Path) -> PlanFile:
    return PlanFile(tmp_path / "plans" / "1.plan")


def test_a_plan_gives_back_its_entries_in_order(plan: PlanFile) -> None:
    plan.add([entry("b"), entry("a", Action.touched)], [Refusal("x", b"r", b"p", "[]")])
    found = [each for batch in plan.entries() for each in batch]
    assert found == [entry("b")._replace(place=1), entry("a", Action.touched)]
    assert [each for batch in plan.refusals() for each in batch] == [Refusal("x", b"r", b"p", "[]")]


def test_touching_a_listing_spends_no_position(plan: PlanFile) -> None:
    plan.add([entry("a"), entry("b", Action.touched), entry("c", Action.withdrawn)], [])
    assert plan.spending() == 2


def test_the_digest_knows_what_a_plan_does_and_not_in_which_order(tmp_path: Path) -> None:
    plans = [PlanFile(tmp_path / f"{number}.plan") for number in range(3)]
    plans[0].add([entry("a"), entry("b")], [])
    plans[1].add([entry("b"), entry("a")], [])
    plans[2].add([entry("a"), entry("b", content=b"other")], [])
    first, second, third = (plan.digest() for plan in plans)
    assert first == second
    assert first != third


def test_a_closed_plan_leaves_no_file(plan: PlanFile) -> None:
    plan.close()
    assert not plan.path.exists()
