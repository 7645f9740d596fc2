from pathlib import Path

import pytest

from hub.store.plan_file import Action, Entry, PlanFile, Refusal, Touch


def entry(local_id: str, action: Action = Action.created, content: bytes = b"c") -> Entry:
    return Entry(local_id, action, None, f"o-{local_id}", "vacancy", b"r", content, "then", "then", body=b"{}")


@pytest.fixture
def plan(tmp_path: Path) -> PlanFile:
    return PlanFile(tmp_path / "plans" / "1.plan")


def test_a_plan_gives_back_its_refusals_in_order(plan: PlanFile) -> None:
    first, second = Refusal("y", b"r", b"p", "[]"), Refusal("x", b"r", b"p", "[]")
    plan.add(refusals=[first, second, first._replace(issues="[1]")])
    assert [each for batch in plan.refusals() for each in batch] == [first, second]


def test_a_plan_knows_which_listings_it_changes(plan: PlanFile) -> None:
    plan.add([entry("a"), entry("b")])
    assert plan.holds(["b", "c"]) == {"b"}
    assert plan.holds([]) == set()


def test_touching_a_listing_spends_no_position(plan: PlanFile) -> None:
    plan.add([entry("a"), entry("c", Action.withdrawn)], [Touch(7, b"r")])
    assert plan.spending() == 2


def test_the_digest_knows_what_a_plan_does_and_not_in_which_order(tmp_path: Path) -> None:
    plans = [PlanFile(tmp_path / f"{number}.plan") for number in range(3)]
    plans[0].add([entry("a"), entry("b")])
    plans[1].add([entry("b"), entry("a")])
    plans[2].add([entry("a"), entry("b", content=b"other")])
    first, second, third = (plan.digest() for plan in plans)
    assert first == second
    assert first != third


def test_a_closed_plan_leaves_no_file(plan: PlanFile) -> None:
    plan.close()
    assert not plan.path.exists()
