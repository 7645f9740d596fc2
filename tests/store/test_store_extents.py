"""How much of what is published somebody may read, asked in every way, against the same counted by hand."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.model.vocabulary import Kind
from hub.store import Database, open_store, pages, roll
from hub.store.schema import opportunity
from hub.store.views import extents
from hub.store.views.extents import WHOLE, Extent
from hub.store.views.tables import view_item
from hub.views import BUILT_IN, Filter, View

VIEWS = ("north", "south")


class Row(NamedTuple):
    """One opportunity: its kind, whether it lives, and in each view whether it is, was (False) or never was (None)."""

    kind: Kind
    live: bool
    held: tuple[bool | None, ...]


ROW = st.builds(
    Row, st.sampled_from(Kind), st.booleans(), st.tuples(*[st.sampled_from([True, False, None])] * len(VIEWS))
)
EXTENT = st.builds(
    Extent, st.frozensets(st.sampled_from([kind.value for kind in Kind])), st.sampled_from([(), ("north",), VIEWS])
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_store(tmp_path_factory.mktemp("extents") / "hub.db")
    yield database
    database.close()


def fill(database: Database, rows: list[Row]) -> None:
    with database.write() as connection:
        connection.execute(opportunity.delete())
        connection.execute(view_item.delete())
        for number, row in enumerate(rows, 1):
            said = {"id": str(number), "kind": row.kind.value, "position": number, "changed": f"2026-11-{number:02}"}
            connection.execute(opportunity.insert(), {**said, "reason": None if row.live else "withdrawn"})
            for view, held in zip(VIEWS, row.held, strict=True):
                if held is not None:
                    item = {"view": view, "position": number, "opportunity": str(number)}
                    connection.execute(view_item.insert(), {**item, "present": held and row.live})


def is_within(row: Row, extent: Extent) -> bool:
    held = [each for view, each in zip(VIEWS, row.held, strict=True) if view in extent.views]
    return row.kind in extent.kinds or (any(held) if row.live else any(each is not None for each in held))


@given(st.lists(ROW, max_size=9), EXTENT)
def test_what_is_within_is_the_same_however_it_is_asked(database: Database, rows: list[Row], extent: Extent) -> None:
    fill(database, rows)
    within = [str(number) for number, row in enumerate(rows, 1) if is_within(row, extent)]
    live = [name for name in within if rows[int(name) - 1].live]
    known = {
        str(number)
        for number, row in enumerate(rows, 1)
        if row.kind in extent.kinds
        or any(each is not None for view, each in zip(VIEWS, row.held, strict=True) if view in extent.views)
    }
    with database.read() as connection:
        items = [item for number in range(1, len(rows) + 1) if (item := pages.item(connection, str(number)))]
        assert [item.id for item in items if extents.holds(connection, extent, item)] == within
        assert extents.told(connection, extent, [item.id for item in items]) == known
        counted = extents.counts(connection, extent)
        assert counted.opportunities == Counter(rows[int(name) - 1].kind for name in live)
        assert counted.tombstones == len(within) - len(live)
        for kind in Kind:
            of_kind = [name for name in reversed(live) if rows[int(name) - 1].kind == kind]
            assert [item.id for item in extents.latest(connection, extent, kind, 3)] == of_kind[:3]
        parts = roll.parts(connection, extent, 2)
        listed = [row for number in range(len(parts)) for row in roll.part(connection, extent, number, 2)]
        assert [name for name, _ in listed] == live
        assert [max(when for _, when in listed[start : start + 2]) for start in range(0, len(listed), 2)] == parts


def test_the_extent_of_views_is_whole_kinds_and_what_is_defined() -> None:
    every, vacancies, programmes = BUILT_IN
    north = View("north", {}, Filter(kinds=frozenset({Kind.vacancy})))
    assert Extent.of([north]) == Extent(frozenset(), ("north",))
    assert Extent.of([vacancies, north]) == Extent(frozenset({"vacancy"}), ("north",))
    assert [Extent.of(views).is_whole for views in ([every], [vacancies, programmes], [vacancies, north], [])] == [
        True,
        True,
        False,
        False,
    ]
    assert Extent.of([every]) == WHOLE


def test_what_is_within_is_found_by_indexes(tmp_path: Path) -> None:
    database = open_store(tmp_path / "hub.db")
    statement = str(extents._HOLDS).replace(":views", "'[]'").replace(":id", "'1'").replace(":least", "1")
    with database.read() as connection:
        plan = " ".join(row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}"))
    database.close()
    assert "view_item_opportunity (view=? AND opportunity=?)" in plan
