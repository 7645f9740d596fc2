"""What a source may say: where the list is, how it is asked for, and which path fills which field of the model."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from hub import BeforeValidator, Cell, Field, FieldOption, FieldSettings, JsonValue, KindName, Options, SecretStr
from hub_generic_json.access import Access, Certificate
from hub_generic_json.changes import Changes
from hub_generic_json.expressions import Expression, path_cell
from hub_generic_json.paging import OneAnswer, PagingOption
from hub_generic_json.urls import Url


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _short_form(value: object) -> object:
    return {"path": value} if isinstance(value, str | list) else value


Expressions = Annotated[tuple[Expression, ...], BeforeValidator(_listed), Field(min_length=1)]
Names = Annotated[str, Field(pattern=r"^[^.\s]+(\.[^.\s]+)*$")]


class PathField(FieldOption):
    """Which path fills a field, and how its values are to be read."""

    path: Expressions
    """The path, in JMESPath; several are put together, empty ones left out."""

    @property
    def sources(self) -> Sequence[str]:
        """Return the paths."""
        return self.path


class Gone(Options):
    """How an item says that it is no longer offered: a flag, or the state of a tombstone."""

    path: Expression
    """The path that says so."""
    values: Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)] = ("true",)
    """The values that mean so, in any case."""


class Modified(Options):
    """The moment the partner last changed an item; Brussels time where it names no time zone."""

    path: Expression
    """The path that says so."""
    format: str = "yyyy-mm-dd HH:MM:SS"
    """How it is written; ISO 8601 is understood as well, and ``seconds`` or ``milliseconds`` since 1970."""


class KindBy(Options):
    """A list of both kinds: what says which of them an item is."""

    path: Expression
    """The path that says so."""
    values: Annotated[dict[str, KindName], Field(min_length=1)]
    """The partner's value, in any case, and what it means: ``vacancy`` or ``programme``."""


class Detail(Options):
    """A request for each item, where the list holds only heads."""

    url: Url
    """The address of one item; ``{id}`` stands for its id."""
    record: Expression = "@"
    """Where the item is in the answer."""
    into: Annotated[str, Field(pattern=r"^\w+$")] = "detail"
    """The name under which it is added to the head, so that paths to it begin with it."""
    at_once: Annotated[int, Field(ge=1, le=16)] = 4
    """How many are asked for at the same time."""


class Settings(FieldSettings, Options):
    """Everything about one list."""

    word: ClassVar[str] = "path"
    nested: ClassVar[bool] = True

    url: Url
    """The address of the list."""
    method: Literal["GET", "POST"] = "GET"
    """How it is asked for."""
    params: dict[str, str] = Field(default_factory=dict)
    """Query parameters of every request for the list."""
    body: dict[str, JsonValue] | None = None
    """The JSON body of a POST; what pages and changes add is laid into it."""
    parameters_in: Literal["query", "body"] = "query"
    """Where the parameters of pages and changes go."""
    headers: dict[str, SecretStr] = Field(default_factory=dict)
    """Secret headers of every request; a key in one header is better said as `access`."""
    headers_shown: dict[str, str] = Field(default_factory=dict)
    """Headers that are no secret, such as ``Accept-Language``."""
    access: Access | None = None
    """How the partner knows us."""
    certificate: Certificate | None = None
    """A certificate that we show, where the partner wants mutual TLS."""
    paging: PagingOption = OneAnswer()
    """How the list comes in pages."""
    max_pages: Annotated[int, Field(ge=1)] = 10_000
    """The most pages that are asked for."""
    drift: Annotated[int, Field(ge=0)] = 0
    """By how many items the stated total may differ from what came, in a list that never rests."""
    records: Expression = "@"
    """Where the list is in an answer."""
    total: Expression | None = None
    """Where an answer says how many items the whole list has; one that does not is then no proof."""
    changes: Changes | None = None
    """Read only what changed since the last run; without it, every run reads everything."""
    detail: Detail | None = None
    """A request for each item, where the list holds only heads."""
    kind: KindName | KindBy
    """What an item is: ``vacancy``, ``programme``, or what says which."""
    id: Expressions
    """The path of the partner's own id; several together when no single one is unique."""
    gone: Gone | None = None
    """How an item says that it is no longer offered."""
    modified: Modified | None = None
    """The path that says when the partner changed an item."""
    provenance: Expression | None = None
    """The path that says whose offer it is, where the partner lists others' offers too."""
    references: Annotated[tuple[Expression, ...], BeforeValidator(_listed)] = ()
    """The paths that say how the offer is named elsewhere, as ``partner:id``."""
    fields: Mapping[str, Annotated[PathField, BeforeValidator(_short_form)]] = Field(default_factory=dict)
    """Path in the model, and the path in the item that fills it."""
    ignore: tuple[Names, ...] = ()
    """Fields known and left out on purpose, all that is inside them included; any other unused one is reported."""
    personal: tuple[Names, ...] = ()
    """Fields about persons, such as a contact: taken out before an item leaves the fetch."""

    @property
    def kinds(self) -> Sequence[KindName]:
        """Return what the items may be."""
        return tuple(dict.fromkeys(self.kind.values.values())) if isinstance(self.kind, KindBy) else (self.kind,)

    def cell(self, sources: Sequence[str], glue: str) -> Cell:
        """Return the function that gets what a path finds, or several put together."""
        return path_cell(sources, glue, frozenset({"", *self.formats.empty}))

    def field(self, source: str, **said: object) -> PathField:
        """Return a field that this path fills."""
        return PathField.model_validate({"path": source, **said})
