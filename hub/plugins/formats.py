"""The formats that a plugin brings: are they formats, and complete?"""

import inspect
import re
from collections.abc import Iterable, Mapping

from hub.errors import PluginError
from hub.format import MANIFEST, Format
from hub.model.vocabulary import Kind
from hub.plugins.isolation import isolated

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_FILE = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9]+)+")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*(; [a-z0-9-]+=[A-Za-z0-9.-]+)*")


def checked_formats(brought: Iterable[object]) -> Mapping[str, type[Format]]:
    """Return the formats by name; raises PluginError when one of them is not a format, or lacks something."""
    formats: dict[str, type[Format]] = {}
    with isolated("a format cannot be looked at"):
        for each in brought:
            found = _checked(each)
            if found.name in formats:
                raise PluginError(f"hub_formats brings two formats named {found.name}")
            if found.file in {other.file for other in formats.values()}:
                raise PluginError(f"hub_formats brings two formats whose file is {found.file}")
            formats[found.name] = found
    return formats


def _checked(brought: object) -> type[Format]:
    if not (isinstance(brought, type) and issubclass(brought, Format)):
        raise PluginError(f"hub_formats brings {brought!r}, which is not a subclass of hub.Format")
    lacks = list(_mistakes(brought))
    if lacks:
        raise PluginError(f"format {brought.__qualname__}: {'; '.join(lacks)}")
    return brought


def _mistakes(brought: type[Format]) -> Iterable[str]:
    if inspect.isabstract(brought):
        yield f"does not define {', '.join(sorted(brought.__abstractmethods__))}"
    for attribute, pattern, such_as in (
        ("name", _NAME, "lower-case letters, digits and -, such as atom"),
        ("file", _FILE, "a name of a file in lower case, such as jobs.xml"),
        ("media_type", _MEDIA_TYPE, "a media type, such as application/atom+xml"),
    ):
        value = getattr(brought, attribute, None)
        if not (isinstance(value, str) and pattern.fullmatch(value)):
            yield f"{attribute} must be {such_as}; not {value!r}"
    yield from _mistakes_of_content(brought)


def _mistakes_of_content(brought: type[Format]) -> Iterable[str]:
    title, latest, kinds = (getattr(brought, attribute, None) for attribute in ("title", "latest", "kinds"))
    if getattr(brought, "file", None) == MANIFEST:
        yield f"file must not be {MANIFEST}, which lists the files of a view"
    if not (isinstance(title, str) and title):
        yield f"title must be a few words; not {title!r}"
    if not (latest is None or (isinstance(latest, int) and 0 < latest <= 1000)):
        yield f"latest must be None, or a number from 1 to 1000; not {latest!r}"
    if not (isinstance(kinds, frozenset) and kinds and kinds <= set(Kind)):
        yield f"kinds must be a frozenset of {', '.join(Kind)}; not {kinds!r}"
