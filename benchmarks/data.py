"""Generated vacancies, written as CSV row by row: the same seed, count and day give the same bytes.

``python -m benchmarks.data FOLDER`` writes ``first.csv``, and ``changed.csv`` with 1 % of its rows edited and 1 % gone.
"""

import argparse
import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import belgica

COLUMNS = (
    *("id", "title_nl", "description_nl", "employer", "kbo", "street", "postal_code", "municipality", "contract"),
    *("regime", "hours", "openings", "no_diploma", "training_on_the_job", "published", "expires", "url"),
)
EDITED = " (aangepast)"  # what an edited title ends with, so that a row count shows who took the edit over

_JOBS = (
    *("Magazijnier", "Poetshulp", "Zorgkundige", "Lasser", "Heftruckchauffeur", "Kok", "Keukenhulp", "Groenarbeider"),
    *("Onthaalmedewerker", "Winkelmedewerker", "Elektricien", "Kinderbegeleider", "Orderpicker", "Bakkersgast"),
    *("Logistiek medewerker", "Productieoperator", "Chauffeur C", "Administratief bediende", "Schilder", "Metselaar"),
)
_STREETS = (
    "Stationsstraat",
    "Kerkstraat",
    "Industrielaan",
    "Nijverheidskaai",
    "Molenweg",
    "Havenlaan",
    "Dorpsplein",
    "Veldstraat",
)
_NAMES = ("Groep", "Werkt", "Logistics", "Zorg", "Bouw", "Atelier", "Diensten", "Maatwerk", "Foods", "Techniek")
_CONTRACTS = ("vast", "tijdelijk", "interim", "flexi", "student")
_REGIMES = (("voltijds", "38,00"), ("voltijds", "40,00"), ("deeltijds", "19,00"), ("deeltijds", "30,40"))
_SENTENCES = (
    "Je bereidt bestellingen voor en controleert of de {thing} volledig en onbeschadigd zijn.",
    "Je werkt samen met een ploeg van {number} collega's en krijgt elke dag een duidelijke planning.",
    "Je houdt de werkplek netjes en meldt het aan je ploegbaas als een van de {thing} stuk is.",
    "Tijdens de eerste {number} weken leert een ervaren collega je stap voor stap hoe alles werkt.",
    "Je volgt de veiligheidsregels en draagt de beschermkledij die je van ons krijgt.",
    "We werken in dagdienst; starten kan vanaf {number} uur en afwijken gebeurt in overleg.",
    "Ervaring met {thing} is mooi meegenomen, maar motivatie vinden we belangrijker dan een diploma.",
    "Je spreekt voldoende Nederlands om instructies te begrijpen of je wilt het op de werkvloer leren.",
    "Je bent stipt, je helpt graag anderen en je blijft rustig wanneer het {number} minuten heel druk is.",
    "Met de bus ben je er in {number} minuten, en wie met de fiets komt, krijgt een vergoeding.",
    "Na {number} maanden bekijken we samen of een contract van onbepaalde duur mogelijk is.",
    "Naast je loon krijg je maaltijdcheques, {number} extra vakantiedagen en een hospitalisatieverzekering.",
    "Klanten rekenen op ons voor {thing}, en jij zorgt ervoor dat die op tijd bij hen aankomen.",
    "Je noteert in een eenvoudig programma hoeveel {thing} er zijn en wat er moet worden besteld.",
)
_THINGS = (
    "pakketten",
    "onderdelen",
    "maaltijden",
    "machines",
    "fietsen",
    "planten",
    "kledingstukken",
    "dossiers",
    "gereedschappen",
)
_HEADINGS = ("Wat ga je doen?", "Wie zoeken we?", "Wat bieden we?")

Row = tuple[str, ...]


def _places() -> list[tuple[str, str]]:
    """Return pairs of postal code and municipality (Dutch name, else French), upper-case as many partners write it."""
    names = {place["id"]: place["name"] for place in belgica.municipalities()}
    pairs = ((code["postalCode"], names[code["municipality"]]) for code in belgica.postal_codes())
    return [(postal_code, (name.get("nl") or name["fr"]).upper()) for postal_code, name in pairs]


