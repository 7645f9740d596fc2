"""The folder of the imported code lists, and all of them opened for looking things up."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hub.codelists.crosswalk import Crosswalk, Mapped
from hub.codelists.esco import Esco
from hub.codelists.list_file import ListFile
from hub.errors import ConfigError

ESCO = "esco"
_ENDING = ".list"


@dataclass(frozen=True, eq=False)
class Codelists:
    """The code lists that are there; without any, everything looked up is not found.

    Args:
        esco: the European classification of occupations and skills.
        crosswalks: from partners' codes to others, by the scheme they lead from.
    """

    esco: Esco | None = None
    crosswalks: Mapping[str, tuple[Crosswalk, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def version(self) -> str:
        """What changes when a list is imported or removed, for the stamp of what is made with them; empty without."""
        digests = [f"crosswalk {each.file.about['digest']}" for each in self._each()]
        if self.esco:
            digests.append(f"esco {self.esco.digest}")
        return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()[:16] if digests else ""

    def mapped(self, scheme: str, value: str) -> tuple[Mapped, ...]:
        """Return the codes that a code of a scheme leads to, at most one of each other scheme."""
        return tuple(found for each in self.crosswalks.get(scheme, ()) if (found := each.find(value)))

    def _each(self) -> Iterable[Crosswalk]:
        return (crosswalk for several in self.crosswalks.values() for crosswalk in several)


class Shelf:
    """A folder of lists, one file each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Return the file of a list, whether it is there or not."""
        return self.folder / f"{name}{_ENDING}"

    def names(self) -> tuple[str, ...]:
        """Return the names of the lists that are there."""
        return tuple(sorted(each.stem for each in self.folder.glob(f"[!.]*{_ENDING}")))

    def open(self) -> Codelists:
        """Open all lists; StoreError when one is damaged."""
        crosswalks: dict[str, tuple[Crosswalk, ...]] = {}
        for name in self.names():
            if name != ESCO:
                crosswalk = Crosswalk(self.path(name))
                crosswalks[crosswalk.source] = (*crosswalks.get(crosswalk.source, ()), crosswalk)
        esco = Esco(self.path(ESCO)) if self.path(ESCO).exists() else None
        return Codelists(esco, MappingProxyType(crosswalks))

    def about(self, name: str) -> tuple[Mapping[str, Any], ListFile]:
        """Return what a list says about itself, and its file; ConfigError when there is none of this name."""
        self._require(name)
        file = ListFile(self.path(name))
        return file.about, file

    def remove(self, name: str) -> None:
        """Remove a list; what runs go on with it as it was."""
        self._require(name)
        self.path(name).unlink()

    def _require(self, name: str) -> None:
        if name not in self.names():
            there = ", ".join(self.names()) or "none"
            raise ConfigError(f"there is no code list '{name}'; those imported: {there}")
