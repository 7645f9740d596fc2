"""The formats that plugins bring, beside those of the hub."""

import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

from hub import formats
from hub.config import Allowed
from hub.errors import PluginError
from hub.plugins import Plugins, load

GOOD = """
from hub import Format, hookimpl

class Lines(Format):
    name = "lines"
    file = "lines.txt"
    media_type = "text/plain; charset=utf-8"
    title = "One line for each"

    def write(self, entries, edition):
        for entry in entries:
            yield entry.id.encode() + b"\\n"

@hookimpl
def hub_formats():
    return [Lines]
"""


class Shelf:
    """Modules in a folder on the path, each as the plugin of a distribution of its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, **codes: str) -> Plugins:
        found = [self._installed(name, code) for name, code in codes.items()]
        return load([Allowed(distribution=name) for name in codes], found, own=(formats,))

    def _installed(self, name: str, code: str) -> EntryPoint:
        (self.folder / f"hub_{name}_plugin.py").write_text(code)
        info = self.folder / f"{name}-1.0.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[hub]\n{name} = hub_{name}_plugin\n")
        found = Distribution.at(info)
        (entry,) = found.entry_points
        return entry


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield Shelf(tmp_path)
    for module in set(sys.modules) - before:
        if module.endswith("_plugin"):
            del sys.modules[module]


OURS = ["jobs", "atom", "json-feed", "ndjson", "csv", "ics"]


def test_a_format_of_a_plugin_stands_behind_those_of_the_hub(shelf: Shelf) -> None:
    plugins = shelf.load(alpha=GOOD)
    assert list(plugins.formats) == [*OURS, "lines"]
    assert (plugins.statuses[0].formats, plugins.statuses[0].adapters) == (("lines",), ())


def test_without_its_own_a_hub_has_no_formats() -> None:
    assert dict(load([], []).formats) == {}


def test_a_plugin_may_bring_adapters_and_formats(shelf: Shelf) -> None:
    adapter = """
from hub import Adapter
class Beta(Adapter):
    name = "beta"
    version = "1"
    def fetch(self, job): yield from ()
    def normalise(self, record): raise NotImplementedError
@hookimpl
def hub_adapters(): return [Beta]
"""
    plugins = shelf.load(alpha=GOOD + adapter)
    assert (list(plugins.adapters), "lines" in plugins.formats) == (["beta"], True)


@pytest.mark.parametrize(
    ("taken", "reason"),
    [
        (('"lines"', '"csv"'), "the format name csv is already taken by the hub itself"),
        (("lines.txt", "jobs.xml"), "the file name jobs.xml is already taken by the hub itself"),
    ],
)
def test_a_plugin_that_takes_a_name_of_the_hub_is_disabled(shelf: Shelf, taken: tuple[str, str], reason: str) -> None:
    plugins = shelf.load(alpha=GOOD.replace(*taken))
    assert (plugins.statuses[0].state, plugins.statuses[0].reason) == ("disabled", reason)
    assert list(plugins.formats) == OURS


def test_of_two_formats_of_one_name_the_one_listed_first_has_it(shelf: Shelf) -> None:
    plugins = shelf.load(alpha=GOOD, beta=GOOD.replace("lines.txt", "other.txt"))
    assert [each.state for each in plugins.statuses] == ["enabled", "disabled"]
    assert plugins.statuses[1].reason == "the format name lines is already taken by plugin alpha (alpha)"


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        ("[Lines]", "'Lines'", "hub_formats must return a list of format classes, not 'Lines'"),
        ("[Lines]", "[object]", "hub_formats brings <class 'object'>, which is not a subclass of hub.Format"),
        ("[Lines]", "[Lines, Lines]", "hub_formats brings two formats named lines"),
        ("[Lines]", "[Lines, type('B', (Lines,), {'name': 'b'})]", "brings two formats whose file is lines.txt"),
        ("[Lines]", "[Format]", "format Format: does not define write; name must be lower-case letters"),
        ('"lines"', '"Lines!"', "name must be lower-case letters, digits and -, such as atom; not 'Lines!'"),
        ('"lines.txt"', '"../x.txt"', "file must be a name of a file in lower case, such as jobs.xml; not '../x.txt'"),
        ('"lines.txt"', '"snapshot.json"', "file must not be snapshot.json, which lists the files of a view"),
        ('"text/plain; charset=utf-8"', '"text"', "media_type must be a media type, such as application/atom+xml"),
        ("    title", "    latest = 0\n    title", "latest must be None, or a number from 1 to 1000; not 0"),
        ("    title", "    kinds = {'x'}\n    title", "kinds must be a frozenset of vacancy, programme; not {'x'}"),
        ("return [Lines]", "return 1 / 0", "hub_formats() of hub_alpha_plugin fails: ZeroDivisionError: division"),
    ],
)
def test_a_plugin_that_brings_something_else_than_whole_formats_is_disabled(
    shelf: Shelf, was: str, now: str, reason: str
) -> None:
    (status,) = shelf.load(alpha=GOOD.replace(was, now)).statuses
    assert status.state == "disabled"
    assert reason in status.reason


def test_a_mistake_in_a_format_of_the_hub_is_not_hidden() -> None:
    with pytest.raises(PluginError, match="implements no hook"):
        load([], [], own=(ModuleType("empty"),))
