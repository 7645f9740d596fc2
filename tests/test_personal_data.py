"""Contact persons stay with the partner: nothing that leads to one is published, kept aside, noted or logged."""

import logging
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from hub_actiris.sandbox import ActirisSandbox
from hub_vdab.adapter import Vdab
from hub_vdab.sandbox import VdabSandbox

from hub.app.calling import caller, fetch_json
from hub.app.demonstration import Demonstration, demonstrate
from hub.config import load
from hub.feed import follow
from hub.pipeline import Outcome
from hub.store import pages, quarantine, runs
from hub.testing import Contact, Market, SandboxJob, adapter_for

CONFIG = Path(__file__).parents[1] / "config"
TODAY = date(2026, 2, 2)
SIZE = 1200


@pytest.fixture
def partners(monkeypatch: pytest.MonkeyPatch) -> tuple[VdabSandbox, ActirisSandbox]:
    """Return the sandboxes the demonstration serves, of a few hundred vacancies each."""
    vdab, actiris = VdabSandbox(1, TODAY, size=SIZE), ActirisSandbox(Market(1, SIZE, today=TODAY))
    monkeypatch.setattr("hub_vdab.sandbox.build", lambda _seed, _today: vdab)
    monkeypatch.setattr("hub_actiris.sandbox.build", lambda _seed, _today: actiris)
    return vdab, actiris


@pytest.fixture
def demonstration(partners: object, tmp_path: Path) -> Iterator[Demonstration]:
    with demonstrate(load(CONFIG), port=0, data=tmp_path / "hub") as running:
        yield running


def digits(text: str) -> str:
    """Return the text without what people write between the digits of a phone number."""
    return re.sub(r"(?<=\d)[\s./()-]+(?=\d)", "", text)


SHAPE = re.compile(r"(?=(contact persoon \d+|\b[\w.+-]+@[\w.-]+\w|0400\d{6}))")
"""What a name, mail address or phone number of the made-up persons looks like."""


class Persons:
    """Everybody the sandboxes name, by whatever leads to them."""

    def __init__(self, *markets: Market) -> None:
        openings = [opening for market in markets for opening in (*market.openings.values(), *market.gone.values())]
        self.traces = {trace for opening in openings for trace in _traces(opening.contact)}

    def found_in(self, said: object) -> set[str]:
        text = (said if isinstance(said, str) else orjson.dumps(said, default=str).decode()).casefold()
        return {*SHAPE.findall(text), *SHAPE.findall(digits(text))} & self.traces


def _traces(contact: Contact) -> Iterator[str]:
    yield contact.name.casefold()
    yield contact.mail.casefold()
    yield digits(contact.phone)


def answered(sandbox: VdabSandbox) -> Any:
    """Return what the partner answers when it is asked for one vacancy after another."""
    adapter, said = adapter_for(Vdab, sandbox), []
    with SandboxJob(sandbox) as job:
        client = job.connect(headers=adapter.options.headers(), auth=adapter.options.credentials())
        listed = client.get(
            adapter.options.url("/vacatures/initial"),
            params={"datum": TODAY.isoformat(), "vanaf": "0", "aantal": "2000"},
        )
        for entry in listed.json()["resultaten"][:60]:
            reference = entry["vacatureReferentie"]["interneReferentie"]
            said.append(client.get(f"{adapter.options.url('/vacatures')}/{reference}").json())
    return said


def kept(demonstration: Demonstration) -> dict[str, Any]:
    """Return everything in the store that a person could ever read."""
    hub = demonstration.hub
    with hub.database.read() as connection:
        return {
            "published": [item.body.decode() for item in pages.items(connection, after=0, limit=100_000) if item.body],
            "quarantine": [[row.payload, row.issues] for row in quarantine.find(connection, None, 100_000)],
            "runs": [
                [run.reason, run.proof, run.notes]
                for source in hub.enabled()
                for run in runs.latest(connection, source, 9)
            ],
        }


def test_no_contact_person_is_kept_published_or_logged(
    demonstration: Demonstration,
    partners: tuple[VdabSandbox, ActirisSandbox],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "hub")
    for source in ("vdab", "actiris"):
        assert demonstration.hub.run(source).outcome is Outcome.complete
    for partner in partners:
        partner.tick()
    assert demonstration.hub.run("vdab").outcome is Outcome.complete

    persons = Persons(*(partner.market for partner in partners))
    stored = kept(demonstration)
    assert {name: persons.found_in(said) for name, said in stored.items()} == {name: set() for name in stored}
    assert all(stored.values())
    assert "hub.client" in {record.name for record in caplog.records}
    assert not persons.found_in(caplog.text)


def test_no_contact_person_is_in_the_feed(
    demonstration: Demonstration, partners: tuple[VdabSandbox, ActirisSandbox]
) -> None:
    persons = Persons(*(partner.market for partner in partners))
    for source in ("vdab", "actiris"):
        demonstration.hub.run(source)
    with caller(demonstration.address) as client:
        read = [
            list(page.items)
            for page in follow(lambda url: fetch_json(client, url), f"{demonstration.address}/feeds/all")
        ]
    assert sum(map(len, read)) > SIZE / 2
    assert not persons.found_in(read)


def test_the_partner_does_tell_them(partners: tuple[VdabSandbox, ActirisSandbox]) -> None:
    """The control: names, mail addresses and phone numbers of persons are in the answers, in fields and in texts."""
    vdab, _ = partners
    said = answered(vdab)
    assert {_kind(trace) for trace in Persons(vdab.market).found_in(said)} == {"name", "mail", "phone"}
    texts = [vacancy["arbeidsovereenkomst"]["extra"] for vacancy in said]
    assert Persons(vdab.market).found_in(texts)


def _kind(trace: str) -> str:
    return "mail" if "@" in trace else "phone" if trace.isdigit() else "name"
