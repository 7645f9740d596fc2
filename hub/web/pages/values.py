"""Values of the published JSON as a page writes them, in one language."""

import gettext
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pycountry
from markupsafe import Markup

from hub.model.markup import sanitise
from hub.model.text import pick
from hub.model.vocabulary import terms
from hub.web.pages.texts import say

Json = Mapping[str, Any]
Reader = Callable[[Any, str], Sequence[str]]

_MARKS = {
    "nl": str.maketrans(" .", ".,"),
    "fr": str.maketrans(" .", "\u202f,"),
    "en": str.maketrans(" .", ",."),
}  # between thousands, and before decimals

INTENSITIES = ("hoursPerWeek", "meetingsPerMonth", "weeks")
"""What the intensity of a programme may state; each has a text in the catalogue."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text and the language it is in, for the page to mark; rich text as safe HTML."""

    text: str
    language: str


def words(value: Mapping[str, str], language: str) -> Words:
    """Return the text in this language, or else in another, with the language it really is in."""
    text = pick(value, (language, "en", "nl", "fr"))
    return Words(text, next(tag for tag, candidate in value.items() if candidate == text))


def rich(value: Mapping[str, str] | None, language: str) -> Words | None:
    """Return rich text as HTML that is safe to show: sanitised when it came in, and here once more."""
    if not value:
        return None
    found = words(value, language)
    return Words(Markup(sanitise(found.text)), found.language)  # noqa: S704  # sanitised just here


def label(vocabulary: str, value: str, language: str) -> str:
    """Return the label of a value of a vocabulary; the value itself where it is newer than this hub."""
    return _labels(vocabulary, language).get(value, value)


def place(value: Json, language: str) -> str:
    """Return a place on one line, from exact to rough."""
    town = " ".join(filter(None, (value.get("postalCode"), value.get("municipality"))))
    parts = [value.get("street"), town]
    rough = [value.get("province") or value.get("region") or country(value.get("country"), language)]
    return ", ".join(filter(None, parts)) or next(filter(None, rough), value.get("original", ""))


def amount(value: float, language: str) -> str:
    """Return a number as the language writes it, with two decimals at most and none when it is whole."""
    written = _written(value)
    return (written.rstrip("0") if "." in written else written).translate(_MARKS[language])


def money(value: float, language: str) -> str:
    """Return an amount of money as the language writes it, with cents unless it is whole."""
    return _written(value).translate(_MARKS[language])


def _written(value: float) -> str:
    return f"{value:,.2f}".removesuffix(".00").replace(",", " ")


@cache
def _labels(vocabulary: str, language: str) -> Mapping[str, str]:
    return {term.value: term.labels[language] for term in terms(vocabulary)}


def of_vocabulary(vocabulary: str) -> Reader:
    """Return a reader of values of this vocabulary."""

    def read(value: Any, language: str) -> Sequence[str]:
        values = [value] if isinstance(value, str) else value
        return [label(vocabulary, one, language) for one in values]

    return read


def said(value: Any, language: str) -> Sequence[str]:
    """Return a text, or a number as the language writes it."""
    return [value if isinstance(value, str) else amount(value, language)]


def dates(value: Any, _language: str) -> Sequence[str]:
    """Return dates as day/month/year."""
    values = [value] if isinstance(value, str) else value
    return ["/".join(reversed(one.split("-"))) for one in values]


def places(value: Any, language: str) -> Sequence[str]:
    """Return each place on one line."""
    return [shown for one in value if (shown := place(one, language))]


def codes(value: Any, language: str) -> Sequence[str]:
    """Return the labels of codes, or the codes themselves."""
    return [words(one["label"], language).text if one.get("label") else one["value"] for one in value]


def languages(value: Any, language: str) -> Sequence[str]:
    """Return the languages by name, with their levels."""
    return [" ".join(filter(None, (language_name(one["language"], language), one.get("level")))) for one in value]


def pay(value: Json, language: str) -> Sequence[str]:
    """Return what is paid, and per what."""
    amounts = "–".join(money(value[name], language) for name in ("min", "max") if name in value)
    per = f" / {label('pay-periods', value['per'], language)}" if "per" in value else ""
    return [f"{amounts} {value['currency']}{per}"] if amounts else []


def in_words(value: Any, language: str) -> Sequence[str]:
    """Return a text in this language, or else in another."""
    return [words(value, language).text]


def capacity(value: Json, language: str) -> Sequence[str]:
    """Return whether there is room."""
    return [label("capacity-statuses", value["status"], language)]


def starts(value: Any, language: str) -> Sequence[str]:
    """Return the days it starts, or that one may join at any time."""
    return [say("phrase.rolling", language)] if value == "rolling" else dates(value, language)


def education(value: Any, language: str) -> Sequence[str]:
    """Return the level asked for, or that none is."""
    return [say("phrase.no_diploma", language) if value == "none" else say("phrase.eqf", language, level=value)]


def experience(value: Any, language: str) -> Sequence[str]:
    """Return the experience asked for, in years where these are whole."""
    if not value:
        return [say("phrase.no_experience", language)]
    if value % 12:
        return [say("phrase.months", language, count=amount(value, language))]
    return [say("phrase.years", language, count=amount(value // 12, language))]


def intensity(value: Json, language: str) -> Sequence[str]:
    """Return how much time it takes: numbers in the reader's language, the partner's words where they add to them."""
    numbers = [
        say(f"intensity.{name}", language, count=amount(value[name], language)) for name in INTENSITIES if name in value
    ]
    note = value.get("note", {})
    return [*numbers, *(in_words(note, language) if note and (not numbers or language in note) else ())]


def cost(value: Json, language: str) -> Sequence[str]:
    """Return what joining costs."""
    stated = [say("phrase.free", language)] if value.get("free") else []
    if "amount" in value:
        stated.append(f"{money(value['amount'], language)} {value.get('currency', '')}".strip())
    return [*stated, *(in_words(value["conditions"], language) if value.get("conditions") else ())]


def ages(value: Json, language: str) -> Sequence[str]:
    """Return from and until which age one may join."""
    low, high = value.get("minAge"), value.get("maxAge")
    if low is None and high is None:
        return []
    if high is None:
        return [say("phrase.from_age", language, low=low)]
    return [
        say("phrase.until_age", language, high=high)
        if low is None
        else say("phrase.ages", language, low=low, high=high)
    ]


@cache
def _country_names() -> Mapping[str, str]:
    return {one.alpha_2: getattr(one, "common_name", one.name) for one in pycountry.countries}


@cache
def _language_names() -> Mapping[str, str]:
    return {one.alpha_2: one.name for one in pycountry.languages if hasattr(one, "alpha_2")}


@cache
def _translated(domain: str, language: str) -> gettext.NullTranslations:
    return gettext.translation(domain, pycountry.LOCALES_DIR, languages=[language], fallback=True)


def country(code: str | None, language: str) -> str:
    """Return the name of a country; the code where it has none, nothing without a code."""
    name = _country_names().get(code or "", code or "")
    return _translated("iso3166-1", language).gettext(name) if name else ""


def language_name(code: str, language: str) -> str:
    """Return the name of a language; the code where it has none."""
    name = _language_names().get(code, code)
    return _translated("iso639-3", language).gettext(name)
