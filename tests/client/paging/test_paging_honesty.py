"""Any honest partner is read whole, in any style of paging; any dishonest one never passes for complete."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.adapter import Complete, Incomplete
from hub.client.paging import Cursor, NextLink, Offset, Page, PageNumber, Paging, Reading, Turn
from hub.errors import UnexpectedAnswer

START = "https://partner.example/api/jobs?page=0"
STYLES = ("number", "offset", "cursor", "link")


def named(item: Any) -> str | None:
    return item.get("id")  # type: ignore[no-any-return]


@dataclass
class Partner:
    """A partner with so many items, that pages in a style and may state its total; `lies` changes its answers."""

    count: int
    size: int
    style: str
    totals: bool
    most: int | None = None
    lies: Callable[[int, Page], Page] = field(default=lambda _, page: page)

    @property
    def items(self) -> list[dict[str, Any]]:
        return [{"id": str(number), "title": f"job {number}"} for number in range(self.count)]

    @property
    def paging(self) -> Paging:
        match self.style:
            case "number":
                return PageNumber(self.size)
            case "offset":
                return Offset(self.size)
            case "cursor":
                return Cursor(size=self.size)
        return NextLink(START, size=self.size)

    def ask(self, turn: Turn) -> Page:
        size = min(self.size, self.most or self.size)
        start = self._start(turn, size)
        items = self.items[start : start + size]
        more = start + size < self.count
        number = start // size + 1
        following = {"cursor": str(number), "link": f"/api/jobs?page={number}"}.get(self.style) if more else None
        return self.lies(turn.number, Page(items, self.count if self.totals else None, following))

    def _start(self, turn: Turn, size: int) -> int:
        match self.style:
            case "number":
                return (int(turn.params["page"]) - 1) * min(size, int(turn.params["size"]))
            case "offset":
                return int(turn.params["offset"])
            case "cursor":
                return int(turn.params.get("cursor", "0")) * size
        return int(str(turn.url).partition("=")[2]) * size

    def reading(self, **more: Any) -> Reading:
        told = {"states_total": self.totals, **more}
        return Reading(self.paging, self.ask, named, where="GET partner.example/api/jobs", **told)


def partners(**fixed: Any) -> st.SearchStrategy[Partner]:
    made = {
        "count": st.integers(0, 60),
        "size": st.integers(1, 25),
        "style": st.sampled_from(STYLES),
        "totals": st.booleans(),
    }
    return st.builds(Partner, **{**made, **fixed})


def shows_its_end(partner: Partner) -> bool:
    """Whether a partner that only says "no next page" does not say it on a page that is full."""
    return partner.totals or partner.style in {"number", "offset"} or partner.count % partner.size != 0


@given(partners().filter(shows_its_end), st.none() | st.integers(1, 10))
def test_an_honest_partner_is_read_whole(partner: Partner, most: int | None) -> None:
    partner.most = most if partner.style in {"number", "offset"} else None
    reading = partner.reading()
    assert list(reading) == partner.items
    end = reading.end("cursor")
    assert isinstance(end, Complete), reading.fault
    assert (end.cursor, reading.fault, reading.read) == ("cursor", None, partner.count)


# Dishonest partners -------------------------------------------------------------------------------------------

Lie = Callable[[Partner], Callable[[int, Page], Page]]
LINKED = ("cursor", "link")
COUNTED = ("number", "offset")


def stops_early(partner: Partner) -> Callable[[int, Page], Page]:
    return lambda number, page: replace(page, items=[], following=None) if number >= 1 else page


def repeats_a_page(partner: Partner) -> Callable[[int, Page], Page]:
    first: list[Page] = []

    def lie(number: int, page: Page) -> Page:
        first.append(page)
        return replace(page, items=first[0].items) if page.items else page

    return lie


def repeats_an_item(partner: Partner) -> Callable[[int, Page], Page]:
    return lambda number, page: (
        replace(page, items=[partner.items[0], *page.items[1:]]) if number and page.items else page
    )


def moves_the_total(partner: Partner) -> Callable[[int, Page], Page]:
    return lambda number, page: replace(page, total=partner.count + (1 if number else 0))


def states_too_many(partner: Partner) -> Callable[[int, Page], Page]:
    return lambda number, page: replace(page, total=partner.count + 1)


def states_too_few(partner: Partner) -> Callable[[int, Page], Page]:
    return lambda number, page: replace(page, total=partner.count - 1)


def states_the_page(partner: Partner) -> Callable[[int, Page], Page]:
    return lambda number, page: replace(page, total=len(page.items))


def counts_as_it_goes(partner: Partner) -> Callable[[int, Page], Page]:
    return lambda number, page: replace(page, total=min((number + 1) * partner.size, partner.count))


def states_no_total(partner: Partner) -> Callable[[int, Page], Page]:
    return lambda number, page: replace(page, total=None)


def leaves_an_item_out(partner: Partner) -> Callable[[int, Page], Page]:
    return lambda number, page: replace(page, items=page.items[:-1]) if number == 1 else page


def loses_the_next_page(partner: Partner) -> Callable[[int, Page], Page]:
    return lambda number, page: replace(page, following=None)


def goes_round(partner: Partner) -> Callable[[int, Page], Page]:
    back = {"cursor": "1", "link": "/api/jobs?page=1"}[partner.style]
    return lambda number, page: replace(page, following=back)


def names_itself(partner: Partner) -> Callable[[int, Page], Page]:
    return lambda number, page: replace(page, following=START if partner.style == "link" else "0")


def leads_to_another_host(partner: Partner) -> Callable[[int, Page], Page]:
    return lambda number, page: replace(page, following="https://elsewhere.example/api/jobs?page=1")


def leads_elsewhere(partner: Partner) -> Callable[[int, Page], Page]:
    return lambda number, page: replace(page, following="/login?page=1")


def never_ends(partner: Partner) -> Callable[[int, Page], Page]:
    link = "?page=" if partner.style == "link" else ""

    def lie(number: int, page: Page) -> Page:
        return replace(
            page, items=[{"id": f"{number}-{each}"} for each in range(partner.size)], following=f"{link}{number + 1}"
        )

    return lie


@dataclass(frozen=True)
class Dishonest:
    lie: Lie
    styles: tuple[str, ...] = STYLES
    totals: bool | None = None
    said: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    fools: bool = True
    """Whether a reader without checks takes the list for complete."""


KINDS = {
    "stops early": Dishonest(stops_early, totals=True, said="states a total of"),
    "repeats a page": Dishonest(repeats_a_page, said="repeats"),
    "repeats an item": Dishonest(repeats_an_item, said="came twice|repeats"),
    "moves the total": Dishonest(moves_the_total, totals=True, said="moved from|states a total"),
    "states too many": Dishonest(states_too_many, totals=True, said="states a total of"),
    "states too few": Dishonest(states_too_few, totals=True, said="states a total of"),
    "states the total of the page": Dishonest(states_the_page, COUNTED, totals=True, said="moved from|states a total"),
    "counts as it goes": Dishonest(counts_as_it_goes, COUNTED, totals=True, said="moved from"),
    "states no total": Dishonest(states_no_total, totals=True, said="state no total"),
    "leaves an item out": Dishonest(leaves_an_item_out, LINKED, totals=True, said="states a total of"),
    "loses the next page": Dishonest(loses_the_next_page, LINKED, said="full page|states a total of"),
    "goes round in a circle": Dishonest(goes_round, LINKED, said="circle|repeats"),
    "names a page as its own next": Dishonest(names_itself, ("link",), said="circle|repeats"),
    "leads to another host": Dishonest(leads_to_another_host, ("link",), said="another host"),
    "leads to another place": Dishonest(
        leads_elsewhere, ("link",), said="/login, which is on another host or in another"
    ),
    "never ends": Dishonest(
        never_ends, totals=False, said="more than 12 pages", options={"max_pages": 12}, fools=False
    ),
}


def naive(partner: Partner) -> Iterator[Any]:
    """Read as a reader does that checks nothing: to the empty page, or to where no page follows."""
    turn = partner.paging.start()
    for _ in range(100):
        page = partner.ask(turn)
        yield from page.items
        if not page.items or (partner.style in LINKED and not page.following):
            return
        turn = partner.paging.follow(turn, page)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_a_dishonest_partner_is_never_complete(kind: str, data: st.DataObject) -> None:
    found = KINDS[kind]
    totals = st.booleans() if found.totals is None else st.just(found.totals)
    made = data.draw(
        partners(style=st.sampled_from(found.styles), totals=totals, size=st.integers(2, 10), count=st.integers(22, 60))
    )
    made.lies = found.lie(made)
    reading = made.reading(**found.options)
    items = list(reading)
    end = reading.end()
    assert isinstance(end, Incomplete)
    assert end.reason.startswith("GET partner.example/api/jobs: ")
    assert any(said in end.reason for said in found.said.split("|")), end.reason
    assert len({item["id"] for item in items}) == len(items)
    assert reading.proof is None


@pytest.mark.parametrize("count", [1000, 2000, 10_000])
@pytest.mark.parametrize("style", STYLES)
def test_a_list_that_ends_at_a_round_number_is_no_proof(style: str, count: int) -> None:
    reading = Partner(count, 499, style, totals=False).reading()
    assert len(list(reading)) == count
    assert f"ends after exactly {count:,} items" in str(reading.fault)


def test_a_list_that_is_known_to_be_that_long_is_believed() -> None:
    reading = Partner(1000, 100, "cursor", totals=False).reading(caps=frozenset())
    assert len(list(reading)) == 1000
    assert isinstance(reading.end(), Complete)


@pytest.mark.parametrize(("count", "ending"), [(2000, Complete), (10_000, Incomplete)])
def test_with_a_total_only_what_search_engines_count_to_is_suspicious(count: int, ending: type) -> None:
    reading = Partner(count, 500, "number", totals=True).reading()
    assert len(list(reading)) == count
    assert isinstance(reading.end(), ending)


@pytest.mark.parametrize(
    "kind", ["stops early", "repeats an item", "states too many", "loses the next page", "leaves an item out"]
)
def test_a_reader_without_checks_is_fooled(kind: str) -> None:
    found = KINDS[kind]
    partner = Partner(30, 7, found.styles[0], totals=True)
    partner.lies = found.lie(partner)
    read = list(naive(partner))
    assert len({item["id"] for item in read}) < partner.count or kind == "states too many"


def test_a_web_page_in_the_middle_fails_the_run() -> None:
    def lie(number: int, page: Page) -> Page:
        if number == 1:
            raise UnexpectedAnswer("GET partner.example/api/jobs: the partner sent an HTML page where JSON was due.")
        return page

    reading = Partner(30, 7, "number", totals=True, lies=lie).reading()
    taken: list[Any] = []
    with pytest.raises(UnexpectedAnswer, match="HTML page"):
        taken.extend(reading)
    assert len(taken) == 7
    assert isinstance(reading.end(), Incomplete)