def _kbo(base: int) -> str:
    """Return the KBO number of an eight-digit base: its last two digits are 97 minus the base modulo 97."""
    return f"{base:08d}{97 - base % 97:02d}"


def _employers(random: Random, count: int = 2_000) -> list[tuple[str, str]]:
    """Return pairs of name and KBO number."""
    bases = random.sample(range(2_000_000, 8_000_000), count)
    return [(f"{random.choice(_NAMES)} {random.choice(_NAMES)} {base % 10_000} bv", _kbo(base)) for base in bases]


def _sentences(random: Random) -> list[str]:
    """Return every sentence once, filled in, in an order of its own."""
    return [
        sentence.format(thing=random.choice(_THINGS), number=random.randrange(2, 31))
        for sentence in random.sample(_SENTENCES, len(_SENTENCES))
    ]


def _description(random: Random, reference: str, employer: str) -> str:
    """Return HTML of about 1.6 kB: an opening paragraph, and a list of four sentences under each heading."""
    sentences = _sentences(random)
    opening = " ".join(sentences[12:])
    greeting = f"{employer} zoekt versterking en verwelkomt iedereen (referentie <strong>{reference}</strong>)."
    parts = [f"<p>{greeting} {opening}</p>"]
    for number, heading in enumerate(_HEADINGS):
        items = "".join(f"<li>{sentence}</li>" for sentence in sentences[4 * number : 4 * number + 4])
        parts.append(f"<h3>{heading}</h3>\n<ul>{items}</ul>")
    return "\n".join(parts)


def _vacancy(random: Random, number: int, *, employer: tuple[str, str], place: tuple[str, str], today: date) -> Row:
    """Return one row; every description carries its reference, so no two rows tell the same vacancy."""
    regime, hours = random.choice(_REGIMES)
    reference = f"BN-{number:07d}"
    return (
        reference,
        f"{random.choice(_JOBS)} {place[1].title()} (m/v/x)",
        _description(random, reference, employer[0]),
        *employer,
        f"{random.choice(_STREETS)} {random.randrange(1, 300)}",
        *place,
        random.choice(_CONTRACTS),
        regime,
        hours,
        str(random.randrange(1, 6)),
        random.choice(("ja", "nee")),
        random.choice(("ja", "nee")),
        f"{today - timedelta(days=random.randrange(1, 60)):%d/%m/%Y}",
        f"{today + timedelta(days=random.randrange(30, 200)):%d/%m/%Y}",
        f"https://jobs.example.org/vacatures/{reference.lower()}",
    )


def vacancies(count: int, *, seed: int, today: date) -> Iterator[Row]:
    """Yield this many rows in the order of COLUMNS, about 1.8 kB each; `today` lies between published and expires."""
    random = Random(seed)  # noqa: S311 - wanted: the same seed gives the same rows
    employers, places = _employers(random), _places()
    for number in range(count):
        yield _vacancy(random, number, employer=random.choice(employers), place=random.choice(places), today=today)


def change(rows: Iterator[Row], count: int, *, seed: int) -> Iterator[Row]:
    """Yield the rows with 1 % of them edited (title and description) and another 1 % left out; none is added."""
    share = count // 100
    touched = Random(f"changes-{seed}").sample(range(count), 2 * share)  # noqa: S311 - wanted: the same seed, the same choice
    edited, removed = set(touched[:share]), set(touched[share:])
    for number, row in enumerate(rows):
        if number in edited:
            yield (row[0], row[1] + EDITED, row[2] + "<p>De uren zijn aangepast.</p>", *row[3:])
        elif number not in removed:
            yield row


def write(path: Path, rows: Iterator[Row]) -> None:
    """Write the rows under a header as UTF-8 CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(rows)


def main() -> None:
    """Write both files into the folder."""
    parser = argparse.ArgumentParser(description="Write the vacancies that the benchmarks read.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", type=date.fromisoformat, default=date.today(), help="yyyy-mm-dd")  # noqa: DTZ011
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    write(args.folder / "first.csv", vacancies(args.records, seed=args.seed, today=args.today))
    rows = vacancies(args.records, seed=args.seed, today=args.today)
    write(args.folder / "changed.csv", change(rows, args.records, seed=args.seed))


if __name__ == "__main__":
    main()
