"""The adapter itself: what a plugin writes."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar, Generic, TypeVar

from hub.adapter.fetched import Complete, Duplicate, Fetched, Incomplete, RawRecord, Refused, Withdrawal
from hub.adapter.job import Job
from hub.adapter.normalised import Normalised
from hub.adapter.options import Options
from hub.errors import UnexpectedAnswer
from hub.mapping import Mapping

OptionsT = TypeVar("OptionsT", bound="Options")


class Adapter(ABC, Generic[OptionsT]):
    """Knows one partner's format. One instance per source, made with the source's options.

    Class attributes:
        name: lower-case name, the one written in a source's ``adapter =``.
        version: of the adapter; raise it whenever the same record would give another listing.
        options_type: the model of its options.
        sandbox: ``module:function`` that builds a stand-in for the partner's API (`hub.testing.Sandbox`), if any.
        example: ``module:function`` that builds a sandbox with an example source, for an adapter that is nothing
            without a source's options: the conformance kit examines it on that.
        limitations: what it cannot do, one sentence each.
    """

    name: ClassVar[str]
    version: ClassVar[str]
    options_type: ClassVar[type[Options]] = Options
    sandbox: ClassVar[str | None] = None
    example: ClassVar[str | None] = None
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

    def mappings(self) -> Sequence[Mapping]:
        """Return the value tables it reads with, its own and those of the source's options; a change reads all anew."""
        return ()

    def check(self, job: Job) -> str:
        """Reach the partner without reading everything; return one sentence of what answered, or raise SourceError."""
        for fetched in self.fetch(job):
            match fetched:
                case RawRecord() | Withdrawal() | Duplicate() | Refused() | Complete():
                    return "answers with records"
                case Incomplete(reason):
                    raise UnexpectedAnswer(reason)
        return "answers"
