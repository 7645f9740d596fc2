"""Listings as four partners publish them, with noise that makes finding duplicates hard; the truth is kept apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from benchmarks.matching.noise import (
    ABBREVIATIONS,
    ADDED,
    DECORATIONS,
    EXTENSIONS,
    SYNONYMS,
    misspelled,
    replaced,
    respelled,
)
from benchmarks.matching.openings import Employer, Opening, World
from benchmarks.matching.profiles import PROFILES, Profile
from benchmarks.matching.vocabulary import VOCABULARIES, rendered

SOURCES: Mapping[str, tuple[str, ...]] = {
    "north": ("nl",),
    "south": ("fr",),
    "centre": ("nl", "fr"),
    "europe": ("nl", "nl", "fr"),
}
"""The partners, and the languages they publish in."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing: what is published of it, which opening it is of, and what noise it has."""

    opening: int
    published: dict[str, Any]
    noise: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """All listings, and which openings are nearly like which."""

    listings: Sequence[Listing]
    near: Mapping[tuple[int, int], str]


def make(profile: str, count: int, seed: int, duplicates: float = 0.1) -> Made:
    """Make listings; the same arguments give the same.

    Args:
        profile: name of the profile.
        count: how many listings.
        seed: of all chance.
        duplicates: share of the listings that are another source's copy of one before.
    """
    mix = PROFILES[profile]
    rng = Random(f"{profile} {seed}")  # noqa: S311
    world = World(VOCABULARIES[mix.vocabulary](), count, rng, mix.repeats)
    writer = _Writer(mix, world, rng)
    near: dict[tuple[int, int], str] = {}
    for opening in _openings(world, mix, round(count * (1 - duplicates)), rng):
        writer.list_anywhere(opening)
        if opening.versus is not None and opening.why:
            near[opening.versus, opening.number] = opening.why
    writer.list_again(count - len(writer.listings))
    order = rng.sample(writer.listings, len(writer.listings))
    return Made(order, near)


def _openings(world: World, mix: Profile, count: int, rng: Random) -> Iterator[Opening]:
    made = 0
    while made < count:
        opening = world.draw()
        yield opening
        made += 1
        if made < count and rng.random() < mix.near:
            yield _near(world, opening, rng)
            made += 1


def _near(world: World, base: Opening, rng: Random) -> Opening:
    if base.employer.agency:
        return world.near(base, rng.choice(("other client", "other client here", "same branch")))
    why = rng.choice(("other branch", "same branch", "other employer"))
    return world.near(base, why, _other(world.employers, base.employer, rng) if why == "other employer" else None)


def _other(employers: Sequence[Employer], employer: Employer, rng: Random) -> Employer:
    while (found := rng.choice(employers)) is employer:
        pass
    return found


class _Writer:
    """Writes openings down as listings of sources."""

    def __init__(self, mix: Profile, world: World, rng: Random) -> None:
        self._mix = mix
        self._world = world
        self._rng = rng
        self.listings: list[Listing] = []
        self._openings: list[tuple[Opening, set[str], str]] = []

    def list_anywhere(self, opening: Opening) -> None:
        """List an opening with one source."""
        source = self._rng.choice(list(SOURCES))
        self._openings.append((opening, {source}, f"{source}:{len(self.listings)}"))
        self._list(opening, source, copy=False, original=None)

    def list_again(self, copies: int) -> None:
        """List openings again with other sources, some of them with two or three."""
        left = copies
        while left:
            opening, sources, original = self._rng.choice(self._openings)
            others = [source for source in SOURCES if source not in sources]
            if others and (len(sources) == 1 or self._rng.random() < 0.25):
                source = self._rng.choice(others)
                sources.add(source)
                self._list(opening, source, copy=True, original=original)
                left -= 1

    def _list(self, opening: Opening, source: str, *, copy: bool, original: str | None) -> None:
        rng = self._rng
        noise = {kind for kind, rate in self._mix.rates.items() if rng.random() < rate}
        language = rng.choice(SOURCES[source])
        number = str(len(self.listings))
        published = _published(opening, language, noise, self._world, rng)
        reference: dict[str, Any] = {"source": source, "localId": number}
        if original and "reference" in noise:
            reference["references"] = [original]
        elif not copy and opening.why and "reference" in noise:
            noise.discard("reference")
        published["listings"] = [reference]
        published["url"] = (
            f"https://jobs.{source}.example/{language}/{'vacature' if language == 'nl' else 'offre'}/{number}"
        )
        if language == "fr" or source == "south":
            noise.add("French")
        self.listings.append(Listing(opening.number, published, tuple(sorted(noise - {"code"}))))


