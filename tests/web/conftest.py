"""A hub on a small real store, and a visitor to it."""

from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from hub.store import Database, open_store
from hub.store.schema import body, listing, opportunity, quarantine, run
from hub.web import Server, Site, SourceView, app

NOW = "2026-11-22T18:00:00Z"
ORGANISATION = {"name": "Maatwerkbedrijf De Brug <vzw>", "kbo": "0403019261", "url": "https://brug.example"}
REFERENCE = {
    "source": "vdab",
    "partner": "VDAB",
    "localId": "65123456",
    "licence": "partner agreement",
    "contentChanged": NOW,
    "firstSeen": NOW,
}
SHARED: dict[str, Any] = {
    "organisation": ORGANISATION,
    "places": [{"postalCode": "9000", "municipality": "Gent", "nis": "44021", "country": "BE"}],
    "status": "active",
    "listings": [REFERENCE],
    "quality": {"score": 0.5, "criteria": {"complete": 0.5}},
}
VACANCY: dict[str, Any] = {
    "@type": "JobPosting",
    "kind": "vacancy",
    "title": {"nl": "Lasser & plooier", "fr": "Soudeur"},
    "description": {"nl": "<p>Je last <strong>stevig</strong>.</p><script>alert(1)</script>"},
    "audience": ["disability"],
    "employmentType": ["permanent"],
    "hoursPerWeek": 36.5,
    "pay": {"min": 2100.0, "max": 2500.0, "currency": "EUR", "per": "month"},
    "noDiplomaRequired": True,
    "adaptedWork": True,
    "published": "2026-11-20",
    "url": "https://www.vdab.be/vacatures/65123456",
    "howToApply": [
        {"channel": "mail", "value": "jobs@brug.example"},
        {"channel": "url", "value": "javascript:alert(1)"},
    ],
    **SHARED,
}
PROGRAMME: dict[str, Any] = {
    "@type": "Service",
    "kind": "programme",
    "title": {"fr": "Mentorat pour tous"},
    "programmeType": "mentoring",
    "roles": [
        {"role": "mentor", "open": True, "asks": {"fr": "<p>Deux heures par semaine.</p>"}},
        {"role": "jobseeker", "howToJoin": [{"channel": "url", "value": "https://duo.example/oui"}]},
    ],
    **SHARED,
}


def identifier(number: int) -> str:
    """Return the id of the opportunity with this number."""
    return f"0191d7a2-0000-5000-8000-{number:012d}"


class Shelf:
    """Puts opportunities on a store, at the position told."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def put(self, number: int, position: int, said: dict[str, Any] = VACANCY) -> str:
        row = {"id": identifier(number), "kind": said["kind"], "position": position, "changed": NOW}
        with self.database.write() as connection:
            connection.execute(opportunity.insert(), row)
            connection.execute(body.insert(), {"position": position, "bytes": orjson.dumps(said)})
        return identifier(number)

    def end(self, number: int, position: int, reason: str = "withdrawn", into: str | None = None) -> str:
        row = {"id": identifier(number), "kind": "vacancy", "position": position, "reason": reason, "changed": NOW}
        with self.database.write() as connection:
            connection.execute(opportunity.insert(), {**row, "merged_into": into})
        return identifier(number)

    def note_run(self, source: str, outcome: str | None, live: int = 1, refused: int = 0) -> None:
        """Record a run of a source that left so many listings live and so many records refused."""
        seen: dict[str, Any] = {
            "first_seen": NOW,
            "last_seen": NOW,
            "first_run": 1,
            "last_run": 1,
            "adapter": "x",
            "issues": "[]",
        }
        listed: dict[str, Any] = {
            "kind": "vacancy",
            "raw": b"",
            "content": b"",
            "live": 1,
            "first_seen": NOW,
            "content_changed": NOW,
        }
        with self.database.write() as connection:
            connection.execute(run.insert(), {"source": source, "started": NOW, "finished": NOW, "outcome": outcome})
            for number in range(live):
                row: dict[str, Any] = {"source": source, "local_id": str(number), "opportunity": identifier(number)}
                connection.execute(listing.insert(), {**row, **listed})
            for number in range(refused):
                row = {"source": source, "local_id": str(number), "raw": b"", "payload": b""}
                connection.execute(quarantine.insert(), {**row, **seen})


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    database = open_store(tmp_path_factory.mktemp("web") / "hub.sqlite")
    yield Site(
        database=database,
        public_url="https://hub.example/",
        licence="https://creativecommons.org/licenses/by/4.0/",
        title={"nl": "Schakel Test", "fr": "Maillon Test", "en": "Link Test"},
        sources=(SourceView("vdab", "vdab", partner="VDAB"), SourceView("programmes", "generic_csv")),
        version="0.0.1",
    )
    database.close()


@pytest.fixture(scope="session")
def server(site: Site) -> Iterator[Server]:
    with Server(port=0).serving(app(site)) as server:
        yield server


@pytest.fixture
def shelf(site: Site) -> Iterator[Shelf]:
    yield Shelf(site.database)
    with site.database.write() as connection:
        for table in (body, opportunity, listing, quarantine, run):
            connection.execute(table.delete())


@pytest.fixture(scope="session")
def visitor(server: Server) -> Iterator[httpx.Client]:
    """Speaks to the hub over a real socket, asking for no compression unless a test does."""
    headers = {"accept-encoding": "identity"}
    with httpx.Client(base_url=server.address, headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def examples() -> dict[str, dict[str, Any]]:
    return {"vacancy": VACANCY, "programme": PROGRAMME}
