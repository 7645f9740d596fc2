"""The hooks of a plugin: checked against the ones there are, then asked."""

from collections.abc import Iterable, Mapping
from typing import Any

import pluggy

from hub import hookspecs
from hub.errors import PluginError
from hub.plugins.isolation import isolated


def brought_by(plugin: object, name: str, module: str) -> Mapping[str, list[object]]:
    """Return what the plugin's hooks bring, by hook; raises PluginError when a hook is wrong, is missing, or raises.

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
    callers = {hook: getattr(hooks.hook, hook) for hook in _arguments(hooks)}
    if not any(caller.get_hookimpls() for caller in callers.values()):
        raise PluginError(f"{module} implements no hook; hooks: {_signatures(hooks)} (is @hookimpl missing?)")
    return {hook: _answers(hook, caller, module) for hook, caller in callers.items()}


def _answers(hook: str, caller: pluggy.HookCaller, module: str) -> list[object]:
    with isolated(f"{hook}() of {module} fails"):
        return [each for brought in caller() for each in _items(hook, brought)]


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


def _items(hook: str, brought: Any) -> Iterable[object]:
    if not isinstance(brought, Iterable) or isinstance(brought, str):
        raise PluginError(
            f"{hook} must return a list of {hook.removeprefix('hub_').rstrip('s')} classes, not {brought!r}"
        )
    return brought
