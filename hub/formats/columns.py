"""An opportunity as one flat row: the columns that CSV and Parquet have in common.

Values are those of the model, so codes of the vocabularies stay codes; several values of a column are joined by ``|``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from hub.format import Edition, Entry
from hub.formats.words import Words, as_plain, words

Value = str | int | float | bool | None
ColumnKind = Literal["text", "integer", "number", "flag", "day", "moment"]

SEPARATOR = "|"
"""Between several values of one column."""


class Row:
    """One opportunity, as the columns read it."""

    def __init__(self, entry: Entry, edition: Edition) -> None:
        self.entry = entry
        self.language = edition.language

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """Return its published JSON-LD."""
        return self.entry.data

    @cached_property
    def place(self) -> Mapping[str, Any]:
        """Return its first place, empty where it has none."""
        return next(iter(self.data.get("places", ())), {})

    @cached_property
    def title(self) -> Words:
        """Return its title in the language of the edition, or the next best."""
        return words(self.data["title"], self.language)

    @property
    def description(self) -> str | None:
        """Return its description without tags, one line for each paragraph."""
        found = self.data.get("description")
        return as_plain(words(found, self.language).text) if found else None


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Args:
        name: in the header.
        about: what it says, in a few English words.
        read: returns its value of a row; None where nothing is known.
        kind: what sort of value it is; a day is ISO 8601, a moment ISO 8601 in UTC.
    """

    name: str
    about: str
    read: Callable[[Row], Value]
    kind: ColumnKind = "text"


def flat(entry: Entry, edition: Edition) -> tuple[Value, ...]:
    """Return the values of an opportunity, in the order of the columns."""
    row = Row(entry, edition)
    return tuple(column.read(row) for column in FLAT_COLUMNS)


def _of(*path: str) -> Callable[[Row], Value]:
    """Return what reads a value of the published JSON by its path."""

    def read(row: Row) -> Value:
        value: Any = row.data
        for name in path:
            value = value.get(name) if value else None
        return value  # type: ignore[no-any-return]  # the model says what it is

    return read


def _placed(name: str) -> Callable[[Row], Value]:
    return lambda row: row.place.get(name)


def _joined(name: str) -> Callable[[Row], Value]:
    return lambda row: _join(row.data.get(name, ()))


def _listed(name: str) -> Callable[[Row], Value]:
    """Return what reads a field of each listing behind it."""
    return lambda row: _join(each[name] for each in row.data["listings"] if each.get(name))


def _join(values: Iterable[str]) -> str | None:
    return SEPARATOR.join(dict.fromkeys(values)) or None


def _languages(row: Row) -> Value:
    return _join(" ".join(filter(None, (one["language"], one.get("level")))) for one in row.data.get("languages", ()))


def _codes(name: str) -> Callable[[Row], Value]:
    return lambda row: _join(f"{each['scheme']}:{each['value']}" for each in row.data.get(name, ()))


def _occupation(row: Row) -> Value:
    labels = (each["label"] for each in row.data.get("occupations", ()) if each.get("label"))
    return next((words(label, row.language).text for label in labels), None)


def _education(row: Row) -> Value:
    asked = row.data.get("education")
    return None if asked is None else str(asked)


def _starts(row: Row) -> Value:
    """Return the days it starts, the word ``rolling``, or of a vacancy its first day of work."""
    starts = row.data.get("starts")
    return starts if starts is None or isinstance(starts, str) else _join(starts)


def _apply(row: Row) -> Value:
    """Return the first page where one applies or joins."""
    ways = (*row.data.get("howToApply", ()), *row.data.get("howToJoin", ()))
    return next((way["value"] for way in ways if way["channel"] == "url" and way.get("value")), None)


