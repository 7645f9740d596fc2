"""Lists of references, as odd as a partner may give them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hub_vdab.options import VdabOptions
from hub_vdab.references import References

from hub import UnexpectedAnswer

OPTIONS = VdabOptions(client_id="id", client_secret="secret", page_size=2, max_pages=5)


@dataclass
class Said:
    content: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        return self.content


class Pages:
    """A client that answers one page after the other, the last one for ever."""

    def __init__(self, *pages: Any) -> None:
        self.pages = list(pages)
        self.offsets: list[str] = []

    def get(self, _: str, *, params: Mapping[str, str]) -> Said:
        self.offsets.append(params["vanaf"])
        return Said(self.pages.pop(0) if len(self.pages) > 1 else self.pages[0])


def entry(name: str, status: str = "GEPUBLICEERD") -> dict[str, Any]:
    return {"vacatureReferentie": {"interneReferentie": name}, "status": status}


def page(*names: str, **more: Any) -> dict[str, Any]:
    return {"resultaten": [entry(name) for name in names], **more}


def read(*pages: Any, changes: bool = False) -> tuple[References, Pages]:
    listed, client = References(), Pages(*pages, page())
    listed.read_all(client, "https://vdab.example/bulk", {}, OPTIONS, changes=changes)  # type: ignore[arg-type]
    return listed, client


@pytest.mark.parametrize("total", ["totaalAantalResultaten", "aantal"])
def test_both_names_of_the_total_are_understood(total: str) -> None:
    listed, client = read(page("a", "b", **{total: 3}), page("c", **{total: 3}))
    assert (list(listed.statuses), listed.fault, listed.stated) == (["a", "b", "c"], None, True)
    assert client.offsets == ["0", "2", "3"]


def test_a_count_of_the_page_is_not_taken_for_the_total() -> None:
    listed, _ = read(page("a", "b", aantal=2), page("c", "d", aantal=2), page("e", aantal=1))
    assert (len(listed.statuses), listed.fault, listed.stated) == (5, None, False)


def test_a_list_that_shifts_while_it_is_read_shows_by_its_repetitions() -> None:
    listed, _ = read(page("a", "b", aantal=4), page("b", "c", aantal=4))
    assert "1 item came twice" in str(listed.fault)


def test_a_list_of_changes_may_name_a_vacancy_again() -> None:
    listed, _ = read(page("a", "b", aantal=4), page("b", "c", aantal=4), changes=True)
    assert (list(listed.statuses), listed.read, listed.fault) == (["a", "b", "c"], 4, None)


def test_without_a_total_reading_ends_at_the_empty_page() -> None:
    listed, client = read(page("a", "b"), page("c"))
    assert (len(listed.statuses), listed.fault, listed.stated) == (3, None, False)
    assert client.offsets == ["0", "2", "3"]


def test_references_that_lead_nowhere_are_passed_over_and_counted() -> None:
    listed, _ = read(page("a", "NOT_FOUND-7", aantal=2))
    assert (list(listed.statuses), listed.fault) == (["a"], None)


def test_an_entry_without_a_reference_is_kept_apart() -> None:
    listed, _ = read({"resultaten": [{"status": "GEPUBLICEERD"}, "x"], "aantal": 2})
    assert (listed.nameless, listed.fault) == ([{"status": "GEPUBLICEERD"}, "x"], None)


def test_a_bare_reference_is_understood() -> None:
    listed, _ = read({"resultaten": [{"vacatureReferentie": "a", "status": "NIET_GEPUBLICEERD"}], "aantal": 1})
    assert listed.statuses == {"a": "NIET_GEPUBLICEERD"}


def test_the_last_status_of_a_reference_counts() -> None:
    listed, _ = read({"resultaten": [entry("a"), entry("a", "NIET_GEPUBLICEERD")], "aantal": 2}, changes=True)
    assert (listed.statuses, listed.fault) == ({"a": "NIET_GEPUBLICEERD"}, None)


@pytest.mark.parametrize(
    ("pages", "fault"),
    [
        ((page("a", "b", aantal=9), page("a", "b", aantal=9)), "page 2 repeats page 1 again"),
        ((page("a", "b", aantal=4), page("c", "d", aantal=5)), "moved from 4 to 5"),
        ((page("a", "b", aantal=4), page(aantal=4)), "2 items came, but the partner states a total of 4"),
        ((page("a", "b", totaalAantal=1),), "2 items came, but the partner states a total of 1"),
    ],
)
def test_a_list_that_contradicts_itself_is_no_proof(pages: tuple[Any, ...], fault: str) -> None:
    listed, _ = read(*pages)
    assert fault in str(listed.fault)
    assert set(listed.statuses) >= {"a", "b"}


@pytest.mark.parametrize("content", [[], {"items": []}, None, {"resultaten": {}}])
def test_an_answer_without_a_list_is_unexpected(content: Any) -> None:
    with pytest.raises(UnexpectedAnswer, match="no list 'resultaten'"):
        read(content)


def test_a_list_without_end_is_no_proof() -> None:
    listed, client = read(*[page(f"a{number}", f"b{number}") for number in range(6)])
    assert "more than 5 pages" in str(listed.fault)
    assert len(client.offsets) == 5
