"""What portals told, as the admin of several sources sees it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from small_hub import Folder

from hub.app import feedback
from hub.app.hub import Hub
from hub.errors import StoreError
from hub.model.opportunity import utc
from hub.model.vocabulary import ReportReason
from hub.store import keys, pages
from hub.store.feedback import reports, usage
from hub.store.feedback.reports import ANONYMOUS, Reader, Said
from hub.store.feedback.usage import Batch, Count
from hub.store.keys import Grant
from hub.store.schema import listing

NOW = datetime.now(UTC)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    folder = Folder(tmp_path)
    folder.file("north", more="")
    folder.file("south", more="")
    with Hub.open(folder.path) as hub:
        hub.run("north")
        yield hub


def identifier(hub: Hub) -> str:
    with hub.database.read() as connection:
        return str(pages.opportunity_of(connection, "north", "1"))


def report(hub: Hub, reader: Reader, reason: ReportReason = ReportReason.expired) -> int:
    with hub.database.write() as connection:
        filed = reports.add(connection, Said(identifier(hub), reason), reader, utc(NOW))
    assert filed
    return filed.id


def list_elsewhere(hub: Hub) -> None:
    """Let another source list the same opportunity."""
    row = {"source": "south", "local_id": "x", "opportunity": identifier(hub), "live": 1, "kind": "programme"}
    more = {"raw": b"", "content": b"", "first_seen": utc(NOW), "content_changed": utc(NOW)}
    with hub.database.write() as connection:
        connection.execute(listing.insert(), {**row, **more})


def test_a_record_of_two_sources_counts_for_both_and_both_partners_are_asked(hub: Hub) -> None:
    list_elsewhere(hub)
    number = report(hub, Reader("k1", "k1"))
    assert [(each.source, each.new, each.live) for each in feedback.overview(hub, NOW)] == [
        ("north", 1, 1),
        ("south", 1, 1),
    ]
    found = feedback.decide(hub, number, "accepted", by="An", why=None)
    asked = [each for each in feedback.advice(hub, found) if each.startswith("Ask")]
    assert [each.split(":")[1].split()[0] for each in asked] == ["1", "x"]
    assert found.as_dict("south")["listings"] == ["south/x"]
    assert [each.first.id for each in feedback.find(hub, source="south", decided=True)] == [number]


def test_reports_that_say_the_same_are_decided_together_and_others_stay(hub: Hub) -> None:
    number = report(hub, Reader(ANONYMOUS, "a"))
    report(hub, Reader(ANONYMOUS, "b"))
    report(hub, Reader(ANONYMOUS, "b"), ReportReason.offensive)
    feedback.decide(hub, number, "rejected", by="An", why="still there")
    assert [each.first.reason for each in feedback.find(hub)] == ["offensive"]
    assert [row.why for row in feedback.show(hub, number).rows] == ["still there"] * 2
    with pytest.raises(StoreError, match="was rejected by An"):
        feedback.decide(hub, number, "accepted", by="Bo", why=None)


def test_a_portal_counts_once_whichever_of_its_keys_it_used(hub: Hub) -> None:
    grant = Grant("Portaal", "it@portal.example", None)
    day = utc(NOW)[:10]
    with hub.database.write() as connection:
        for number in (1, 2):
            key = keys.give(connection, grant, now=utc(NOW))
            usage.add(connection, Batch(key.id, "b", day, b""), [Count(identifier(hub), number, 0, 0)], utc(NOW))
    (found,) = feedback.used(hub, NOW, "north")
    assert found.portals == {"Portaal": {"shown": 3}}
    assert (found.as_dict()["portals"], found.per_thousand("opened")) == (1, 0.0)
