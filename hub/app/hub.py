"""One opened hub: configuration, plugins, store and archive, and what can be done with them."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from hub.adapter import Adapter, Job
from hub.app.plugins import load_plugins
from hub.app.sandboxes import Sandboxes, require_sandbox, require_server
from hub.app.sweeping import sweep
from hub.archive import Archive
from hub.client import Exchange, Limits, Paces, PartnerJob, Reach, Tokens
from hub.codelists import Shelf
from hub.config import Config, SourceConfig, options_for, read
from hub.errors import ConfigError
from hub.model.opportunity import utc
from hub.pipeline import Desk, Expect, Report, Source, run_source
from hub.pipeline.expiry import expire_due
from hub.pipeline.holding import forgotten
from hub.plugins import Plugins
from hub.schedule import Claims
from hub.store import Database, leases, open_store, push, runs, views
from hub.store.leases import Lease
from hub.store.runs import ExchangeRow

_log = logging.getLogger(__name__)

Progress = Callable[[str, int, int | None], None]


def _silent(_step: str, _done: int, _total: int | None) -> None:
    """Say nothing."""


def _forget(_exchange: Exchange) -> None:
    """Keep no record."""


class Hub:
    """An opened hub.

    Args:
        config: the loaded configuration.
        data: the folder of store and archive; the configured one by default.
        public_url: the address portals see; the configured one by default.
        sandbox_address: where the sandboxes answer; the configured port by default.
        overlays: the options that lead to their sandbox, by source; made of the sandboxes by default.
    """

    def __init__(
        self,
        config: Config,
        *,
        data: Path | None = None,
        public_url: str | None = None,
        sandbox_address: str | None = None,
        overlays: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    ) -> None:
        self.config = config
        self.data = data or (config.folder / config.settings.data).resolve()
        self.public_url = public_url or config.settings.public_url
        self.plugins: Plugins = load_plugins(config.settings.plugins)
        self.sandbox_address = sandbox_address or f"http://127.0.0.1:{config.settings.sandbox.port}"
        self.sandboxes = self._sandboxes()
        self._overlays = overlays
        self.database: Database = open_store(self.data / "hub.db")
        self._rank()
        self._define_views()
        self.claims = Claims(self.database, seconds=config.settings.schedule.lease_seconds, clear=self._clear)
        self._tokens = Tokens()
        self._paces = Paces()
        self.archive = Archive(self.data / "archive")
        sweep(
            [
                *(self.data / "plans").glob("*.plan"),
                *(self.data / "archive" / "incoming").glob("*"),
                *forgotten(self.database, self.data / "holds"),
            ]
        )

    @classmethod
    def open(cls, folder: Path, **options: Any) -> Self:
        """Open the hub whose configuration is in this folder; ConfigError says all that is wrong with it."""
        config, mistakes = read(folder)
        if config is None or mistakes:
            raise ConfigError([*mistakes, *(_mistakes_in_options(config) if config else ())])
        return cls(config, **options)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self.database.close()

    def _rank(self) -> None:
        """Let the store know which source comes first where several list the same."""
        wanted = {source.id: source.rank for source in self.config.sources if source.rank is not None}
        with self.database.read() as connection:
            same = runs.ranks(connection) == wanted
        if not same:
            with self.database.write() as connection:
                runs.rank(connection, wanted)

    def _define_views(self) -> None:
        """Let the store know which views there are; what they hold is worked out where they are others than before."""
        wanted = {view.id: view.filter for view in self.config.views}
        with self.database.read() as connection:
            differ = views.differ(connection, wanted)
        if not differ:
            return
        with self.database.write() as connection:
            changes = views.define(connection, wanted)
            push.announce(
                connection, {each.view: each.position for each in changes if each.moved}, utc(datetime.now(UTC))
            )
        for change in changes:
            _log.info("view %s: %s entered, %s left", change.view, change.entered, change.left)

    # Sources ----------------------------------------------------------------------------------------------------

    def enabled(self) -> tuple[str, ...]:
        """Return the ids of the sources that run."""
        return tuple(source.id for source in self.config.sources if source.enabled)

    def source(self, source_id: str) -> Source:
        """Return a source ready to run; ConfigError when its adapter is missing or its options are wrong."""
        config = self.config.source(source_id)
        adapter = self.plugins.adapter(config.adapter)
        overlay = self.overlay(config)
        return Source(
            id=config.id,
            adapter=self._adapter(config, adapter, overlay),
            partner=config.partner,
            licence=config.licence,
            attribution=config.attribution,
            expect=Expect(**config.expect.model_dump()),
            codelists=Shelf(self.data / "codelists").open(),  # each time: another process may import one
        )

    def overlay(self, source: SourceConfig) -> Mapping[str, Any] | None:
        """Return the options that make a source talk to its sandbox; None where it has none."""
        if source.sandbox and source.id not in self._overlays:
            return self.sandboxes.overlay(source, self.sandbox_address)
        return self._overlays.get(source.id)

    def _adapter(
        self, config: SourceConfig, adapter: type[Adapter[Any]], overlay: Mapping[str, Any] | None
    ) -> Adapter[Any]:
        options = options_for(config, adapter, overlay)
        try:
            return adapter(options)
        except Exception as error:  # a broken adapter stops its own sources only
            said = f"the adapter '{adapter.name}' refuses its options: {type(error).__name__}: {error}"
            raise ConfigError(f"{config.file}: {said}") from error

    def _clear(self, run: int) -> None:
        """Remove the plan of a run that could not do it itself."""
        (self.data / "plans" / f"{run}.plan").unlink(missing_ok=True)

    # Runs -------------------------------------------------------------------------------------------------------

    def run(self, source_id: str, *, progress: Progress = _silent) -> Report:
        """Run one source now; SourceBusy when another process, or another thread, works on it."""
        self.source(source_id)  # what is set up wrongly claims nothing
        with self.claims.holding(source_id) as claim:
            return self.work(claim.lease, progress=progress)

    def work(self, lease: Lease, *, progress: Progress = _silent) -> Report:
        """Run one source under a lease that is held; Superseded when it was lost, and then nothing is applied."""
        source_id = lease.source
        source = self.source(source_id)
        exchanges: list[ExchangeRow] = []
        now = datetime.now(UTC)
        with ExitStack() as stack:

            def open_job(cursor: str | None) -> Job:
                self.require_partner(source_id)
                job = self.job(
                    source_id,
                    cursor=cursor,
                    now=now,
                    record=lambda each: exchanges.append(_row(each)),
                    progress=progress,
                )
                return stack.enter_context(job)

            fence = partial(leases.fence, lease=lease)
            settle = partial(self._settle, exchanges)
            desk = Desk(self.database, self.data / "plans", now, exchanges, progress, fence, settle)
            return run_source(source, desk, open_job)

    def expire(self) -> dict[str, int]:
        """End what has passed its own last day, and return how many listings of each source that were."""
        return expire_due(self.database, self.data / "plans", datetime.now(UTC))

    def _settle(self, exchanges: list[ExchangeRow]) -> None:
        self.archive.settle(row.digest for row in exchanges if row.digest)

    def job(
        self,
        source_id: str,
        *,
        cursor: str | None = None,
        now: datetime | None = None,
        record: Callable[[Exchange], None] = _forget,
        progress: Progress = _silent,
        archive: Archive | None = None,
    ) -> PartnerJob:
        """Return the door to the partner of a source for one fetch; what comes goes into the hub's or this archive."""
        source = self.config.source(source_id)
        return PartnerJob(
            archive=archive or self.archive,
            folder=self.config.folder,
            now=now or datetime.now(UTC),
            cursor=cursor,
            limits=Limits(**self.config.settings.limits.model_dump()),
            record=record,
            report=partial(progress, "fetch"),
            tokens=self._tokens,
            paces=self._paces,
            source=source_id,
            rate=source.pace,
            reach=self._reach(source),
        )

    def require_partner(self, source_id: str) -> None:
        """Raise SourceUnavailable when a source works on a sandbox and none is running; others are not asked."""
        if self.config.source(source_id).sandbox:
            require_server(self.sandbox_address)

    def _reach(self, source: SourceConfig) -> Reach:
        """Return whom a source may call: with a sandbox nothing private but that, else what the settings name."""
        network = self.config.settings.network
        private = (urlsplit(self.sandbox_address).netloc,) if source.sandbox else network.private_hosts
        return Reach(frozenset(private), network.proxy)

    def _sandboxes(self) -> Sandboxes:
        used = {}
        for source in self.config.sources:
            known: Mapping[str, Any] = self.plugins.adapters
            if source.sandbox and source.adapter in known:
                require_sandbox(source, known[source.adapter])
                used[source.adapter] = known[source.adapter]
        today = datetime.now(self.config.settings.zone).date()
        return Sandboxes(used.values(), seed=self.config.settings.sandbox.seed, today=today)


def _mistakes_in_options(config: Config) -> Iterator[str]:
    """Yield the mistakes in the options of the sources that can be read, so that all are told at once."""
    plugins = load_plugins(config.settings.plugins)
    for source in config.sources:
        try:
            adapter = plugins.adapter(source.adapter)
            if not source.sandbox:
                options_for(source, adapter)
        except ConfigError as error:
            yield from error.mistakes


def _row(exchange: Exchange) -> ExchangeRow:
    return ExchangeRow(
        exchange.method,
        exchange.host,
        exchange.path,
        exchange.status,
        exchange.digest,
        exchange.size,
        exchange.seconds,
        exchange.request,
        exchange.headers,
    )
