"""The files of every view, written anew when the view has moved, so that who cannot follow the feed can fetch them."""

import logging
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from shutil import disk_usage

import orjson

from hub.app.hub import Hub
from hub.errors import ConfigError, HubError, PluginError, StoreFull
from hub.feed.editions import FormatType, Press, entries, languages_of, offered
from hub.feed.files import FileRecord, Generation, Manifest, forget, kept_bytes, read_manifest, writing
from hub.format import Entry, Format
from hub.model.opportunity import utc
from hub.plugins.isolation import isolated
from hub.store import Connection, pages
from hub.store.pages import Item
from hub.views import View

_MANY = 2000
"""From so many opportunities on, views are written in a process of their own."""
_ROOM = 1.25
"""So much of what the last writing took must be free for the next one."""

_log = logging.getLogger(__name__)


class Interrupted(HubError):
    """The writing of snapshots was stopped; what was written before stays."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the files of one hub are written.

    Args:
        press: who publishes.
        formats: those kept as files.
        folder: of all views.
        basis: tells whether files would be written otherwise than before though no view changed.
    """

    press: Press
    formats: Sequence[FormatType]
    folder: Path
    basis: str


def folder_of(data: Path) -> Path:
    """Return the folder of all snapshots in a hub's data folder."""
    return data / "snapshots"


def views_of(hub: Hub) -> Sequence[View]:
    """Return the views that are written to files: all of them."""
    return hub.config.every_view


def refresh(
    hub: Hub,
    now: datetime,
    *,
    only: Collection[str] = (),
    anyway: bool = False,
    stop: threading.Event | None = None,
) -> list[Manifest]:
    """Write the files of each view that moved since, however short ago that was; return what was written.

    Each view is read in one transaction, so that the position told is that of exactly what was written.

    Args:
        hub: the opened hub.
        now: the moment.
        only: ids of the views to look at; all of them without it.
        anyway: write also what did not move.
        stop: ends it with `Interrupted` when it is set.
    """
    plan = _plan(hub)
    views = _chosen(views_of(hub), only)
    if not only:
        forget(plan.folder, [view.id for view in views])
    made = (_refresh(hub, plan, view, now, anyway=anyway, stop=stop) for view in views)
    return [manifest for manifest in made if manifest]


def due(hub: Hub, now: datetime) -> list[str]:
    """Return the ids of the views to write by now, each at most as often as is configured.

    Of views that are no more, the files are removed.
    """
    plan, views = _plan(hub), views_of(hub)
    forget(plan.folder, [view.id for view in views])
    pause = hub.config.settings.snapshots.minutes * 60
    with hub.database.read() as connection:
        return [view.id for view in views if _is_due(plan, view, now, _position(connection, view), pause)]


def many(hub: Hub, views: Sequence[str]) -> bool:
    """Tell whether views hold so much that writing them would be felt by who is answered meanwhile."""
    with hub.database.read() as connection:
        return sum(pages.count_live(connection, view) for view in views) > _MANY


def _chosen(views: Sequence[View], only: Collection[str]) -> Sequence[View]:
    known = [view.id for view in views]
    strange = [name for name in only if name not in known]
    if strange:
        raise ConfigError(f"{', '.join(strange)}: no such view; there are {', '.join(known)}")
    return [view for view in views if not only or view.id in only]


def _plan(hub: Hub) -> Plan:
    settings = hub.config.settings
    press = Press(hub.public_url.rstrip("/"), settings.licence, settings.operator)
    formats = [each for each in hub.plugins.formats.values() if each.latest is None]
    brought = [(each.distribution, each.version) for each in hub.plugins.statuses if each.formats]
    said = (
        version("schakel"),
        press.address,
        press.licence,
        press.operator,
        sorted(each.file for each in formats),
        brought,
    )
    return Plan(press, formats, folder_of(hub.data), sha256(orjson.dumps(said)).hexdigest())


