"""A job of the made-up labour market, in a form that belongs to no partner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

_FIRST_NUMBERS: Mapping[str, int] = {"vdab": 70_000_000, "forem": 90_000_000, "actiris": 99_000_000}
"""Far above the numbers that each partner has given out, so that no link leads to a real offer."""


@dataclass(frozen=True, slots=True)
class Employer:
    """A fictitious employer; the number has valid check digits and lies where none has been given out."""

    name: str
    kbo: str
    kind: str
    """company, agency, adapted, nonprofit or public."""
    sector: str


@dataclass(frozen=True, slots=True)
class Site:
    """Where the work is done; the municipality, its NIS codes and postal code are real, the street is drawn."""

    street: str
    number: str
    postal_code: str
    municipality_nl: str
    municipality_fr: str
    nis: str
    province_nis: str | None
    region_nis: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A fictitious contact person, there so that a test can prove that persons are dropped."""

    name: str
    mail: str
    phone: str


@dataclass(frozen=True, slots=True)
class Opening:
    """One job on offer. Texts are maps of nl and fr; keys such as `contract` are neutral words, no partner's codes."""

    number: int
    key: str
    occupation: str
    isco: str
    sector: str
    level: str
    """low, middle or high: how much schooling the occupation usually asks."""
    title: Mapping[str, str]
    description: Mapping[str, str]
    """HTML: paragraphs, then three parts that start with a h3 (job, profile, offer)."""
    employer: Employer
    place: Site
    contract: str
    regime: str
    """full or part."""
    hours: float | None
    schedule: str
    """day, shifts, night or weekend."""
    pay: tuple[float, float, str] | None
    """Lowest and highest gross amount in euro, and the period: hour or month."""
    languages: tuple[tuple[str, str | None], ...]
    """ISO 639 code and CEFR level."""
    education: str | None
    """none, primary, lower_secondary, secondary, graduate, bachelor or master."""
    experience_months: int | None
    licences: tuple[str, ...]
    published: date
    until: date | None
    changed: datetime
    listed_by: frozenset[str]
    """Out of vdab, actiris, forem and partner."""
    openings: int
    duplicates_of: int | None
    """Number of the opening that this one tells again."""
    branch_of: int | None
    """Number of the opening that this one nearly is: the same job of the same employer, at another site."""
    contact: Contact

    def number_at(self, partner: str) -> int:
        """Return its public number at a partner, by which others who pass it on can name it too."""
        return _FIRST_NUMBERS[partner] + self.number


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick of the clock did, as numbers of openings."""

    added: tuple[int, ...]
    edited: tuple[int, ...]
    withdrawn: tuple[int, ...]

    def counts(self) -> dict[str, int]:
        """Return how many were added, edited and withdrawn."""
        return {"added": len(self.added), "edited": len(self.edited), "withdrawn": len(self.withdrawn)}
