"""Loading plugins: real little distributions in a folder of their own on the path."""

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, distributions
from pathlib import Path

import pytest

from hub.config import Allowed
from hub.errors import ConfigError
from hub.plugins import Plugins, PluginStatus, load
from hub.plugins.isolation import trail

GOOD = """
from hub import Adapter, hookimpl

class {kind}(Adapter):
    name = "{name}"
    version = "1"

    def fetch(self, job):
        yield from ()

    def normalise(self, record):
        raise NotImplementedError

@hookimpl
def hub_adapters():
    return [{kind}]
"""


def good(name: str) -> str:
    return GOOD.format(name=name, kind=name.title())


class Shelf:
    """A folder of distributions, as installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, distribution: str, code: str, *, entry: str = "", version: str = "1.0", group: str = "hub") -> str:
        """Install a distribution of one module; return the name of the module."""
        module = f"hub_{distribution.replace('-', '_').lower()}_plugin"
        entry = entry or f"{distribution} = {module}"
        (self.folder / f"{module}.py").write_text(code, encoding="utf-8")
        info = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{entry}\n")
        return module

    def entry_points(self) -> list[EntryPoint]:
        found = distributions(path=[str(self.folder)])
        return [each for distribution in found for each in distribution.entry_points]

    def load(self, *allowed: str) -> Plugins:
        return load([Allowed.model_validate(each) for each in allowed], self.entry_points())


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield Shelf(tmp_path)
    for module in set(sys.modules) - before:
        if module.endswith("_plugin"):
            del sys.modules[module]


def status(plugins: Plugins, name: str) -> PluginStatus:
    return next(each for each in plugins.statuses if each.name == name)


def alone_disabled(shelf: Shelf, code: str, **how: str) -> str:
    """Load this plugin between two good ones; return why it is disabled, the others being enabled."""
    shelf.put("alpha", good("alpha"))
    shelf.put("broken", code, **how)
    shelf.put("omega", good("omega"))
    plugins = shelf.load("alpha", "broken", "omega")
    assert [each.state for each in plugins.statuses] == ["enabled", "disabled", "enabled"]
    assert sorted(plugins.adapters) == ["alpha", "omega"]
    return plugins.statuses[1].reason


def test_an_allowed_plugin_brings_its_adapters(shelf: Shelf) -> None:
    shelf.put("alpha", good("alpha"), version="2.1")
    plugins = shelf.load("alpha")
    assert plugins.adapter("alpha").name == "alpha"
    assert plugins.statuses == (
        PluginStatus(name="alpha", distribution="alpha", version="2.1", state="enabled", adapters=("alpha",)),
    )


def test_a_plugin_may_be_an_object_in_a_module(shelf: Shelf) -> None:
    code = (
        good("alpha")
        + "\nclass Plugin:\n    @hookimpl\n    def hub_adapters(self):\n        yield Alpha\nplugin = Plugin()"
    )
    shelf.put("alpha", code, entry="alpha = hub_alpha_plugin:plugin")
    assert list(shelf.load("alpha").adapters) == ["alpha"]


def test_what_merely_happens_to_be_installed_is_never_imported(shelf: Shelf, tmp_path: Path) -> None:
    sentinel = tmp_path / "imported"
    shelf.put("alpha", good("alpha"))
    module = shelf.put("uninvited", f"open({str(sentinel)!r}, 'w').close()")
    plugins = shelf.load("alpha")
    assert not sentinel.exists()
    assert module not in sys.modules
    assert status(plugins, "uninvited").state == "not allowed"
    assert status(plugins, "uninvited").reason == 'not imported; to use it, add "uninvited" to plugins in hub.toml'


def test_without_an_allow_list_nothing_is_imported(shelf: Shelf) -> None:
    module = shelf.put("alpha", good("alpha"))
    assert dict(shelf.load().adapters) == {}
    assert module not in sys.modules


def test_entry_points_of_other_groups_are_no_plugins(shelf: Shelf) -> None:
    shelf.put("alpha", good("alpha"), group="console_scripts")
    assert shelf.load("alpha").statuses[0].state == "not installed"


@pytest.mark.parametrize("allowed", ["Some.Partner_Plugin", "some-partner-plugin", "SOME_PARTNER.plugin"])
def test_names_of_distributions_are_compared_as_installers_do(shelf: Shelf, allowed: str) -> None:
    shelf.put("Some_Partner-Plugin", good("alpha"))
    assert list(shelf.load(allowed).adapters) == ["alpha"]


def test_another_version_than_the_one_allowed_is_not_imported(shelf: Shelf) -> None:
    module = shelf.put("alpha", good("alpha"), version="2.0")
    plugins = load([Allowed(distribution="alpha", version="==1.0")], shelf.entry_points())
    assert plugins.statuses[0].state == "disabled"
    assert plugins.statuses[0].reason == "version 2.0 is installed; hub.toml allows only ==1.0"
    assert module not in sys.modules


def test_the_version_allowed_is_imported(shelf: Shelf) -> None:
    shelf.put("alpha", good("alpha"), version="2.0")
    assert load([Allowed(distribution="alpha", version="==2.0")], shelf.entry_points()).statuses[0].state == "enabled"


def test_an_allowed_plugin_that_is_not_installed_is_told(shelf: Shelf) -> None:
    (absent,) = shelf.load("nowhere").statuses
    assert (absent.name, absent.state) == ("nowhere", "not installed")
    assert absent.reason.startswith("hub.toml allows nowhere, but no distribution of this name")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (
            "import no_such_module_anywhere",
            "ModuleNotFoundError: No module named 'no_such_module_anywhere' ({0}, line 1)",
        ),
        ("\n\nraise ValueError('no\\nluck')", "ValueError: no luck ({0}, line 3)"),
        ("import sys; sys.exit('bye')", "SystemExit: bye ({0}, line 1)"),
        ("def broken(:", "SyntaxError: invalid syntax (hub_broken_plugin.py, line 1)"),
        ("class Odd(Exception):\n  def __str__(self): return 1/0\nraise Odd", "Odd ({0}, line 3)"),
    ],
)
def test_a_plugin_that_fails_to_import_is_disabled(shelf: Shelf, code: str, reason: str) -> None:
    place = f"{shelf.folder.name}/hub_broken_plugin.py"
    assert alone_disabled(shelf, code) == f"cannot be imported (hub_broken_plugin): {reason.format(place)}"


def test_a_plugin_whose_entry_point_names_nothing_is_disabled(shelf: Shelf) -> None:
    reason = alone_disabled(shelf, good("beta"), entry="broken = hub_broken_plugin:absent")
    assert reason.startswith("cannot be imported (hub_broken_plugin:absent): AttributeError: ")


@pytest.mark.parametrize("body", ["raise KeyError('table')", "raise SystemExit(3)", "yield 1 / 0"])
def test_a_plugin_whose_hook_raises_is_disabled(shelf: Shelf, body: str) -> None:
    reason = alone_disabled(shelf, f"from hub import hookimpl\n@hookimpl\ndef hub_adapters():\n    {body}\n")
    assert reason.startswith("hub_adapters() of hub_broken_plugin fails: ")
    assert reason.endswith("hub_broken_plugin.py, line 4)")


def test_a_plugin_that_misspells_a_hook_is_disabled(shelf: Shelf) -> None:
    reason = alone_disabled(shelf, good("beta").replace("hub_adapters", "hub_adaptors"))
    assert (
        reason
        == "hub_broken_plugin defines hook 'hub_adaptors', which does not exist; hooks: hub_adapters(), hub_formats()"
    )


def test_a_plugin_that_asks_for_an_unknown_argument_is_disabled(shelf: Shelf) -> None:
    reason = alone_disabled(shelf, good("beta").replace("hub_adapters()", "hub_adapters(settings)"))
    assert reason.startswith("hub_broken_plugin asks in hub_adapters for argument 'settings', which it is not given")
    assert reason.endswith("; the hook is hub_adapters()")


def test_a_plugin_without_a_marked_hook_is_disabled(shelf: Shelf) -> None:
    reason = alone_disabled(shelf, good("beta").replace("@hookimpl", ""))
    assert (
        reason == "hub_broken_plugin implements no hook; hooks: hub_adapters(), hub_formats() (is @hookimpl missing?)"
    )


def test_a_wrapper_that_is_no_generator_is_disabled(shelf: Shelf) -> None:
    reason = alone_disabled(shelf, good("beta").replace("@hookimpl", "@hookimpl(wrapper=True)"))
    assert reason.startswith("the hooks of hub_broken_plugin are wrong: PluginValidationError: ")


def test_of_two_plugins_of_one_name_the_one_listed_first_has_it(shelf: Shelf) -> None:
    shelf.put("alpha", good("alpha"), entry="same = hub_alpha_plugin")
    module = shelf.put("beta", good("beta"), entry="same = hub_beta_plugin")
    plugins = shelf.load("alpha", "beta")
    assert list(plugins.adapters) == ["alpha"]
    assert [each.state for each in plugins.statuses] == ["enabled", "disabled"]
    assert plugins.statuses[1].reason == "the plugin name same is already taken by alpha"
    assert module not in sys.modules


def test_of_two_adapters_of_one_name_the_one_listed_first_has_it(shelf: Shelf) -> None:
    shelf.put("alpha", good("partner"))
    shelf.put("beta", good("partner"))
    plugins = shelf.load("beta", "alpha")
    assert [(each.name, each.state) for each in plugins.statuses] == [("beta", "enabled"), ("alpha", "disabled")]
    assert plugins.statuses[1].reason == "the adapter name partner is already taken by plugin beta (beta)"
    assert plugins.adapters["partner"].__module__ == "hub_beta_plugin"


@pytest.mark.parametrize(
    ("brought", "reason"),
    [
        ("Beta", "hub_adapters must return a list of adapter classes, not <class 'hub_broken_plugin.Beta'>"),
        ("['Beta']", "hub_adapters brings 'Beta', which is not a subclass of hub.Adapter"),
        ("[Beta(None)]", "which is not a subclass of hub.Adapter"),
        ("[object]", "hub_adapters brings <class 'object'>, which is not a subclass of hub.Adapter"),
        ("[Beta, Beta]", "hub_adapters brings two adapters named beta"),
        ("[Adapter]", "adapter Adapter: does not define fetch, normalise; name must be "),
        ("[type('Odd', (Beta,), {'name': 'Not a name'})]", "name must be lower-case letters, digits, - and _, such as"),
        ("[type('Odd', (Beta,), {'version': 1})]", "adapter Odd: version must be a text, such as 1; not 1"),
        (
            "[type('Odd', (Beta,), {'options_type': dict})]",
            "options_type must be a subclass of hub.Options; not <class",
        ),
        ("[type('Odd', (Beta,), {'sandbox': 'hub_x'})]", "sandbox must be module:function, such as"),
    ],
)
def test_a_plugin_that_brings_something_else_than_whole_adapters_is_disabled(
    shelf: Shelf, brought: str, reason: str
) -> None:
    assert reason in alone_disabled(shelf, good("beta").replace("[Beta]", brought))


def test_broken_metadata_of_something_installed_stops_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put("alpha", good("alpha"))
    shelf.put("garbled", "", entry="no equals sign")
    (shelf.folder / "empty-1.0.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", [str(shelf.folder)])
    plugins = load([Allowed(distribution="alpha"), Allowed(distribution="garbled")])
    assert [each.state for each in plugins.statuses] == ["enabled", "not installed"]


def test_a_plugin_of_no_distribution_cannot_be_allowed(shelf: Shelf) -> None:
    module = shelf.put("alpha", good("alpha"))
    (only,) = load([], [EntryPoint("alpha", module, "hub")]).statuses
    assert (only.state, only.reason) == ("not allowed", "not imported; the metadata of its distribution cannot be read")


def test_a_missing_adapter_says_why(shelf: Shelf) -> None:
    shelf.put("alpha", good("alpha"))
    shelf.put("broken", "1 / 0")
    plugins = shelf.load("alpha", "broken")
    with pytest.raises(ConfigError) as caught:
        plugins.adapter("broken")
    assert str(caught.value).startswith("adapter broken: not available; plugin broken (broken) is disabled: cannot be ")
    assert str(caught.value).endswith("; adapters there are: alpha")


def test_a_misspelt_adapter_names_the_nearest(shelf: Shelf) -> None:
    shelf.put("alpha", good("alpha"))
    with pytest.raises(ConfigError, match=r"adapter alhpa: unknown adapter; did you mean alpha\?"):
        shelf.load("alpha").adapter("alhpa")


def test_the_adapters_cannot_be_changed(shelf: Shelf) -> None:
    plugins = shelf.load()
    with pytest.raises(TypeError):
        plugins.adapters["x"] = None  # type: ignore[index]


def test_the_trail_of_an_error_tells_where_it_arose_and_never_what_it_says() -> None:
    met = {"contact": "an.peeters" + "@" + "voorbeeld.be"}
    try:
        try:
            int(met["contact"])
        except ValueError as cause:
            raise KeyError(met["contact"]) from cause
    except KeyError as error:
        told = trail(error)
    assert [line for line in told.splitlines() if line[0] != " "] == ["KeyError", "caused by:", "ValueError"]
    assert met["contact"] not in told
