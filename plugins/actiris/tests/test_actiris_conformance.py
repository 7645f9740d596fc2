"""Every promise of an adapter, kept by Actiris's."""

import json
from collections.abc import Iterator
from pathlib import Path

from hub_actiris.adapter import Actiris
from hub_actiris.item import kept

from hub import RawRecord
from hub.testing import AdapterConformance

ANSWERS = sorted((Path(__file__).parent / "recordings").glob("*.json"))


class TestActiris(AdapterConformance):
    adapter = Actiris
    options = {"page_size": 15}  # noqa: RUF012 - several pages of a small market
    news = ("personneContact", "teletravail", "employeur.personneContact")  # of an answer that names a person

    @classmethod
    def records(cls) -> Iterator[RawRecord]:
        for path in ANSWERS:
            answer = json.loads(path.read_bytes())
            items = answer.get("items", answer.get("offers"))
            yield from (RawRecord(str(item["reference"]), kept(item)) for item in items)
