"""A new plugin project, made from the template beside this module; it works before a line of it is changed."""

import keyword
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from hub.errors import ConfigError
from hub.plugins.discovery import found_in, installed

__all__ = ["Project", "create_project"]

_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_LONGEST = 30
_LONGEST_PARTNER = 50
_UNFIT = re.compile(r'["\\{}<>\r\n\t]')
_SUFFIX = ".jinja"
_STANDS_FOR_NAME = "NAME"


@dataclass(frozen=True, slots=True)
class Project:
    """A plugin in the making.

    Args:
        name: of the adapter and its folder, such as ``groningen``.
        partner: the organisation whose data it reads, as people know it.
    """

    name: str
    partner: str

    @property
    def package(self) -> str:
        """The package that is imported, such as ``hub_groningen``."""
        return f"hub_{self.name}"

    @property
    def distribution(self) -> str:
        """What is installed and allowed in hub.toml, such as ``schakel-groningen``."""
        return f"schakel-{self.name.replace('_', '-')}"

    @property
    def title(self) -> str:
        """What its classes start with, such as ``Groningen``."""
        return "".join(part.capitalize() for part in self.name.split("_"))


def create_project(name: str, *, into: Path, partner: str | None, today: date) -> Path:
    """Write a new plugin project and return its folder; ConfigError says what is wrong with the name or the place.

    Nothing is ever overwritten, and a project that cannot be written whole is not written at all.
    """
    project = Project(name, partner if partner is not None else name.replace("_", " ").title())
    folder = into / name
    if mistakes := [*_mistakes_in_name(name), *_mistakes_in_partner(project.partner), *_mistakes_in_place(folder)]:
        raise ConfigError(mistakes)
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=into) as scratch:
        made = Path(scratch) / name
        _write(project, made, today)
        made.rename(folder)
    return folder


def _write(project: Project, folder: Path, today: date) -> None:
    # What is rendered is Python and TOML, not a page: nothing is to be escaped as in HTML.
    environment = Environment(
        loader=PackageLoader("hub.app.scaffold", "template"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701
    )
    for template in environment.list_templates():
        target = folder / template.replace(_STANDS_FOR_NAME, project.name).removesuffix(_SUFFIX)
        target.parent.mkdir(parents=True, exist_ok=True)
        if template.endswith(_SUFFIX):
            target.write_text(environment.get_template(template).render(project=project, today=today), "utf-8")
        else:
            source = files("hub.app.scaffold").joinpath("template", *template.split("/"))
            with source.open("rb") as content, target.open("xb") as copy:
                shutil.copyfileobj(content, copy)


def _mistakes_in_name(name: str) -> Iterable[str]:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        yield (
            f"{name!r} cannot be the name of an adapter: it must be lower-case letters and digits, words joined by _, "
            f"at most {_LONGEST} characters, such as {_proposal(name)}"
        )
        return
    if keyword.iskeyword(name):
        yield f"{name!r} is a word of Python; take another name, such as {name}_jobs"
    taken = {plugin.name: plugin.distribution for plugin in found_in(installed())}
    if name in taken:
        yield f"the name {name} is taken by the plugin of {taken[name]}; take another name, such as {name}_2"
    elif find_spec(f"hub_{name}") is not None:
        yield f"a package hub_{name} can already be imported; take another name, such as {name}_2"


def _mistakes_in_partner(partner: str) -> Iterable[str]:
    if not partner.strip() or _UNFIT.search(partner) or len(partner) > _LONGEST_PARTNER:
        yield (
            f"--partner {partner!r}: must be one line of at most {_LONGEST_PARTNER} characters, without quotes, angle "
            "brackets, braces or backslashes"
        )


def _mistakes_in_place(folder: Path) -> Iterable[str]:
    if folder.exists():
        yield f"{folder} exists, and nothing is overwritten; take another name, or another folder with --into"
    elif folder.parent.exists() and not folder.parent.is_dir():
        yield f"{folder.parent} is not a folder; name one with --into"


def _proposal(name: str) -> str:
    words = re.findall(r"[a-z0-9]+", name.lower())
    proposed = "_".join(words).lstrip("0123456789_")[:_LONGEST].rstrip("_")
    return proposed if _NAME.fullmatch(proposed) else "groningen"
