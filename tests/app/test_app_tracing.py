"""A record's passport tells where it comes from, how it was read, and what became of it."""

from collections.abc import Callable

import pytest
from small_hub import Folder

from hub.app.hub import Hub
from hub.app.tracing import trace

Open = Callable[..., Hub]


@pytest.fixture
def hub(folder: Folder, opened: Open) -> Hub:
    folder.file("programmes")
    (folder.path / "programmes.csv").write_text("nr;naam;wie\n1;Taalbad;Voorbeeld vzw\n2;;Voorbeeld vzw\n")
    hub = opened()
    hub.run("programmes")
    return hub


def test_a_published_record_is_found_by_the_partners_id_and_by_its_own(hub: Hub) -> None:
    (found,) = trace(hub, "1")
    assert found.listing is not None
    assert found.published is not None
    assert found.body is not None
    assert (found.source, found.body["title"], found.published.reason) == ("programmes", {"nl": "Taalbad"}, None)
    opportunity = found.listing.opportunity
    assert trace(hub, opportunity) == trace(hub, f"https://hub.example.org/opportunities/{opportunity}") == [found]


def test_the_record_is_shown_as_the_partner_sent_it(hub: Hub) -> None:
    (found,) = trace(hub, "1")
    assert found.reading is not None
    assert found.reading.payload == {"nr": "1", "naam": "Taalbad", "wie": "Voorbeeld vzw"}
    assert found.last_listed


def test_a_refused_record_says_why_and_since_when(hub: Hub) -> None:
    (found,) = trace(hub, "2")
    assert found.listing is None
    assert found.aside is not None
    assert found.reading is not None
    assert [each.code for each in found.reading.issues] == ["missing-title"]


def test_a_change_is_a_new_position(hub: Hub, folder: Folder) -> None:
    hub.run("programmes")
    (found,) = trace(hub, "1")
    before = found.published
    (folder.path / "programmes.csv").write_text("nr;naam;wie\n1;Taalbad plus;Voorbeeld vzw\n")
    hub.run("programmes")
    (found,) = trace(hub, "1")
    assert before is not None
    assert found.published is not None
    assert found.published.position > before.position


def test_an_id_that_nobody_lists_is_not_found_nor_one_of_another_source(hub: Hub) -> None:
    assert trace(hub, "77") == []
    assert trace(hub, "1", "another") == []
