"""Fictitious employers with valid KBO numbers."""

from collections.abc import Mapping
from random import Random

from hub.testing.chance import seeded
from hub.testing.opening import Employer
from hub.testing.tables import table

_PER_GROUP = 24

KIND_BY_CONTRACT: Mapping[str, str] = {
    "agency": "agency",
    "agency_option": "agency",
    "maatwerk": "adapted",
    "lde": "nonprofit",
    "volunteer": "nonprofit",
    "statutory": "public",
}
"""The kind of employer that offers a contract; a company of the sector where nothing is said."""


def kbo_number(first_eight: int) -> str:
    """Return the ten digits of the KBO number whose first eight digits are these."""
    return f"{first_eight:08d}{97 - first_eight % 97:02d}"


class Employers:
    """Every employer of a market: some of each sector, some of each kind."""

    def __init__(self, seed: int) -> None:
        self._rng = seeded(seed, "employers")
        # 19… is far beyond the numbers given out so far: no real organisation is named.
        self._next = 19_000_000 + self._rng.randrange(900_000)
        self._names: set[str] = set()
        words = table("employers")
        self._groups = {
            sector: self._made(patterns, "public" if sector == "public" else "company", sector)
            for sector, patterns in words["patterns"].items()
        }
        self._groups |= {kind: self._made(patterns, kind, kind) for kind, patterns in words["kinds"].items()}

    def draw(self, rng: Random, sector: str, contract: str) -> Employer:
        """Return an employer that could offer this contract in this sector."""
        return rng.choice(self._groups[KIND_BY_CONTRACT.get(contract, sector)])

    def _made(self, patterns: list[str], kind: str, sector: str) -> tuple[Employer, ...]:
        return tuple(self._employer(patterns, kind, sector) for _ in range(_PER_GROUP))

    def _employer(self, patterns: list[str], kind: str, sector: str) -> Employer:
        self._next += 1
        return Employer(self._name(patterns, kind), kbo_number(self._next), kind, sector)

    def _name(self, patterns: list[str], kind: str) -> str:
        words, choice = table("employers"), self._rng.choice
        while True:
            name = choice(patterns).format(name=choice(words["names"])) + choice(words["tails"])
            full = f"{name} {choice(words['forms_by_kind'].get(kind, words['forms']))}"
            if full not in self._names:
                self._names.add(full)
                return full
