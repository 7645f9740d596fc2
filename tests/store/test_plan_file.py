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


def going(local_id: str, merged_into: str | None = None) -> Entry:
    action = Action.merged if merged_into else Action.withdrawn
    return Entry(local_id, action, 1, f"o-{local_id}", "vacancy", None, None, "then", "then", merged_into)


def test_the_digest_knows_what_goes_and_why_and_neither_order_nor_what_else_changes(tmp_path: Path) -> None:
    plans = [PlanFile(tmp_path / f"{number}.plan") for number in range(4)]
    plans[0].add([going("a"), going("b")])
    plans[1].add([going("b"), entry("x"), going("a")])
    plans[2].add([going("a"), going("b", merged_into="o-c")])
    plans[3].add([going("a"), going("b", merged_into="o-d")])
    digests = [plan.digest("too many") for plan in plans]
    assert digests[0] == digests[1]
    assert len({*digests, plans[0].digest("too few")}) == 4


def test_a_closed_plan_leaves_no_file(plan: PlanFile) -> None:
    plan.close()
    assert not plan.path.exists()
