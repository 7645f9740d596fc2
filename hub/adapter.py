"""The contract between the hub and an adapter: what an adapter is given, and what it gives back.

An adapter knows one partner's format. `fetch` may use the network and yields what the partner says, record by record,
each with the partner's own id. `normalise` is pure: the same record always gives the same listing.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, ClassVar, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue

from hub.errors import UnexpectedAnswer
from hub.model.issue import Issue
from hub.model.programme import Programme
from hub.model.vacancy import Vacancy

OptionsT = TypeVar("OptionsT", bound="Options")
ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


class Options(BaseModel):
    """The options of a source that its adapter understands; a name it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)


# What fetch yields --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One item exactly as the partner sent it: the partner's id, and the item as JSON."""

    local_id: str
    payload: JsonValue


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The partner says that this item is no longer offered."""

    local_id: str
    payload: JsonValue = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The partner says that this item is another of its own items, told twice; only the other is published."""

    local_id: str
    of: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An item that cannot even be read. It counts as seen where its id is known, so nothing is withdrawn for it."""

    issue: Issue
    payload: JsonValue
    local_id: str | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    """The end of a fetch that saw everything, with the proof.

    Args:
        proof: one sentence, such as ``3,204 records read, the total the partner states``.
        covers: ``everything`` the partner lists, so what is absent is gone; or only the ``changes`` since the cursor.
        cursor: where the next run continues; kept only when this run is applied.
    """

    proof: str
    covers: Literal["everything", "changes"] = "everything"
    cursor: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.proof, str) or not self.proof:
            raise TypeError("Complete needs its proof, one sentence")
        if self.covers not in {"everything", "changes"}:
            raise ValueError(f"Complete covers everything or changes, not {self.covers!r}")
        if not isinstance(self.cursor, str | None):
            raise TypeError("the cursor of Complete is text")


@dataclass(frozen=True, slots=True)
class Incomplete:
    """The end of a fetch that may have missed something: what was read is applied, nothing is inferred to be gone.

    Args:
        reason: one sentence: what happened, and what to do about it.
    """

    reason: str


Fetched = RawRecord | Withdrawal | Duplicate | Refused | Complete | Incomplete


# What normalise returns ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Normalised:
    """A listing, and what was noticed while reading the record.

    Args:
        listing: the vacancy or programme.
        partner_modified: when the partner says the record changed, with its time zone.
        provenance: whose offer it is, where the partner lists others' offers too, such as ``vdab-forem``.
        warnings: issues that are published with it.
        unknown_fields: paths of fields that the adapter neither uses nor ignores, such as ``functie.telewerk``.
        unknown_values: pairs of table name and value that a value table does not know.
    """

    listing: Vacancy | Programme
    partner_modified: datetime | None = None
    provenance: str | None = None
    warnings: tuple[Issue, ...] = ()
    unknown_fields: tuple[str, ...] = ()
    unknown_values: tuple[tuple[str, str], ...] = ()


# What fetch is given ------------------------------------------------------------------------------------------


class Answer(Protocol):
    """An answer of a partner, its body archived, complete and within bounds."""

    @property
    def status(self) -> int: ...  # noqa: D102
    @property
    def headers(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def body(self) -> bytes: ...  # noqa: D102
    def json(self) -> Any:
        """Return the body as JSON; raises UnexpectedAnswer, saying what came instead, such as an HTML page."""


class Document(Protocol):
    """A whole file, archived, readable as often as needed."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def size(self) -> int: ...  # noqa: D102
    @property
    def digest(self) -> str: ...  # noqa: D102
    def open(self) -> IO[bytes]:
        """Return a seekable binary stream of the file's bytes, from the start."""


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """OAuth 2.0 client credentials (RFC 6749, 4.4): a bearer token, cached and renewed before its end."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str | None = None
    placed_in: Literal["body", "basic"] = "body"


class Client(Protocol):
    """The one door to the partner: bounded in time and size, retrying what is worth it, archiving what comes."""

    def get(self, url: str, *, params: Mapping[str, str] | None = None) -> Answer:
        """GET; an answer of 400 or above raises the SourceError that fits, except 404, which is returned."""

    def post(self, url: str, *, json: JsonValue = None, params: Mapping[str, str] | None = None) -> Answer:
        """POST a JSON body; errors as in `get`."""

    def download(self, url: str) -> Document:
        """GET a file of any size into the archive; errors as in `get`, 404 included."""

    def map(
        self, function: Callable[[ItemT], ResultT], items: Iterable[ItemT], *, at_once: int = 4
    ) -> Iterator[ResultT]:
        """Yield function(item) for each item, in order, at most this many at once."""


class Job(Protocol):
    """One fetch: its door to the partner, where it continues, and where to say how far it is."""

    @property
    def cursor(self) -> str | None:
        """What the last complete run left in `Complete.cursor`; None on the first run."""

    @property
    def now(self) -> datetime:
        """The moment the run started, with time zone."""

    @property
    def folder(self) -> Path:
        """The folder that relative paths in the options start from."""

    def connect(self, *, headers: Mapping[str, str] | None = None, auth: ClientCredentials | None = None) -> Client:
        """Return the door to the partner; every request carries these headers and this authentication."""

    def open_file(self, path: str) -> Document:
        """Return a local file through the archive; relative paths start from `folder`."""

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how many records are read, of how many where known."""


# The adapter --------------------------------------------------------------------------------------------------


class Adapter(ABC, Generic[OptionsT]):
    """Knows one partner's format. One instance per source, made with the source's options.

    Class attributes:
        name: lower-case name, the one written in a source's ``adapter =``.
        version: of the adapter; raise it whenever the same record would give another listing.
        options_type: the model of its options.
        sandbox: ``module:function`` that builds a stand-in for the partner's API (`hub.testing.Sandbox`), if any.
        limitations: what it cannot do, one sentence each.
    """

    name: ClassVar[str]
    version: ClassVar[str]
    options_type: ClassVar[type[Options]] = Options
    sandbox: ClassVar[str | None] = None
    limitations: ClassVar[Sequence[str]] = ()

    def __init__(self, options: OptionsT) -> None:
        self.options = options

    @abstractmethod
    def fetch(self, job: Job) -> Iterator[Fetched]:
        """Yield what the partner says, ending with Complete or Incomplete; SourceError aborts the run.

        Each id at most once: of two words about one id the hub keeps the first, and does not believe a list of changes.
        """

    @abstractmethod
    def normalise(self, record: RawRecord) -> Normalised:
        """Return the listing of a record; RecordError, or a pydantic ValidationError, refuses it. Pure."""

    def check(self, job: Job) -> str:
        """Reach the partner without reading everything; return one sentence of what answered, or raise SourceError."""
        for fetched in self.fetch(job):
            match fetched:
                case RawRecord() | Withdrawal() | Duplicate() | Refused() | Complete():
                    return "answers with records"
                case Incomplete(reason):
                    raise UnexpectedAnswer(reason)
        return "answers"
