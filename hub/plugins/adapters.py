"""The adapters that a plugin brings: are they adapters, and complete?"""

import inspect
import re
from collections.abc import Iterable, Mapping
from typing import Any

from hub.adapter import Adapter, Options
from hub.errors import PluginError
from hub.plugins.isolation import isolated

_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_SANDBOX = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


def checked_adapters(brought: Iterable[object]) -> Mapping[str, type[Adapter[Any]]]:
    """Return the adapters by name; raises PluginError when one of them is not an adapter, or lacks something."""
    adapters: dict[str, type[Adapter[Any]]] = {}
    with isolated("an adapter cannot be looked at"):
        for each in brought:
            adapter = _checked(each)
            if adapter.name in adapters:
                raise PluginError(f"hub_adapters brings two adapters named {adapter.name}")
            adapters[adapter.name] = adapter
    return adapters


def _checked(brought: object) -> type[Adapter[Any]]:
    if not (isinstance(brought, type) and issubclass(brought, Adapter)):
        raise PluginError(f"hub_adapters brings {brought!r}, which is not a subclass of hub.Adapter")
    lacks = list(_mistakes(brought))
    if lacks:
        raise PluginError(f"adapter {brought.__qualname__}: {'; '.join(lacks)}")
    return brought


def _mistakes(adapter: type[Adapter[Any]]) -> Iterable[str]:
    if inspect.isabstract(adapter):
        yield f"does not define {', '.join(sorted(adapter.__abstractmethods__))}"
    name, version, sandbox = (getattr(adapter, attribute, None) for attribute in ("name", "version", "sandbox"))
    options: object = adapter.options_type
    if not (isinstance(name, str) and _NAME.fullmatch(name)):
        yield f"name must be lower-case letters, digits, - and _, such as vdab; not {name!r}"
    if not (isinstance(version, str) and version):
        yield f"version must be a text, such as 1; not {version!r}"
    if not (isinstance(options, type) and issubclass(options, Options)):
        yield f"options_type must be a subclass of hub.Options; not {options!r}"
    if not (sandbox is None or (isinstance(sandbox, str) and _SANDBOX.fullmatch(sandbox))):
        yield f"sandbox must be module:function, such as hub_vdab.sandbox:build; not {sandbox!r}"
