"""The documentation says what is there: generated parts, links, names, and the code in it."""

import json
import os
import re
import runpy
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

import httpx
import orjson
import pytest
from pydantic import BaseModel

import hub
from hub import errors, hookspecs, testing
from hub.app.demonstration import Demonstration, demonstrate
from hub.cli import COMMANDS
from hub.config import load
from hub.config.settings import Settings
from hub.config.source import SourceFile
from hub.feed import FEEDS, Asked, page
from hub.model.issue import catalogue
from hub.model.vocabulary import VOCABULARIES
from hub.store.pages import Item

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
_WHERE = (*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("plugins/*/README.md"), *ROOT.glob("clients/*/README.md"))
PAGES = sorted(_WHERE)

_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_RUNS = re.compile(r"<!-- runs -->\n```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"<!-- file: (?P<name>\S+) -->\n```\w+\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"^ *```toml\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_PYTHON = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def prose(path: Path) -> str:
    """Return a page without its code blocks."""
    return _FENCED.sub("", path.read_text("utf-8"))


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, made as GitHub makes them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(prose(path))}


def named(path: Path) -> set[str]:
    """Return what stands in code type on a page, headings included."""
    return set(re.findall(r"`([^`\n]+)`", prose(path)))


# Generated parts, links, form -----------------------------------------------------------------------------------


def test_the_generated_parts_are_what_the_code_says() -> None:
    changes: dict[Path, str] = runpy.run_path(str(DOCS / "generate.py"))["changes"]()
    assert [str(path.relative_to(ROOT)) for path in changes] == [], "run `make docs`"


def test_every_part_the_code_can_tell_is_on_a_page() -> None:
    parts = runpy.run_path(str(DOCS / "generate.py"))["PARTS"]
    told = {name for path in PAGES for name in re.findall(r"<!-- generated: ([a-z-]+) -->", path.read_text("utf-8"))}
    assert told == set(parts)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    broken = []
    for link in _LINK.findall(prose(path)):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        place, _, anchor = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_page_has_one_title_and_says_at_once_what_it_is_for(path: Path) -> None:
    title, empty, first, *_ = path.read_text("utf-8").splitlines()
    assert title.startswith("# ")
    assert empty == ""
    assert len(first) > 40
    assert not first.startswith(("#", "|", "-", "<", "`"))


def test_the_index_links_every_page() -> None:
    index = DOCS / "README.md"
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in _LINK.findall(prose(index))}
    assert [path for path in sorted(DOCS.rglob("*.md")) if path not in {*linked, index}] == []


# Promises -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_heading(command: str) -> None:
    assert f"hub-{command}" in anchors(REFERENCE / "cli.md")


def test_every_hook_and_every_name_of_the_facade_is_explained() -> None:
    told = named(REFERENCE / "adapter-contract.md")
    hooks = {f"{name}()" for name in vars(hookspecs) if name.startswith("hub_")}
    assert hooks <= told
    assert set(hub.__all__) <= told
    rows = (REFERENCE / "adapter-contract.md").read_text("utf-8").splitlines()
    assert [row for row in rows if re.fullmatch(r"\| `\w+` \|  \|", row)] == []


def test_every_key_of_the_configuration_is_explained() -> None:
    told = named(REFERENCE / "configuration.md")
    assert {*Settings.model_fields, *SourceFile.model_fields} <= told


def test_every_key_of_every_table_in_the_configuration_is_explained() -> None:
    tables = {table for model in (Settings, SourceFile) for table in _tables(model)}
    told = named(REFERENCE / "configuration.md")
    assert {key for table in tables for key in table.model_fields} - {re.sub(r".*\.", "", key) for key in told} == set()


