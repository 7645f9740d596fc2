"""Issues: why a record is refused, or published with a warning. The catalogue stands beside it in ``issues.toml``."""

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

LANGUAGES = ("nl", "fr", "en")
_SHOWN = 120


class Severity(StrEnum):
    """What an issue does to its record."""

    error = "error"
    warning = "warning"


@dataclass(frozen=True, slots=True)
class Issue:
    """One reason: a code of the catalogue, the field, the value, and what else its sentence mentions."""

    code: str
    field: str = ""
    value: str = ""
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """Whether the issue refuses the record."""
        return Severity(catalogue()[self.code]["severity"])

    def sentence(self, language: str = "en") -> str:
        """Return what is wrong, in nl, fr or en."""
        return catalogue()[self.code][language].format_map(_Named(self))

    def fix(self, language: str = "en") -> str:
        """Return what to do about it, in nl, fr or en."""
        return catalogue()[self.code][f"fix_{language}"].format_map(_Named(self))


class _Named(dict[str, str]):
    """What a sentence may mention; a name the issue does not give stays visible rather than failing."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.params, field=issue.field, value=issue.value)

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def issue(code: str, field: str = "", value: object = None, **params: str) -> Issue:
    """Return an issue whose value is shortened for showing; KeyError when the catalogue lacks the code."""
    if code not in catalogue():
        raise KeyError(f"issue code {code!r} is not in hub/model/issues.toml")
    shown = "" if value is None else str(value)
    return Issue(code, field, shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…", params)


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return every issue code with its severity, sentences and fixes."""
    return tomllib.loads(files("hub.model").joinpath("issues.toml").read_text("utf-8"))
