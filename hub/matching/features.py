"""What of a listing is compared with others: made once from what is published of it, kept as a few hundred bytes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from struct import pack, unpack_from
from typing import Any, NamedTuple, Self

import orjson

from hub.matching import employers, titles
from hub.matching.addresses import page
from hub.matching.places import municipality, street
from hub.matching.texts import Sketch, sketched
from hub.model.text import UNDETERMINED

_MOST = 12
_NUMBERS = 6
_HEAD = "<3H2I"
_HEAD_SIZE = 14
_SAID = 21
"""So many fields come before the sketches; they are kept as JSON."""

_EPOCH = 719_163  # 1 January 1970 as a proleptic Gregorian ordinal


class Features(NamedTuple):
    """One listing, as far as it is compared.

    Args:
        source: id of its source.
        kind: ``vacancy`` or ``programme``.
        names: the words of the names of its organisation, the first being the one it presents itself by; () for none.
        telling: the words of its names by which it is found.
        kbo: number of the organisation.
        role: what the organisation is to the offer, as published, or ``intermediary`` where its name says so.
        partners: words of the names, and numbers, of the partners of a programme.
        titles: the telling words of each title, behind its language.
        occupations: ``scheme:value`` of each occupation.
        municipalities: REFNIS codes, or country and name.
        streets: streets with their numbers.
        contracts: kinds of contract, or the type of a programme.
        work_times: full time, part time.
        hours: hours a week.
        published: day since 1970.
        expires: day since 1970.
        starts: day since 1970 on which the work begins; of programmes none, which may begin again and again.
        references: its own name and its names elsewhere, as ``partner:id``.
        pages: addresses of pages about it.
        languages: languages of its text.
        meanings: what the words of the title mean in any language, in order.
        words: sketch of the text's neighbouring words.
        meant: sketch of what its words mean in any language.
        figures: the figures in its text, four bytes each.
    """

    source: str
    kind: str
    names: tuple[str, ...]
    telling: tuple[str, ...]
    kbo: str | None
    role: str | None
    partners: tuple[str, ...]
    titles: tuple[str, ...]
    occupations: tuple[str, ...]
    municipalities: tuple[str, ...]
    streets: tuple[str, ...]
    contracts: tuple[str, ...]
    work_times: tuple[str, ...]
    hours: float | None
    published: int | None
    expires: int | None
    starts: int | None
    references: tuple[str, ...]
    pages: tuple[str, ...]
    languages: tuple[str, ...]
    meanings: tuple[int, ...]
    words: Sketch
    meant: Sketch
    figures: bytes

    def packed(self) -> bytes:
        """Return it as bytes, the same for equal features."""
        words, meant = self.words, self.meant
        head = pack(_HEAD, len(words.hashes), len(meant.hashes), len(self.figures), words.bound, meant.bound)
        return b"".join((head, words.hashes, meant.hashes, self.figures, orjson.dumps(self[:_SAID])))

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """Return what was packed."""
        words, meant, figures, words_bound, meant_bound = unpack_from(_HEAD, packed)
        first = _HEAD_SIZE + words
        second = first + meant
        third = second + figures
        said = [tuple(each) if each.__class__ is list else each for each in orjson.loads(packed[third:])]
        sketches = (Sketch(packed[_HEAD_SIZE:first], words_bound), Sketch(packed[first:second], meant_bound))
        return cls._make((*said, *sketches, packed[second:third]))


def features(published: Mapping[str, Any]) -> Features:
    """Return what of a listing is compared, from what is published of it where it stands alone."""
    listing = published["listings"][0]
    organisation = published["organisation"]
    names = [name for said in _said_names(organisation) if (name := employers.taken_apart(said))]
    places = published.get("places") or published.get("areaServed") or ()
    heard = _titles(published, places)
    description = published.get("description", {})
    words, meant, figures = sketched(description)
    role = organisation.get("kind") or ("intermediary" if any(name.agency for name in names) else None)
    return Features(
        source=listing["source"],
        kind=published["kind"],
        names=_once([name.words for name in names]),
        telling=_once([word for name in names for word in name.telling]),
        kbo=organisation.get("kbo"),
        role=role,
        partners=_partners(published.get("partners", ())),
        titles=tuple(sorted([f"{language} {title.words}" for language, title in heard.items()])),
        occupations=_once([f"{code['scheme']}:{code['value']}" for code in published.get("occupations", ())]),
        municipalities=_once([found for place in places if (found := municipality(place))]),
        streets=_once([found for place in places if (found := street(place))]),
        contracts=_contracts(published),
        work_times=_once(published.get("workTime", ())),
        hours=published.get("hoursPerWeek"),
        published=_day(published.get("published")),
        expires=_day(published.get("expires")),
        starts=_day(published.get("starts")) if published["kind"] == "vacancy" else None,
        references=_references(listing),
        pages=_pages(published, listing),
        languages=tuple(sorted([language.partition("-")[0] for language in description if language != UNDETERMINED])),
        meanings=tuple(sorted(set().union(*[title.meanings for title in heard.values()]))),
        words=words,
        meant=meant,
        figures=figures,
    )


def _titles(published: Mapping[str, Any], places: Sequence[Mapping[str, Any]]) -> dict[str, titles.Title]:
    """Return the titles by language, without the town; from those of vacancies, the employer is left out too."""
    said = published["title"].items()
    around = [place["municipality"] for place in places[:3] if "municipality" in place]
    if published["kind"] == "programme":
        return {language: titles.named(titles.without(title, around)) for language, title in said}
    around.append(published["organisation"]["name"])
    return {language: titles.taken_apart(titles.without(title, around)) for language, title in said}


def _contracts(published: Mapping[str, Any]) -> tuple[str, ...]:
    if "programmeType" in published:
        return (published["programmeType"],)
    return _once(published.get("employmentType", ()))


def _said_names(organisation: Mapping[str, Any]) -> Iterable[str]:
    return [organisation["name"], *organisation.get("alternativeNames", ())[:_NUMBERS]]


def _once(values: Sequence[str]) -> tuple[str, ...]:
    """Return the first values, each once."""
    return tuple(values) if len(values) < 2 else tuple(dict.fromkeys(values))[:_MOST]


def _partners(partners: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    named = [name.words for each in partners for said in _said_names(each) if (name := employers.taken_apart(said))]
    return _once([*named, *(each["kbo"] for each in partners if "kbo" in each)]) if partners else ()


def _day(said: str | None) -> int | None:
    return date.fromisoformat(said).toordinal() - _EPOCH if said else None


def _references(listing: Mapping[str, Any]) -> tuple[str, ...]:
    """Return its names, its own first, in one spelling."""
    own = f"{listing['source']}:{listing['localId']}"
    said = (own, *listing.get("references", ()))
    return _once([each.strip().casefold() for each in said])


def _pages(published: Mapping[str, Any], listing: Mapping[str, Any]) -> tuple[str, ...]:
    ways = published.get("howToApply") or published.get("howToJoin") or ()
    said = [each["value"] for each in ways if each["channel"] == "url" and "value" in each]
    said += [each for each in (published.get("url"), listing.get("url")) if each]
    return _once([found for each in dict.fromkeys(said) if (found := page(each))])[:3]
