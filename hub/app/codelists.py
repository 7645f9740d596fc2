"""The code lists of a hub: importing, listing and removing them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.app.hub import Hub
from hub.codelists import ESCO, Shelf, crosswalk_name, import_crosswalk, import_esco

FOLDER = "codelists"
"""The folder of the lists, in that of the data."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An imported list.

    Args:
        name: by which it is shown and removed.
        about: what it says about itself: kind, version, date of import, counts, digest.
        size: bytes of its file.
        intact: whether all of it is as it was written; None where that was not looked at.
    """

    name: str
    about: Mapping[str, Any]
    size: int
    intact: bool | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its occupations; none for a crosswalk."""
        return tuple(self.about["counts"].get("occupations", ())) if self.about["list"] == ESCO else ()

    @property
    def entries(self) -> int:
        """How many occupations, or codes of a crosswalk, it has."""
        counts = self.about["counts"]
        return max(counts["occupations"].values()) if self.about["list"] == ESCO else int(counts["codes"])

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like values."""
        return {"name": self.name, **self.about, "bytes": self.size} | (
            {} if self.intact is None else {"intact": self.intact}
        )


def shelf(hub: Hub) -> Shelf:
    """Return the folder of the lists of a hub."""
    return Shelf(hub.data / FOLDER)


def load_esco(hub: Hub, place: Path, *, version: str | None, progress: Callable[[int, int], None]) -> Listed:
    """Import ESCO from a folder or zip file, in place of the one there was; ConfigError says why it is refused."""
    import_esco(place, shelf(hub).path(ESCO), progress=progress, version=version)
    return look_up(hub, ESCO)


def load_crosswalk(hub: Hub, file: Path, *, source: str, target: str) -> Listed:
    """Import a crosswalk from a CSV file, in place of the one there was between the same schemes."""
    name = crosswalk_name(source, target)
    import_crosswalk(file, shelf(hub).path(name), source=source, target=target)
    return look_up(hub, name)


def listed(hub: Hub) -> list[Listed]:
    """Return the lists that are there."""
    return [_listed(hub, name) for name in shelf(hub).names()]


def look_up(hub: Hub, name: str) -> Listed:
    """Return one list, looked through; ConfigError when there is none of this name."""
    about, file = shelf(hub).about(name)
    return Listed(name, about, file.size, file.intact())


def forget(hub: Hub, name: str) -> None:
    """Remove a list; ConfigError when there is none of this name."""
    shelf(hub).remove(name)


def _listed(hub: Hub, name: str) -> Listed:
    about, file = shelf(hub).about(name)
    return Listed(name, about, file.size)
