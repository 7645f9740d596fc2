"""Is everything as it should be: what `hub check` looks at, one finding each."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from hub.app.hub import Hub
from hub.config import SourceConfig, secrets_of
from hub.errors import ConfigError, HubError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is fine, and one sentence. ``setup`` tells a wrong set-up from a failure."""

    what: str
    fine: bool
    said: str
    setup: bool = False


def check(hub: Hub) -> Iterator[Finding]:
    """Look at plugins, the database, and each source's secrets and connection."""
    yield Finding("configuration", fine=True, said=f"{hub.config.folder}: {len(hub.config.sources)} sources")
    yield from _plugins(hub)
    with hub.database.read() as connection:
        connection.exec_driver_sql("SELECT 1")
    yield Finding("database", fine=True, said=str(hub.database.path))
    for source in hub.config.sources:
        if source.enabled:
            yield from _source(hub, source)
        else:
            yield Finding(f"source {source.id}", fine=True, said="disabled")


def _plugins(hub: Hub) -> Iterator[Finding]:
    for status in hub.plugins.statuses:
        if status.state == "enabled":
            yield Finding(f"plugin {status.name}", fine=True, said=f"adapters: {', '.join(status.adapters)}")
        elif status.state != "not allowed":
            yield Finding(f"plugin {status.name}", fine=False, said=status.reason, setup=True)


def _source(hub: Hub, source: SourceConfig) -> Iterator[Finding]:
    if not source.sandbox:
        for secret in secrets_of(source):
            said = f"{secret.name} is {'set' if secret.present else 'not set'} ({secret.key})"
            yield Finding(f"secret of {source.id}", fine=secret.present, said=said, setup=True)
    try:
        adapter = hub.source(source.id).adapter
    except ConfigError as error:
        yield from (Finding(f"source {source.id}", fine=False, said=each, setup=True) for each in error.mistakes)
        return
    try:
        with hub.job(source.id) as job:
            said = adapter.check(job)
        yield Finding(f"source {source.id}", fine=True, said=said)
    except HubError as error:
        hint = "; start the sandboxes with `hub sandbox`" if source.sandbox else ""
        yield Finding(f"source {source.id}", fine=False, said=f"{error}{hint}")
    except Exception as error:  # a fault in one adapter must not hide the findings on the others
        _log.exception("the check of source %s failed", source.id)
        said = f"{type(error).__name__} in the adapter '{source.adapter}'; the log has the details"
        yield Finding(f"source {source.id}", fine=False, said=said)
