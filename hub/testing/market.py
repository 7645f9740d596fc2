"""A made-up labour market: a few thousand jobs in Belgium that change when its clock ticks.

The sandboxes of the partners show the same market, each in its own format, so that some jobs come from two of them.
The same seed, day and tick give the same jobs.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from hub.testing.chance import seeded
from hub.testing.employers import Employers
from hub.testing.opening import Contact, Employer, Opening, Site, Tick
from hub.testing.places import BRUSSELS, FLANDERS, VLAAMS_BRABANT, WALLONIA, draw_site
from hub.testing.tables import table
from hub.testing.writing import write_description, write_title

_REGIONS = ((0.50, FLANDERS), (0.92, BRUSSELS), (1.0, WALLONIA))
_EDUCATION: Mapping[str, tuple[str | None, ...]] = {
    "low": ("none", "none", None, "primary", "lower_secondary"),
    "middle": ("secondary", "secondary", "lower_secondary", None),
    "high": ("bachelor", "bachelor", "master", "graduate"),
}
_LEVELS: Mapping[str, tuple[str | None, ...]] = {
    "low": ("A1", "A2", "A2", "B1", None),
    "middle": ("A2", "B1", "B2", None),
    "high": ("B2", "C1", "C2", None),
}
_PAY: Mapping[str, tuple[float, float]] = {"low": (13.6, 16.9), "middle": (15.4, 20.8), "high": (18.5, 29.0)}
_HOURS: Mapping[str, tuple[float, ...]] = {"full": (38, 38, 38, 40, 36), "part": (19, 20, 24, 28.5, 30.4, 32)}
_PART_TIME = frozenset({"flexi", "volunteer", "student", "service_voucher"})
_MONTHS = (0, 0, 0, None, 6, 12, 24, 60)
_SHARE_DUPLICATED = 0.02
_SHARE_BRANCHES = 0.03


def _now() -> datetime:
    return datetime.now(UTC)


class Market:
    """Jobs on offer, by number.

    Args:
        seed: the same seed gives the same jobs.
        size: how many there are at the start.
        today: the day the market starts on; every date is drawn around it.
        moment: the clock that dates what a tick changes.
    """

    def __init__(self, seed: int, size: int = 4000, *, today: date, moment: Callable[[], datetime] = _now) -> None:
        self._seed = seed
        self._today = today
        self._moment = moment
        self._employers = Employers(seed)
        self._occupations: list[dict[str, Any]] = table("occupations")["occupation"]
        self._by_key = {occupation["key"]: occupation for occupation in self._occupations}
        self._ticks = 0
        self._last = 0
        self.openings: dict[int, Opening] = {}
        self.gone: dict[int, Opening] = {}
        for _ in range(size):
            self._add(None)

    def tick(self) -> Tick:
        """Add about 1 %, edit 2 % and withdraw 1 % of the jobs; the same tick of the same market does the same."""
        self._ticks += 1
        rng, moment = seeded(self._seed, "tick", self._ticks), self._moment()
        share = max(1, len(self.openings) // 100)
        originals = [number for number, opening in self.openings.items() if opening.duplicates_of is None]
        drawn = rng.sample(originals, min(3 * share, len(originals)))
        withdrawn = self._withdraw(set(drawn[:share]), moment)
        edited = tuple(self._edit(number, moment) for number in drawn[share:])
        return Tick(tuple(self._add(moment) for _ in range(share)), edited, withdrawn)

    def persons(self) -> Iterator[Contact]:
        """Yield the contact persons of all jobs, those that are gone included."""
        return (opening.contact for jobs in (self.openings, self.gone) for opening in jobs.values())

    def _add(self, moment: datetime | None) -> int:
        self._last += 1
        rng = seeded(self._seed, self._last)
        self.openings[self._last] = self._retold(rng, moment) or self._branch(moment) or self._made(rng, moment)
        return self._last

    def _withdraw(self, numbers: set[int], moment: datetime) -> tuple[int, ...]:
        gone = tuple(
            number for number, opening in self.openings.items() if number in numbers or opening.duplicates_of in numbers
        )
        for number in gone:
            self.gone[number] = replace(self.openings.pop(number), changed=moment)
        return gone

    def _edit(self, number: int, moment: datetime) -> int:
        rng, opening = seeded(self._seed, number, self._ticks), self.openings[number]
        self.openings[number] = replace(
            opening,
            description=self._described(rng, opening),
            openings=opening.openings + rng.randint(0, 2),
            until=opening.until and opening.until + timedelta(days=rng.randint(1, 30)),
            changed=moment,
        )
        return number

    def _retold(self, rng: Random, moment: datetime | None) -> Opening | None:
        """Return an earlier opening told once more, as agencies do; None most of the time."""
        earlier = self.openings.get(self._last - rng.randint(1, 40))
        if earlier is None or earlier.duplicates_of is not None or rng.random() > _SHARE_DUPLICATED:
            return None
        return self._after(rng, earlier, moment, duplicates_of=earlier.number)

    def _branch(self, moment: datetime | None) -> Opening | None:
        """Return the job of an earlier opening at another site of its employer; None most of the time."""
        # Drawn apart, so that the other openings of a seed stay what they are.
        rng = seeded(self._seed, "branch", self._last)
        earlier = self.openings.get(self._last - rng.randint(1, 40))
        if earlier is None or earlier.duplicates_of or earlier.branch_of or rng.random() > _SHARE_BRANCHES:
            return None
        place = draw_site(rng, earlier.place.region_nis)
        listed_by = _listed_by(rng, place)
        return self._after(rng, earlier, moment, place=place, listed_by=listed_by, branch_of=earlier.number)

    def _after(self, rng: Random, earlier: Opening, moment: datetime | None, **other: Any) -> Opening:
        """Return an opening made after an earlier one: what is other, told in other words."""
        made = replace(
            earlier,
            number=self._last,
            key=self._key(),
            contact=_contact(self._last),
            changed=moment or earlier.changed,
            **other,
        )
        return replace(made, description=self._described(rng, made))

    def _made(self, rng: Random, moment: datetime | None) -> Opening:
        occupation = rng.choice(self._occupations)
        contract, level = rng.choice(occupation["contracts"]), occupation["level"]
        employer = self._employers.draw(rng, occupation["sector"], contract)
        draw = rng.random()
        place = draw_site(rng, next(region for share, region in _REGIONS if draw < share))
        regime = "part" if contract in _PART_TIME or rng.random() < 0.3 else "full"
        hours = rng.choice(_HOURS[regime])
        published, changed = _dates(rng, self._today) if moment is None else (moment.date(), moment)
        return Opening(
            number=self._last,
            key=self._key(),
            occupation=occupation["key"],
            isco=occupation["isco"],
            sector=occupation["sector"],
            level=level,
            title=write_title(rng, occupation),
            description=self._text(rng, occupation, employer, place, hours),
            employer=employer,
            place=place,
            contract=contract,
            regime=regime,
            hours=hours if rng.random() < 0.8 else None,
            schedule=_schedule(rng, occupation),
            pay=_pay(rng, level) if contract != "volunteer" else None,
            languages=_languages(rng, place.region_nis, level),
            education=rng.choice(_EDUCATION[level]),
            experience_months=rng.choice(_MONTHS),
            licences=(occupation["licence"],) if "licence" in occupation else (),
            published=published,
            until=_until(rng, published if moment else self._today),
            changed=changed,
            listed_by=_listed_by(rng, place),
            openings=1 if rng.random() < 0.8 else rng.randint(2, 10),
            duplicates_of=None,
            branch_of=None,
            contact=_contact(self._last),
        )

    def _described(self, rng: Random, opening: Opening) -> dict[str, str]:
        occupation = self._by_key[opening.occupation]
        return self._text(rng, occupation, opening.employer, opening.place, opening.hours or 38)

    def _text(
        self, rng: Random, occupation: Mapping[str, Any], employer: Employer, place: Site, hours: float
    ) -> dict[str, str]:
        places = {"nl": place.municipality_nl, "fr": place.municipality_fr}
        return write_description(rng, occupation, employer=employer.name, places=places, hours=hours)

    def _key(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"schakel:{self._seed}:{self._last}"))


def _dates(rng: Random, today: date) -> tuple[date, datetime]:
    days = rng.randint(1, 90)
    published = today - timedelta(days=days)
    changed = published if rng.random() < 0.7 else today - timedelta(days=rng.randint(1, days))
    at = time(rng.randint(5, 20), rng.randint(0, 59), rng.randint(0, 59), tzinfo=UTC)
    return published, datetime.combine(changed, at)


def _until(rng: Random, today: date) -> date | None:
    return today + timedelta(days=rng.randint(10, 120)) if rng.random() < 0.7 else None


def _schedule(rng: Random, occupation: Mapping[str, Any]) -> str:
    usual: str = occupation.get("schedule", "day")
    return usual if rng.random() < 0.85 else rng.choice(("shifts", "weekend", "night"))


def _pay(rng: Random, level: str) -> tuple[float, float, str] | None:
    if rng.random() < 0.6:
        return None
    lowest, highest = _PAY[level]
    low = round(rng.uniform(lowest, highest), 2)
    high = round(low * rng.uniform(1.0, 1.25), 2)
    monthly = level != "low"
    return (round(low * 165), round(high * 165), "month") if monthly else (low, high, "hour")


def _languages(rng: Random, region: str, level: str) -> tuple[tuple[str, str | None], ...]:
    first = {FLANDERS: "nl", WALLONIA: "fr"}.get(region) or rng.choice(("fr", "fr", "nl"))
    second = rng.choice(("nl" if first == "fr" else "fr", "en", None, None if region != BRUSSELS else "nl"))
    asked = [first] if second in {None, first} else [first, str(second)]
    return tuple((language, rng.choice(_LEVELS[level])) for language in asked)


def _listed_by(rng: Random, place: Site) -> frozenset[str]:
    draw = rng.random()
    if place.region_nis == WALLONIA:
        return frozenset({"actiris", "forem"})
    if place.region_nis == BRUSSELS:
        return frozenset({"actiris", *(("vdab",) if draw < 0.14 else ("partner",) if draw < 0.20 else ())})
    rim = place.province_nis == VLAAMS_BRABANT and draw < 0.3
    return frozenset({"vdab", "actiris"}) if rim else frozenset({"vdab"})


def _contact(number: int) -> Contact:
    # 0400 is no mobile prefix in use, example.invalid never resolves.
    phone = f"0400 {number // 10000 % 100:02d} {number // 100 % 100:02d} {number % 100:02d}"
    return Contact(f"Contact Persoon {number}", f"contact.persoon{number}@example.invalid", phone)
