"""Secrets, which never stand in files: `{ env = "NAME" }` and `{ file = "/run/secrets/name" }` say where they are."""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Literal

from hub.config.schema import Location
from hub.errors import ConfigError

HOW = 'secrets do not belong in files; write { env = "NAME" } or { file = "/absolute/path" }'

_KEYS: Mapping[int | str, str] = {
    "env": "must be the name of an environment variable, of letters, digits and _ only; ",
    "file": "must be an absolute path; ",
}
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def how(key: int | str) -> str:
    """Return how a secret is written, for one that stands under this key in the wrong way."""
    meant = difflib.get_close_matches(str(key), ["env", "file"], n=1)
    typo = f"unknown key; did you mean {meant[0]}? " if meant else ""
    return f"{_KEYS.get(key, typo)}{HOW}"


def _is_absolute(path: str) -> bool:
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a secret is."""

    kind: Literal["env", "file"]
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    def read(self) -> str:
        """Return the secret; raises ConfigError saying where it is missing."""
        return self._of_environment() if self.kind == "env" else self._of_file()

    def is_present(self) -> bool:
        """Return whether the secret is there and not empty."""
        try:
            return bool(self.read())
        except ConfigError:
            return False

    def _of_environment(self) -> str:
        value = os.environ.get(self.name)
        if not value:
            raise ConfigError(f"environment variable {self.name} is {'not set' if value is None else 'empty'}")
        return value

    def _of_file(self) -> str:
        try:
            value = Path(self.name).read_text(encoding="utf-8-sig").rstrip("\r\n")
        except FileNotFoundError:
            raise ConfigError(f"file {self.name} does not exist") from None
        except UnicodeDecodeError:
            raise ConfigError(f"file {self.name} is not UTF-8 text") from None
        except OSError as error:
            raise ConfigError(f"file {self.name} cannot be read: {error.strerror}") from None
        if not value:
            raise ConfigError(f"file {self.name} is empty")
        return value


def reference(value: object) -> Reference | None:
    """Return where the secret is, when the value says where a secret is."""
    match value:
        case {"env": str(name), **rest} if not rest and _ENV_NAME.fullmatch(name):
            return Reference("env", name)
        case {"file": str(path), **rest} if not rest and _is_absolute(path):
            return Reference("file", path)
    return None


def references(value: object, location: Location = ()) -> Iterator[tuple[Location, Reference]]:
    """Yield every secret that the value refers to, and where it does."""
    found = reference(value)
    if found:
        yield location, found
        return
    for key, each in _children(value):
        yield from references(each, (*location, key))


def scalars(value: object, location: Location = ()) -> Iterator[tuple[Location, object]]:
    """Yield every value that is neither a table, nor a list, nor a reference to a secret, and where it is."""
    if isinstance(value, Mapping | list):
        if reference(value) is None:
            for key, each in _children(value):
                yield from scalars(each, (*location, key))
    else:
        yield location, value


def filled(value: Any, secrets: Mapping[Location, str], location: Location = ()) -> Any:
    """Return the value with the secrets in place of the references."""
    if location in secrets:
        return secrets[location]
    if isinstance(value, Mapping):
        return {key: filled(each, secrets, (*location, key)) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, secrets, (*location, position)) for position, each in enumerate(value)]
    return value


def _children(value: object) -> Iterator[tuple[int | str, object]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)