def _tables(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for field in model.model_fields.values():
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield inner
                yield from _tables(inner)


def test_every_name_of_the_kit_is_explained() -> None:
    assert set(testing.__all__) <= named(REFERENCE / "conformance.md")


def test_every_error_is_explained() -> None:
    page = (REFERENCE / "errors.md").read_text("utf-8")
    by_hand, generated = page.split("<!-- generated: errors -->")
    told = [set(re.findall(r"`(\w+)`", part)) for part in (by_hand, generated)]
    raised = {name for name in errors.__all__ if name not in {"HubError", "SourceError"}}
    assert raised <= told[0]
    assert set(errors.__all__) <= told[1]


def test_every_issue_and_every_vocabulary_has_a_heading() -> None:
    assert set(catalogue()) <= anchors(REFERENCE / "issues.md")
    assert set(VOCABULARIES) <= anchors(REFERENCE / "vocabularies.md")


def test_every_member_of_a_feed_page_is_explained() -> None:
    live = Item("0", "vacancy", 1, None, None, b'{"kind":"vacancy"}')
    gone = Item("1", "vacancy", 2, "merged", "0", None)
    written = orjson.loads(page([live, gone], url="x", request=Asked(), address="x", licence="x"))
    members = {*written, *(name for item in written["items"] for name in item)}
    assert members - named(REFERENCE / "feed.md") == set()


# What runs ------------------------------------------------------------------------------------------------------

SMALL = MappingProxyType(
    {
        "hub.toml": 'public_url = "https://hub.example.org"\n',
        "list.csv": "id;naam;wie\n1;Taalbad;Voorbeeld vzw\n2;Buddy;Voorbeeld vzw\n",
        "sources/list.toml": """
adapter = "generic_csv"
partner = "Voorbeeld vzw"
owner = "integrations@example.org"
[options]
path = "list.csv"
kind = "programme"
id = "id"
file = { whole = true }
fields = { "title.nl" = "naam", "organisation.name" = "wie" }
constants = { "programmeType" = "mentoring" }
""",
    }
)


def write(folder: Path, files: Any) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Demonstration]:
    """A hub with two programmes, served."""
    with demonstrate(load(write(tmp_path / "config", SMALL)), port=0, data=tmp_path / "data") as demonstration:
        demonstration.hub.run("list")
        yield demonstration


@pytest.mark.parametrize("path", [ROOT / "README.md", DOCS / "how-to/follow-the-feed.md"], ids=lambda path: path.name)
def test_the_code_that_follows_the_feed_runs(
    path: Path,
    running: Demonstration,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = _RUNS.findall(path.read_text("utf-8"))
    code = block.replace("http://127.0.0.1:8000", running.address)
    assert code != block
    exec(compile(code, str(path), "exec"), {"__name__": "__main__"})
    assert capsys.readouterr().out == "2 opportunities\n"


def test_every_address_the_hub_serves_is_explained(running: Demonstration) -> None:
    names = {"identifier": "id", "local_id": "local id"}
    served = {re.sub(r"{(\w+)}", lambda part: f"<{names.get(part[1], part[1])}>", path) for path in _paths(running)}
    assert served | {f"/feeds/{name}" for name in FEEDS} <= named(REFERENCE / "feed.md") | {"/feeds/<name>"}


def _paths(running: Demonstration) -> set[str]:
    return set(httpx.get(f"{running.address}/openapi.json").json()["paths"])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_source_on_a_page_is_one_that_the_hub_reads(path: Path, tmp_path: Path) -> None:
    blocks = [textwrap.dedent(block) for block in _TOML.findall(path.read_text("utf-8"))]
    sources = {f"sources/{number}.toml": block for number, block in enumerate(blocks) if "adapter = " in block}
    assert len(load(write(tmp_path, {**SMALL, **sources})).sources) == len(sources) + 1


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """The plugin of the page, laid out as it would be installed."""
    text = (DOCS / "tutorial/first-adapter.md").read_text("utf-8")
    files = {found["name"]: found["text"] for found in _FILE.finditer(text)}
    about = {
        "schakel_stad-0.1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: schakel-stad\nVersion: 0.1.0\n",
        "schakel_stad-0.1.0.dist-info/entry_points.txt": "[hub]\nstad = hub_stad\n",
        "config/hub.toml": 'public_url = "https://hub.example.org"\nplugins = ["schakel-stad"]\n',
    }
    return write(tmp_path, {**files, **about})


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "PYTEST_"))}
    environment |= {"PYTHONPATH": str(folder)}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=100, env=environment, check=False
    )


@pytest.mark.slow
def test_the_tests_of_the_adapter_on_the_page_pass(plugin: Path) -> None:
    ended = python(plugin, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert ended.returncode == 0, ended.stdout
    assert re.search(r"[4-9]\d passed, 2 skipped", ended.stdout), ended.stdout


@pytest.mark.slow
def test_the_hub_runs_the_adapter_of_the_page(plugin: Path) -> None:
    ended = python(plugin, "-c", "from hub.cli import main; main()", "demo", "--once", "--json")
    assert ended.returncode == 0, ended.stderr
    (source,) = json.loads(ended.stdout)["sources"]
    assert (source["outcome"], source["fetched"], source["published"]) == ("complete", 45, 45)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_block_of_python_is_python(path: Path) -> None:
    for block in _PYTHON.findall(path.read_text("utf-8")):
        compile(block, str(path), "exec")
