"""What a source may say about its fields: which of them fills what of the model, and how their values are written."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, JsonValue

from hub.mapping.fields.part import LanguageTag, Part
from hub.mapping.fields.targets import KindName
from hub.mapping.fields.values import Cell

Unknown = Literal["report", "skip", "keep", "refuse"]


class FieldOption(Part):
    """How the values of a field are to be read; where they are is said by the kind of source."""

    glue: str = " "
    """What stands between several values put together."""
    language: LanguageTag | None = None
    """Language tag of a text, instead of one at the end of the path."""
    separator: Annotated[str, Field(min_length=1)] | None = None
    """What stands between several values in one text."""
    table: str | None = None
    """The value table that translates the partner's values."""
    unknown: Unknown = "report"
    """A value that the table lacks: left out and counted, left out silently, kept as it is, or the record refused."""
    markup: Literal["plain", "html"] = "plain"
    """Whether the values of a description are plain text or HTML."""
    format: str | None = None
    """How days are written, such as ``dd/mm/yyyy``; ISO 8601 is understood as well."""
    decimal: Literal[".", ","] | None = None
    """The decimal sign."""
    thousands: Literal[".", ",", " ", "'"] | None = None
    """The sign between thousands; without it a number that has one is refused."""
    factor: Annotated[float, Field(gt=0)] | None = None
    """What a number is multiplied by, such as 12 for years where the model has months."""
    uneven: Literal["refuse", "skip", "share"] = "refuse"
    """Under a list, when it has another number of values than the others: the record refused, the field left out, or
    a single value shared by all and any other number left out."""

    @property
    @abstractmethod
    def sources(self) -> Sequence[str]:
        """What of the record fills it: columns, or paths."""


class FieldTable(Part):
    """Partner's values and ours; an empty value means that it deliberately says nothing."""

    owner: str | None = None
    """Who keeps the table."""
    checked: str | None = None
    """When it was last compared with the partner's values."""
    values: dict[str, JsonValue]
    """The partner's value, in any case, and ours: one value, a list of values, or a table for a whole block."""


class Formats(Part):
    """How a partner writes days, numbers, yes and no, and nothing, unless a field says otherwise."""

    date: str = "yyyy-mm-dd"
    """Days, such as ``dd/mm/yyyy`` or ``d-m-yyyy HH:MM``; ``seconds`` or ``milliseconds`` since 1970."""
    decimal: Literal[".", ","] = "."
    """The decimal sign."""
    thousands: Literal[".", ",", " ", "'"] | None = None
    """The sign between thousands."""
    true: tuple[str, ...] = ("true", "1", "yes", "y", "ja", "j", "oui", "o", "waar", "vrai", "x")
    """What means yes, in any case."""
    false: tuple[str, ...] = ("false", "0", "no", "n", "nee", "neen", "non", "onwaar", "faux")
    """What means no, in any case."""
    empty: tuple[str, ...] = ()
    """What means nothing besides an empty text, such as ``-`` or ``NULL``."""


class Facts(Part):
    """A table that says several things about one value: each of its values is a table of paths in the model."""

    table: str
    """The value table, whose values are tables such as ``{ employmentType = "student", workTime = "partTime" }``."""
    separator: Annotated[str, Field(min_length=1)] | None = None
    """What stands between several values in one text."""
    unknown: Literal["report", "skip", "refuse"] = "report"
    """A value that the table lacks: left out and counted, left out silently, or the record refused."""


def plain_table(value: object) -> object:
    """Return a table written without owner as one whose values stand under ``values``."""
    if isinstance(value, Mapping) and not isinstance(value.get("values"), Mapping):
        return {"values": value}
    return value


def _short_facts(value: object) -> object:
    return {"table": value} if isinstance(value, str) else value


class FieldSettings(Part):
    """Which of a partner's fields fills what of the model. A kind of source says what its fields are called."""

    word: ClassVar[str] = "field"
    """What a partner's field is called in sentences."""
    nested: ClassVar[bool] = False
    """Whether a value may be an object or a list, so that it can fill a whole block or several items of a list."""

    language: LanguageTag = "und"
    """Language tag of texts whose field names none; ``und`` lets the hub detect it."""
    formats: Formats = Formats()
    """How the partner writes days, numbers, yes and no."""
    fields: Mapping[str, FieldOption] = Field(default_factory=dict)
    """Path in the model, and what fills it."""
    constants: dict[str, JsonValue] = Field(default_factory=dict)
    """Path in the model, and a value that every record gets."""
    flags: dict[str, dict[str, JsonValue]] = Field(default_factory=dict)
    """Path of a list in the model, and for each yes-or-no field the value it adds."""
    facts: dict[str, Annotated[Facts, BeforeValidator(_short_facts)]] = Field(default_factory=dict)
    """A field, and the table that says several things about its value."""
    tables: dict[str, Annotated[FieldTable, BeforeValidator(plain_table)]] = Field(default_factory=dict)
    """Value tables by name."""

    @property
    @abstractmethod
    def kinds(self) -> Sequence[KindName]:
        """What the records may be: vacancy, programme, or both."""

    @property
    def used_tables(self) -> frozenset[str]:
        """The tables that something else than a field uses."""
        return frozenset()

    @abstractmethod
    def cell(self, sources: Sequence[str], glue: str) -> Cell:
        """Return the function that gets a field's value of a record, or several put together; None when empty."""

    @abstractmethod
    def field(self, source: str, **said: object) -> FieldOption:
        """Return a field that is filled by this one."""
