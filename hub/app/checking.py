"""Is everything as it should be: what `hub check` looks at, one finding each."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hub.app import subscribing
from hub.app.hub import Hub
from hub.config import SecretRef, SourceConfig, secrets_of
from hub.errors import ConfigError, HubError, StoreError, UnexpectedAnswer
from hub.plugins.isolation import trail
from hub.store.keys.data_key import FILE
from hub.store.views.extents import Extent
from hub.views import LISTINGS

_log = logging.getLogger(__name__)

_STAND_IN = (
    "; this is its sandbox, which stands in for the examples of its README: restart `hub sandbox` after a change"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is fine, and one sentence. ``setup`` tells a wrong set-up from a failure."""

    what: str
    fine: bool
    said: str
    setup: bool = False


def check(hub: Hub) -> Iterator[Finding]:
    """Look at plugins, the database, the subscribers' secrets, and each source's secrets and connection."""
    yield Finding("configuration", fine=True, said=f"{hub.config.folder}: {len(hub.config.sources)} sources")
    yield from _plugins(hub)
    with hub.database.read() as connection:
        connection.exec_driver_sql("SELECT 1")
    yield Finding("database", fine=True, said=str(hub.database.path))
    yield from _access(hub)
    yield from _views(hub)
    yield from _webhooks(hub)
    for source in hub.config.sources:
        if source.enabled:
            yield from _source(hub, source)
        else:
            yield Finding(f"source {source.id}", fine=True, said="disabled")


def _access(hub: Hub) -> Iterator[Finding]:
    """Say what is read with a key, and what of it everybody reads all the same, by a view that is open."""
    closed = [name for name, access in hub.config.accesses.items() if access == "key"]
    if not closed:
        return
    public = [view for view in hub.config.every_view if view.access == "public"]
    still = [f"every {kind}" for kind in sorted(Extent.of(public).kinds)]
    still += ["every source's own version"] if LISTINGS not in closed else []
    said = f"read with a key: {', '.join(closed)}"
    yield Finding("access", fine=True, said=f"{said}; everybody reads {' and '.join(still)}" if still else said)


def _views(hub: Hub) -> Iterator[Finding]:
    """Say which views name a source or a licence that there is not: one would be empty, the other leave nothing out."""
    sources = hub.config.sources
    licences = {each.licence for each in sources if each.licence}
    known = {"sources": {each.id for each in sources}, "without_licences": licences}
    for view in hub.config.every_view:
        for name, there in known.items():
            for value in sorted(getattr(view.filter, name) - there):
                others = ", ".join(sorted(there)) or "none"
                said = f'filter.{name} = "{value}": no source has that; there are: {others}'
                yield Finding(f"view {view.id}", fine=False, said=said, setup=True)


def _webhooks(hub: Hub) -> Iterator[Finding]:
    """Say whether the subscribers' secrets can be read, and which lines of the file of keys that takes."""
    try:
        found = subscribing.sealing(hub)
    except StoreError as error:
        yield Finding("webhooks", fine=False, said=str(error), setup=True)
        return
    if found.lost:
        yield Finding("webhooks", fine=False, said=subscribing.unreadable(found.lost), setup=True)
    elif found.older:
        many = f"subscribers' secrets: {found.newest + found.older:,}, of which {found.older:,} encrypted with older"
        yield Finding("webhooks", fine=True, said=f"{many} lines of {FILE}; keep them, or `hub subscriber reseal`")
    elif found.newest:
        many = f"subscribers' secrets: {found.newest:,}, encrypted with the first line of {FILE}"
        yield Finding("webhooks", fine=True, said=f"{many}; this store needs no other")


def _plugins(hub: Hub) -> Iterator[Finding]:
    for status in hub.plugins.statuses:
        if status.state == "enabled":
            brought = (("adapters", status.adapters), ("formats", status.formats))
            said = "; ".join(f"{what}: {', '.join(names)}" for what, names in brought if names)
            yield Finding(f"plugin {status.name}", fine=True, said=said)
        elif status.state != "not allowed":
            yield Finding(f"plugin {status.name}", fine=False, said=status.reason, setup=True)


def _source(hub: Hub, source: SourceConfig) -> Iterator[Finding]:
    secrets = () if source.sandbox else secrets_of(source)
    for secret in secrets:
        said = f"{secret.name} {'is set' if secret.present else 'is not set or empty'} ({secret.key})"
        yield Finding(f"secret of {source.id}", fine=secret.present, said=said, setup=True)
    try:
        adapter = hub.source(source.id).adapter
    except ConfigError as error:
        for each in _untold(error.mistakes, source, secrets):
            yield Finding(f"source {source.id}", fine=False, said=each, setup=True)
        return
    try:
        hub.require_partner(source.id)
        with hub.job(source.id) as job:
            said = adapter.check(job)
        yield Finding(f"source {source.id}", fine=True, said=said)
    except HubError as error:
        hint = _STAND_IN if source.sandbox and isinstance(error, UnexpectedAnswer) else ""
        yield Finding(f"source {source.id}", fine=False, said=f"{error}{hint}")
    except Exception as error:  # a fault in one adapter must not hide the findings on the others
        _log.error("the check of source %s failed:\n%s", source.id, trail(error))
        said = f"{type(error).__name__} in the adapter '{source.adapter}'; the log has the details"
        yield Finding(f"source {source.id}", fine=False, said=said)


def _untold(mistakes: Sequence[str], source: SourceConfig, secrets: Sequence[SecretRef]) -> list[str]:
    """Return the mistakes without those of secrets that are missing, which are findings of their own."""
    told = tuple(f"{source.file}: {secret.key}: " for secret in secrets if not secret.present)
    return [each for each in mistakes if not each.startswith(told)]
