from collections.abc import Callable
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


@pytest.mark.parametrize("other", ["entry", "body", "touch", "refusal", "note"])
def test_the_digest_knows_everything_that_applying_would_do(tmp_path: Path, other: str) -> None:
    plans = [PlanFile(tmp_path / f"{number}.plan") for number in range(3)]
    for plan in plans:
        plan.add([entry("a")], [Touch(7, b"r")], [Refusal("x", b"r", b"p", "[]")])
    more: dict[str, Callable[[PlanFile], None]] = {
        "entry": lambda plan: plan.add([entry("b")]),
        "body": lambda plan: plan.add([entry("b")._replace(body=b"[]")]),
        "touch": lambda plan: plan.add(touches=[Touch(8, b"r")]),
        "refusal": lambda plan: plan.add(refusals=[Refusal("y", b"r", b"p", "[]")]),
        "note": lambda plan: plan.note({"run": 1}),
    }
    assert plans[0].digest() == plans[1].digest()
    more[other](plans[2])
    assert plans[2].digest() != plans[0].digest()


def test_a_kept_plan_can_be_opened_again_and_is_what_it_was(plan: PlanFile, tmp_path: Path) -> None:
    plan.add([entry("a")])
    plan.note({"run": 1})
    digest = plan.digest()
    plan.keep(tmp_path / "holds" / "1.plan")
    again = PlanFile(tmp_path / "holds" / "1.plan", kept=True)
    assert (again.digest(), again.noted(), again.counts()) == (digest, {"run": 1}, {"created": 1})
    plan.close()
    assert again.path.exists()


def test_a_plan_tells_the_keys_of_the_listings_it_is_asked_for(plan: PlanFile) -> None:
    plan.add_features([(1, b"f"), (2, b"f"), (3, b"f")], [(1, 9), (1, -8), (2, 9), (3, 7)])
    assert sorted(plan.blocks(1, 2)) == [(-8, 1), (9, 1), (9, 2)]
    assert plan.blocks(4, 9) == []


def test_a_closed_plan_leaves_no_file(plan: PlanFile) -> None:
    plan.close()
    assert not plan.path.exists()