def _refresh(
    hub: Hub, plan: Plan, view: View, now: datetime, *, anyway: bool, stop: threading.Event | None
) -> Manifest | None:
    folder = plan.folder / view.id
    with hub.database.read() as connection:
        position = _position(connection, view)
        if not anyway and not _is_due(plan, view, now, position):
            return None
        _require_room(folder, read_manifest(folder))
        with writing(folder, f"{position}-{now:%Y%m%dT%H%M%S}") as generation:
            if generation is None:  # another process writes it at this moment
                return None
            made = _Writing(connection, plan, view, position, now, stop).write(generation, _basis(plan, view))
            generation.show(made)
            return made


def _position(connection: Connection, view: View) -> int:
    """Return behind which a reader of the files goes on: never from where tombstones are no longer told."""
    return max(pages.head(connection, view.id), pages.forgotten(connection, view.id))


def _is_due(plan: Plan, view: View, now: datetime, position: int, pause: float = 0) -> bool:
    last = read_manifest(plan.folder / view.id)
    if last is None or last.basis != _basis(plan, view):
        return True
    rests = last.count and _age(last, now) < pause
    return last.position != position and not rests


def _basis(plan: Plan, view: View) -> str:
    said = (plan.basis, view.title, view.filter.asked)
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _age(manifest: Manifest, now: datetime) -> float:
    """Return how many seconds ago files were written."""
    return (now - datetime.fromisoformat(manifest.made)).total_seconds()


def _require_room(folder: Path, held: Manifest | None) -> None:
    """Refuse to begin what surely ends with a full disk; the store needs the room more."""
    if held and disk_usage(folder).free < kept_bytes(held) * _ROOM:
        raise StoreFull.at(folder)


@dataclass
class _Writing:
    """One view while it is written."""

    connection: Connection
    plan: Plan
    view: View
    position: int
    now: datetime
    stop: threading.Event | None
    live: int = 0
    counted: int = 0
    trouble: list[Exception] = field(default_factory=list)

    def write(self, generation: Generation, basis: str) -> Manifest:
        """Write every format in every language, and return what lists them; a format that fails is left out."""
        files = [record for each in offered(self.plan.formats, self.view) for record in self._files(generation, each)]
        return Manifest(
            view=self.view.id,
            title=self.view.title,
            licence=self.plan.press.licence,
            position=self.position,
            next=self._next,
            made=utc(self.now),
            count=self.live,
            generation=generation.name,
            basis=basis,
            files=files,
        )

    def _files(self, generation: Generation, of: FormatType) -> Iterator[FileRecord]:
        for language in languages_of(of):
            try:
                yield self._file(generation, of, language)
            except PluginError as error:
                _log.error("view %s is not written as %s: %s", self.view.id, of.file, error)
                return

    def _file(self, generation: Generation, of: FormatType, language: str | None) -> FileRecord:
        name = f"{language}.{of.file}" if language else of.file
        forms = generation.write(name, self._pieces(of, language))
        whole = forms[None]
        return FileRecord(
            format=of.name,
            title=of.title,
            file=of.file,
            language=language,
            url=self.plan.press.file_address(self.view.id, of, language),
            media_type=of.media_type,
            bytes=whole.bytes,
            sha256=whole.sha256,
            count=self.counted,
            position=self.position,
            next=self._next,
            made=utc(self.now),
            codings={coding: form for coding, form in forms.items() if coding},
        )

    @property
    def _next(self) -> str:
        return self.plan.press.feed_address(self.view.id, self.position)

    def _pieces(self, of: FormatType, language: str | None) -> Iterator[bytes]:
        """Yield what a format writes; what it raises is its own fault, unless it came from the store."""
        edition = self.plan.press.edition(self.view, of, position=self.position, made=self.now, language=language)
        try:
            with isolated(f"the format {of.name} fails"):
                yield from of().write(self._entries(of()), edition)
        except PluginError:
            for error in self.trouble:
                raise error from None
            raise

    def _entries(self, writer: Format) -> Iterator[Entry]:
        self.counted = 0
        for entry in entries(self._items(), writer, self.plan.press.address):
            self.counted += 1
            yield entry

    def _go_on(self) -> None:
        if self.stop and self.stop.is_set():
            raise Interrupted

    def _items(self) -> Iterator[Item]:
        seen = 0
        try:
            for item in pages.live(self.connection, self.view.id):
                self._go_on()
                seen += 1
                yield item
        except Exception as error:
            self.trouble.append(error)
            raise
        self.live = seen