def _published(opening: Opening, language: str, noise: set[str], world: World, rng: Random) -> dict[str, Any]:
    shifted = timedelta(days=rng.randint(-3, 9)) if "dates shifted" in noise else timedelta()
    said: dict[str, Any] = {
        "kind": "vacancy",
        "title": {language: _title(opening, language, noise, rng)},
        "organisation": _organisation(opening.employer, noise, rng),
        "places": [_place(opening, language, noise, rng)],
        "published": (opening.published + shifted).isoformat(),
    }
    if "no text" not in noise:
        said["description"] = {language: _text(opening, language, noise, rng)}
    if "contract left out" not in noise:
        said["employmentType"] = [opening.contract]
    if "hours left out" not in noise:
        said["hoursPerWeek"] = opening.hours
    if "code" in noise:
        code = rng.choice(world.vocabulary.occupations).code if "wrong code" in noise else opening.occupation.code
        said["occupations"] = [{"scheme": "isco-08", "value": code}]
    if opening.expires:
        said["expires"] = (opening.expires + shifted * 2).isoformat()
    return said


def _title(opening: Opening, language: str, noise: set[str], rng: Random) -> str:
    title = rendered(opening.occupation.title, language, rng)
    town = opening.site.town.names[0 if language == "nl" else 1]
    if "title extended" in noise:
        title = rng.choice(EXTENSIONS[language]).format(title, town=town)
    if "title abbreviated" in noise:
        for word, short in ABBREVIATIONS:
            title = title.replace(word, short)
    if "title decorated" in noise:
        title = rng.choice(DECORATIONS[language]).format(title, town=town, employer=opening.employer.name)
    return title.upper() if "shouted" in noise else title


def _organisation(employer: Employer, noise: set[str], rng: Random) -> dict[str, Any]:
    name = respelled(employer.name, rng) if "name respelled" in noise else employer.name
    said: dict[str, Any] = {"name": name.upper() if "shouted" in noise else name}
    if "no number" not in noise:
        said["kbo"] = employer.kbo
    if employer.agency and rng.random() < 0.5:
        said["kind"] = "intermediary"
    return said


def _place(opening: Opening, language: str, noise: set[str], rng: Random) -> dict[str, Any]:
    site = opening.site
    code = rng.choice(site.town.codes) if "other postal code" in noise else site.code
    side = 0 if language == "nl" else 1
    said = {"postalCode": code, "municipality": site.town.names[side], "country": "BE"}
    if rng.random() < 0.7:
        said["nis"] = site.town.nis
    return said if "no street" in noise else said | {"street": f"{site.street} {site.number}"}


def _text(opening: Opening, language: str, noise: set[str], rng: Random) -> str:
    side = 0 if language == "nl" else 1
    fixed = {
        "employer": opening.employer.name,
        "town": opening.site.town.names[side],
        "place": opening.site.town.names[side],
    }
    title = rendered(opening.occupation.title, language, rng)
    sentences = [
        rendered(phrase, language, rng).format(**{**slots, **fixed, "title": title}) for phrase, slots in opening.said
    ]
    if "sentences dropped" in noise:
        sentences = [each for each in sentences if rng.random() > 0.2] or sentences
    if "text cut" in noise:
        sentences = sentences[: max(4, len(sentences) // 2)]
    if "sentences added" in noise:
        sentences += [each.format(days=rng.randint(3, 15)) for each in rng.sample(ADDED[language], 2)]
    if "words replaced" in noise:
        sentences = [replaced(each, [way for way in SYNONYMS[language] if rng.random() < 0.6]) for each in sentences]
    if "misspelled" in noise:
        sentences = [misspelled(each, rng) if rng.random() < 0.4 else each for each in sentences]
    return "".join(f"<p>{each}</p>" for each in sentences)
