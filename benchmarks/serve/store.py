"""Fill a store with opportunities as the hub publishes them, so that a page of 500 weighs what a real one does."""

import random
import sys
from pathlib import Path
from uuid import UUID

import orjson

from hub.store import open_store
from hub.store.schema import body, opportunity

WORDS = (  # noqa: SIM905 - easier to read so
    "je werkt overdag bij vaste klanten in en rond de stad wij geven je een opleiding een fiets werkkledij "
    "maaltijdcheques vergoeding kilometers contract uren week consulent ervaring niet nodig nederlands afspreken "
    "magazijn lassen poetsen koken bedienen machine onderhoud team ploeg nacht dag premie verlof groeien leren"
).split()
TITLES = ("Poetshulp", "Lasser", "Magazijnier", "Kok", "Bakker", "Chauffeur", "Verkoper", "Verzorgende", "Metser")
NOW = "2026-11-22T18:00:00Z"
BATCH = 5_000


def said(number: int, chance: random.Random) -> dict[str, object]:
    """Return what is published of one vacancy: about as long as those of public employment services."""
    text = " ".join(chance.choices(WORDS, k=110))
    title = f"{chance.choice(TITLES)} {number}"
    return {
        "@type": "JobPosting",
        "kind": "vacancy",
        "title": {"nl": title},
        "description": {"nl": f"<p>{text}</p>"},
        "organisation": {"name": f"Voorbeeld {chance.randrange(3_000)} nv", "kbo": "0403019261"},
        "places": [
            {"postalCode": "9000", "municipality": "Gent", "nis": "44021", "region": "Vlaanderen", "country": "BE"}
        ],
        "employmentType": "permanent",
        "published": "2026-11-20",
        "expires": "2026-12-20",
        "url": f"https://www.vdab.be/vindeenjob/vacatures/{60_000_000 + number}",
        "status": "active",
        "listings": [
            {"source": "vdab", "partner": "VDAB", "localId": str(number), "contentChanged": NOW, "firstSeen": NOW}
        ],
        "quality": {"score": 0.5, "criteria": {"completeText": 1.0, "placePrecision": 1.0, "payStated": 0.0}},
    }


def fill(path: Path, count: int) -> None:
    """Write a store of so many opportunities, at the positions from 1."""
    chance = random.Random(1)  # noqa: S311
    database = open_store(path)
    for start in range(1, count + 1, BATCH):
        numbers = range(start, min(start + BATCH, count + 1))
        rows = [
            {"id": str(UUID(int=number, version=5)), "kind": "vacancy", "position": number, "changed": NOW}
            for number in numbers
        ]
        bodies = [{"position": number, "bytes": orjson.dumps(said(number, chance))} for number in numbers]
        with database.write() as connection:
            connection.execute(opportunity.insert(), rows)
            connection.execute(body.insert(), bodies)
    with database.write() as connection:
        connection.exec_driver_sql(f"UPDATE counter SET value = {count} WHERE name = 'position'")  # noqa: S608
    database.close()


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]))
