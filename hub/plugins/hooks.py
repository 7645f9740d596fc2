"""The hooks of a plugin: checked against the ones there are, then asked."""

from collections.abc import Iterable
from typing import Any

import pluggy

from hub import hookspecs
from hub.errors import PluginError
from hub.plugins.isolation import isolated


def adapters_of(plugin: object, name: str, module: str) -> list[object]:
    """Return what the plugin's hooks bring; raises PluginError when a hook is wrong, is missing, or raises.

    Args:
        plugin: the module or object that its entry point names.
        name: of the entry point.
        module: as messages name it.
    """
    hooks = pluggy.PluginManager(hookspecs.PROJECT)
    hooks.add_hookspecs(hookspecs)
    with isolated(f"the hooks of {module} are wrong"):
        mistakes = _mistakes(hooks, plugin)
        if mistakes:
            raise PluginError("; ".join(f"{module} {mistake}" for mistake in mistakes))
        hooks.register(plugin, name=name)
        hooks.check_pending()
    if not hooks.hook.hub_adapters.get_hookimpls():
        raise PluginError(f"{module} implements no hook; hooks: {_signatures(hooks)} (is @hookimpl missing?)")
    with isolated(f"hub_adapters() of {module} fails"):
        return [adapter for brought in hooks.hook.hub_adapters() for adapter in _items(brought)]


def _mistakes(hooks: pluggy.PluginManager, plugin: object) -> list[str]:
    """Return the hooks of the plugin that do not exist, or that ask for what they are not given."""
    mistakes = []
    for attribute in dir(plugin):
        options = hooks.parse_hookimpl_opts(plugin, attribute)
        if options is None or options.get("optionalhook"):
            continue
        hook = options.get("specname") or attribute
        known = _arguments(hooks)
        if hook not in known:
            mistakes.append(f"defines hook '{hook}', which does not exist; hooks: {_signatures(hooks)}")
            continue
        asked = pluggy.HookImpl(plugin, attribute, getattr(plugin, attribute), options).argnames
        mistakes += [
            f"asks in {hook} for argument '{each}', which it is not given; the hook is {hook}({', '.join(known[hook])})"
            for each in asked
            if each not in known[hook]
        ]
    return mistakes


def _arguments(hooks: pluggy.PluginManager) -> dict[str, tuple[str, ...]]:
    return {name: tuple(caller.spec.argnames) for name, caller in vars(hooks.hook).items() if caller.has_spec()}


def _signatures(hooks: pluggy.PluginManager) -> str:
    return ", ".join(f"{name}({', '.join(arguments)})" for name, arguments in sorted(_arguments(hooks).items()))


def _items(brought: Any) -> Iterable[object]:
    if not isinstance(brought, Iterable) or isinstance(brought, str):
        raise PluginError(f"hub_adapters must return a list of adapter classes, not {brought!r}")
    return brought
