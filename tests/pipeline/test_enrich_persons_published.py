"""Nothing that leads to a person is in the published bytes of any sandbox or of the programmes file."""

import shutil
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import hub_actiris.sandbox
import hub_generic_json.sandbox
import hub_jobstream.sandbox
import hub_vdab.sandbox
import orjson
import pytest
from letters import Finder

from hub.app.demonstration import Demonstration, demonstrate
from hub.config import load
from hub.store import pages
from hub.testing import Market

CONFIG = Path(__file__).parents[2] / "config"
TODAY = date(2026, 2, 2)
SIZE = 300
SET_HERE = ("enabled", "sandbox", "expect")
NUMBERED = {"@id", "kbo", "localId", "url", "firstSeen", "contentChanged", "partnerModified", "value", "references"}
"""Fields whose digits are those of ids, moments and pages."""


@pytest.fixture
def demonstration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Demonstration]:
    for module in (hub_actiris.sandbox, hub_generic_json.sandbox, hub_jobstream.sandbox, hub_vdab.sandbox):
        monkeypatch.setattr(module, "build", partial(module.build, size=SIZE))
    with demonstrate(load(everything(tmp_path / "config")), port=0, data=tmp_path / "hub") as running:
        yield running


def everything(folder: Path) -> Path:
    """Return a copy of the configuration in which every source runs, on its sandbox where it has one."""
    shutil.copytree(CONFIG, folder)
    for file in (folder / "sources").glob("*.toml"):
        lines = [each for each in file.read_text("utf-8").splitlines() if not each.startswith(SET_HERE)]
        head = "" if file.stem == "programmes" else "sandbox = true\n"
        file.write_text(head + "\n".join(lines) + "\n", "utf-8")
    return folder


def test_no_source_publishes_a_mail_address_or_mobile_number_of_a_person(demonstration: Demonstration) -> None:
    sources = list(demonstration.hub.enabled())
    for source in sources:
        demonstration.hub.run(source)
    with demonstration.hub.database.read() as connection:
        bodies = [item.body for item in pages.items(connection, after=0, limit=100_000) if item.body]
    assert len(sources) >= 6
    assert len(bodies) > SIZE
    said = [orjson.loads(body) for body in bodies]
    assert {mail for each in bodies for mail in Finder(each).mails()} == set()
    assert {number for each in said for number in Finder(orjson.dumps(worded(each))).mobiles()} == set()


def worded(node: Any) -> Any:
    """Return a copy without the fields that hold numbers of their own."""
    if isinstance(node, dict):
        return {name: worded(each) for name, each in node.items() if name not in NUMBERED}
    return [worded(each) for each in node] if isinstance(node, list) else node


def test_the_finder_sees_what_the_partners_do_tell() -> None:
    """The control: the same finder finds the persons in the market that the sandboxes are made of."""
    contacts = [opening.contact for opening in Market(1, 20, today=TODAY).openings.values()]
    said = Finder(orjson.dumps([f"{each.name}, {each.mail}, {each.phone}" for each in contacts]))
    assert {each.mail for each in contacts} <= said.mails()
    assert {each.phone.replace(" ", "") for each in contacts} <= said.mobiles()
