"""What is examined: an adapter with its options, its sandbox and its recordings."""

import inspect
import pkgutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Self

from hub.adapter import Adapter, Complete, RawRecord
from hub.testing.mutation import kinds
from hub.testing.reading import Reading, read
from hub.testing.sandbox import Sandbox
from hub.testing.trouble import Stage, Trouble
from hub.testing.verdict import Broken, NotApplicable, Unreadable
from hub.testing.visit import Visit, Visiting, visit

SEED = 1
SIZE = 80
SAMPLES = 16


def usual_sandbox(adapter: type[Adapter[Any]]) -> Callable[[], Sandbox] | None:
    """Return what builds the adapter's example or sandbox, small where it can be; None for an adapter that has none."""
    named = adapter.example or adapter.sandbox
    if named is None:
        return None
    build = pkgutil.resolve_name(named)
    size = {"size": SIZE} if "size" in inspect.signature(build).parameters else {}
    return lambda: build(SEED, datetime.now(UTC).date(), **size)


@dataclass(eq=False)
class Subject:
    """An adapter to be examined. What is costly is made once and kept.

    Args:
        adapter: its class.
        build: makes a new sandbox each time; None where there is none.
        options: laid over the sandbox's, or all there are.
        recorded: records of real answers, made anonymous.
        news: fields that the recordings hold although the partner documents none.
    """

    adapter: type[Adapter[Any]]
    build: Callable[[], Sandbox | None] | None = None
    options: Mapping[str, Any] | None = None
    recorded: Collection[RawRecord] = ()
    news: Collection[str] = ()

    @classmethod
    def of(cls, adapter: type[Adapter[Any]], options: Mapping[str, Any] | None = None) -> Self:
        """Return an adapter with its own sandbox and no recordings."""
        return cls(adapter, usual_sandbox(adapter), options)

    @property
    def package(self) -> str:
        """The adapter's top package."""
        return self.adapter.__module__.partition(".")[0]

    # Adapters and sandboxes -------------------------------------------------------------------------------------

    @cached_property
    def stage(self) -> Stage:
        """The sandbox that most promises share; its clock never ticks."""
        return self.new_stage()

    def new_stage(self) -> Stage:
        """Return a sandbox of its own; NotApplicable where there is none."""
        sandbox = self.build() if self.build else None
        if sandbox is None:
            raise NotApplicable(
                f"'{self.adapter.name}' has no sandbox: set Adapter.sandbox to 'module:function', or give documents"
            )
        return Stage(sandbox)

    def new_adapter(self, stage: Stage | None = None) -> Adapter[Any]:
        """Return a new adapter that talks to the stage, or one without a partner where there is no sandbox."""
        return self.adapter(self.adapter.options_type.model_validate(self.given(stage)))

    def given(self, stage: Stage | None = None) -> dict[str, Any]:
        """Return the options as an administrator would write them."""
        if stage is None and self.build is not None:
            stage = self.stage
        return {**(stage.options() if stage else {}), **(self.options or {})}

    @cached_property
    def one(self) -> Adapter[Any]:
        """An adapter for promises that need only one."""
        return self.new_adapter()

    # Fetching ---------------------------------------------------------------------------------------------------

    def visit(
        self, trouble: Trouble | None = None, *, at: int = 0, times: int = 1_000_000, how: Visiting | None = None
    ) -> Visit:
        """Fetch all from the shared sandbox with a new adapter, trouble beginning at a request counted from 0."""
        self.stage.begin(trouble.answer if trouble else None, at=at, times=times)
        try:
            return visit(self.new_adapter(), self.stage, how)
        finally:
            self.stage.begin()

    @cached_property
    def plain(self) -> Visit:
        """A fetch without any trouble."""
        found = self.visit()
        if found.error is not None:
            raise Unreadable(
                f"fetch cannot read the sandbox: it {found.outcome}",
                "run fetch against the sandbox with hub.testing.fetch and mend what fails; "
                "the sandbox's options() must be all that the adapter needs.",
            ) from found.error
        return found

    @property
    def whole(self) -> Visit:
        """The fetch without any trouble, which must have ended with Complete for others to be held against it."""
        if not isinstance(self.plain.end, Complete):
            raise Broken(
                f"a fetch from a sandbox without any trouble {self.plain.outcome}",
                "end with Complete when the partner's own count, end mark or last page proves that all was read.",
            )
        return self.plain

    def positions(self) -> list[int]:
        """Return where trouble begins: the first, the second, the middle and the last request."""
        asked = len(self.whole.asked)
        return sorted({0, min(1, asked - 1), asked // 2, asked - 1})

    # Records ----------------------------------------------------------------------------------------------------

    @cached_property
    def records(self) -> list[RawRecord]:
        """The recorded records, and those of the sandbox."""
        found = [*self.recorded, *(self.plain.records if self.build else ())]
        if not found:
            raise NotApplicable(
                f"'{self.adapter.name}' has neither recordings nor a sandbox that yields records: override records(), "
                "set Adapter.sandbox, or give documents"
            )
        return found

    @cached_property
    def readings(self) -> list[Reading]:
        """What one adapter makes of each record."""
        return [read(self.one, record) for record in self.records]

    @cached_property
    def samples(self) -> list[Reading]:
        """Some readings that became listings, as unlike one another as there are."""
        chosen: list[Reading] = []
        met: set[tuple[str, str]] = set()
        listed = [each for each in self.readings if each.normalised is not None]
        for reading in listed:
            shape = set(kinds(reading.record.payload).items())
            if shape - met and len(chosen) < SAMPLES:
                chosen.append(reading)
                met |= shape
        return chosen

    def all_news(self) -> frozenset[str]:
        """Return the fields that nobody needs to read."""
        told: Collection[str] = ()
        with suppress(NotApplicable):
            told = self.stage.sandbox.news
        return frozenset({*self.news, *told})

    def listed(self) -> Iterator[Reading]:
        """Yield the readings that became listings."""
        return (each for each in self.readings if each.normalised is not None)