FLAT_COLUMNS: tuple[Column, ...] = (
    Column("id", "its id for life, a UUID", lambda row: row.entry.id),
    Column("kind", "`vacancy` or `programme`", lambda row: row.entry.kind),
    Column("address", "its page in this hub", lambda row: row.entry.address),
    Column("position", "its change number in the feed", lambda row: row.entry.position, "integer"),
    Column("changed", "when it changed last", lambda row: row.entry.changed, "moment"),
    Column("status", "`active` or `likelyExpired`", _of("status")),
    Column("title", "what it is called", lambda row: row.title.text),
    Column("title_language", "the language that title is in", lambda row: row.title.language),
    Column("description", "what it is, without markup", lambda row: row.description),
    Column("organisation", "the employer, or who runs the programme", _of("organisation", "name")),
    Column("organisation_kbo", "its number in the Crossroads Bank for Enterprises", _of("organisation", "kbo")),
    Column("organisation_url", "its own site", _of("organisation", "url")),
    Column("street", "street and number of the first place", _placed("street")),
    Column("postal_code", "of the first place", _placed("postalCode")),
    Column("municipality", "of the first place", _placed("municipality")),
    Column("nis", "REFNIS code of that municipality", _placed("nis")),
    Column("province", "of the first place", _placed("province")),
    Column("region", "of the first place", _placed("region")),
    Column("country", "of the first place, ISO 3166-1", _placed("country")),
    Column("latitude", "of the first place, WGS 84", _placed("latitude"), "number"),
    Column("longitude", "of the first place, WGS 84", _placed("longitude"), "number"),
    Column("places", "how many places it has", lambda row: len(row.data.get("places", ())), "integer"),
    Column("remote", "how far it can be done from home", _of("remote")),
    Column("audience", "whom it is meant for", _joined("audience")),
    Column("languages", "the languages one must know, with their levels", _languages),
    Column("occupation", "the occupation in words", _occupation),
    Column("occupation_codes", "as `scheme:code`", _codes("occupations")),
    Column("sector_codes", "as `scheme:code`", _codes("sectors")),
    Column("published", "first day it was offered", _of("published"), "day"),
    Column("expires", "last day to apply or join", _of("expires"), "day"),
    Column("starts", "the days it starts, or `rolling`", _starts),
    Column("url", "the partner's page about it", _of("url")),
    Column("apply_url", "the page where one applies or joins", _apply),
    Column("employment_type", "the contracts it may be", _joined("employmentType")),
    Column("work_time", "`fullTime`, `partTime`, or both", _joined("workTime")),
    Column("hours_per_week", "hours a week", _of("hoursPerWeek"), "number"),
    Column("schedule", "when the work is done", _joined("schedule")),
    Column("pay_min", "lowest pay", _of("pay", "min"), "number"),
    Column("pay_max", "highest pay", _of("pay", "max"), "number"),
    Column("pay_currency", "ISO 4217", _of("pay", "currency")),
    Column("pay_per", "the period the pay covers", _of("pay", "per")),
    Column("openings", "how many people are sought", _of("openings"), "integer"),
    Column("education", "lowest EQF level asked for, or `none`", _education),
    Column("experience_months", "experience asked for", _of("experienceMonths"), "integer"),
    Column("driving_licences", "those asked for", _joined("drivingLicences")),
    Column("reserved_for", "only these may apply", _joined("reservedFor")),
    Column("no_diploma_required", "stated that no diploma is needed", _of("noDiplomaRequired"), "flag"),
    Column("training_on_the_job", "one is trained in the job", _of("trainingOnTheJob"), "flag"),
    Column("adapted_work", "adapted work", _of("adaptedWork"), "flag"),
    Column("social_economy", "social economy", _of("socialEconomy"), "flag"),
    Column("language_learnable", "its language is learned on the job", _of("languageLearnableOnTheJob"), "flag"),
    Column("programme_type", "what a programme offers", _of("programmeType")),
    Column("initiative", "the initiative it is part of", _of("initiative")),
    Column("capacity", "whether there is room", _of("capacity", "status")),
    Column("sources", "the sources that list it, the canonical one first", _listed("source")),
    Column("partners", "the partners behind them", _listed("partner")),
    Column("local_ids", "the partners' own identifiers", _listed("localId")),
    Column("licences", "the terms they supply it under", _listed("licence")),
    Column("attributions", "the credit they ask for", _listed("attribution")),
    Column("quality", "how well it is described, 0 to 1", _of("quality", "score"), "number"),
)
"""The columns, in their order. A column keeps its name and meaning; new ones are added at the end."""
