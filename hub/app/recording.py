"""Recording what a partner answers: a fetch that is listened in on, scrubbed, and written to a folder."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretBytes, SecretStr

from hub.adapter import Adapter, Fetched
from hub.app.hub import Hub, Progress
from hub.archive import Archive
from hub.config import SourceConfig, options_for, secret
from hub.config.schema import is_secret
from hub.pipeline import Source
from hub.testing.recorder import Enough, Notebook, RecordingJob, write
from hub.testing.recording import Recording
from hub.testing.scrubbing import SECRET, Scrubber

STAND_IN = "http://partner.invalid"
"""Where a sandbox seems to be in a recording, so that it does not name this machine."""


def record(hub: Hub, source_id: str, folder: Path, *, limit: int | None, progress: Progress) -> Recording:
    """Fetch a source once and write what it answered, without secrets and persons, into the folder.

    Args:
        hub: the opened hub; its store and archive are left as they are.
        source_id: id of the source.
        folder: where the recording goes; an earlier one in it is replaced.
        limit: how many answers are enough; None for all.
        progress: told step, records done, and their total where known.
    """
    source, config = hub.source(source_id), hub.config.source(source_id)
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="schakel-") as scratch:
        archive = Archive(Path(scratch))
        notebook = Notebook(archive, limit)
        with hub.job(source_id, now=now, progress=progress, archive=archive) as job:
            whole = _came_to_its_end(source.adapter.fetch(RecordingJob(job, notebook)))
        scrubber = Scrubber(list(_secrets(source.adapter.options)), _stand_ins(hub, config))
        options = _open_options(hub, config, type(source.adapter), scrubber)
        about = {"moment": now, "cursor": None, "whole": whole, "options": options}
        return write(folder, notebook, scrubber, source.adapter, about)


def source_of_recordings(hub: Hub, source_id: str) -> Source:
    """Return a source that asks as it does in its recordings: of a sandbox, at the address it has there."""
    source, config = hub.source(source_id), hub.config.source(source_id)
    if not config.sandbox:
        return source
    kind = type(source.adapter)
    return replace(source, adapter=kind(options_for(config, kind, _overlay(hub, config))))


def _came_to_its_end(fetched: Iterator[Fetched]) -> bool:
    """Read everything, and say whether the fetch ended by itself."""
    try:
        for _ in fetched:
            pass
    except Enough:
        return False
    return True


def _overlay(hub: Hub, config: SourceConfig) -> dict[str, Any]:
    return hub.sandboxes.by_adapter[config.adapter].overlay(STAND_IN, config.options) if config.sandbox else {}


def _stand_ins(hub: Hub, config: SourceConfig) -> dict[str, str]:
    return {f"{hub.sandbox_address}/{config.adapter}": STAND_IN} if config.sandbox else {}


def _secrets(value: object) -> Iterator[str]:
    """Yield every secret among the options of an adapter."""
    match value:
        case SecretStr():
            yield value.get_secret_value()
        case SecretBytes():
            yield value.get_secret_value().decode(errors="replace")
        case BaseModel():
            yield from _secrets([each for _, each in value])
        case Mapping():
            yield from _secrets([*value.values()])
        case list() | tuple() | set() | frozenset():
            for each in value:
                yield from _secrets(each)


def _open_options(hub: Hub, config: SourceConfig, adapter: type[Adapter[Any]], scrubber: Scrubber) -> dict[str, Any]:
    """Return the options of a source as its file says them, with stand-ins for the secrets."""
    raw = {**config.options, **_overlay(hub, config)}
    model = adapter.options_type
    hidden = {location: SECRET for location, _ in secret.references(raw)}
    hidden |= {location: SECRET for location, _ in secret.scalars(raw) if is_secret(model, location)}
    filled: dict[str, Any] = secret.filled(raw, hidden)
    return {name: _scrubbed(value, scrubber) for name, value in filled.items()}


def _scrubbed(value: Any, scrubber: Scrubber) -> Any:
    match value:
        case str():
            return scrubber.text(value)
        case Mapping():
            return {name: _scrubbed(each, scrubber) for name, each in value.items()}
        case list():
            return [_scrubbed(each, scrubber) for each in value]
    return value
