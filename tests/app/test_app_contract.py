"""The description of the interface is exactly what a hub does: schemathesis finds no difference.

It asks as anybody, with a key for one view, and with a key for everything, which is what administrators have.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from small_hub import Folder

from hub.app.hub import Hub
from hub.app.keys import add
from hub.app.publishing import site
from hub.app.snapshots import refresh
from hub.store.keys import Grant
from hub.web import Server, app

UNHURRIED = '[access]\nrate = "1000000/minute"\nkeyed_rate = "1000000/minute"\n'
ENDLESS = "/events$"
PARTNERS = 'access = "key"\n[title]\nnl = "Voor partners"\n'
CONFIG = """
[[operations]]
include-path = "/previews"
# No schema says which municipalities there are, so a place that looks like one may be refused all the same.
checks.positive_data_acceptance.enabled = false

[[operations]]
include-path = "/subscribers"
# Nor does one say which addresses a hub may call.
checks.positive_data_acceptance.enabled = false

[[operations]]
include-path = "/usage"
# A key may be in either of two header fields: schemathesis takes one away and finds it not missed.
checks.missing_required_header.enabled = false

[[operations]]
include-path = "/opportunities/{{identifier}}"
parameters = {{ "path.identifier" = "{identifier}" }}

[[operations]]
include-path = "/listings/{{source}}/{{local_id}}"
parameters = {{ "path.source" = "courses", "path.local_id" = "1" }}
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    folder = Folder(tmp_path_factory.mktemp("contract"))
    settings = folder.path / "hub.toml"
    settings.write_text(settings.read_text() + UNHURRIED)
    folder.file("courses")
    (folder.path / "views").mkdir()
    (folder.path / "views" / "partners.toml").write_text(PARTNERS)
    with Hub.open(folder.path) as hub:
        hub.run("courses")
        refresh(hub, datetime.now(UTC))
        yield hub


@pytest.fixture(scope="module")
def server(hub: Hub) -> Iterator[Server]:
    with Server(port=0).serving(app(site(hub))) as server:
        yield server


@pytest.fixture(scope="module")
def visitor(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.address, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def keys(hub: Hub) -> Mapping[str, str | None]:
    """Return whom schemathesis asks as, each with its key."""
    one = add(hub, Grant("One portal", "team@example.org", ("partners",)))
    every = add(hub, Grant("Administrators", "team@example.org", None))
    return {"anybody": None, "a portal": one.key.text, "an administrator": every.key.text}


def run(server: Server, folder: Path, identifier: str, key: str | None) -> subprocess.CompletedProcess[str]:
    """Run schemathesis over everything that ends."""
    (folder / "schemathesis.toml").write_text(CONFIG.format(identifier=identifier))
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{server.address}/openapi.json", "--url", server.address,
        "--phases", "examples,coverage,fuzzing", "--max-examples", "12", "--seed", "1", "--continue-on-failure",
        "--exclude-path-regex", ENDLESS, "--generation-database", "none",
        # In both places a key may be in: schemathesis would fill the other one with a key that is none.
        *(["--header", f"X-API-Key: {key}", "--header", f"Authorization: Bearer {key}"] if key else []),
    ]  # fmt: skip
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False, timeout=480)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("who", ["anybody", "a portal", "an administrator"])
def test_the_server_does_what_its_description_says(
    server: Server, visitor: httpx.Client, keys: Mapping[str, str | None], tmp_path: Path, who: str
) -> None:
    first = visitor.get("/feeds/all").json()["items"][0]["id"]
    done = run(server, tmp_path, first, keys[who])
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    told = re.search(r"Tested: (\d+)", done.stdout)
    assert told is not None
    paths = visitor.get("/openapi.json").json()["paths"]
    left_out = ("/events", "/openapi.json")  # the latter it has read already
    assert int(told[1]) == sum(len(item) for path, item in paths.items() if not path.endswith(left_out))


def test_every_schema_of_the_description_is_one_and_everything_it_refers_to_is_there(visitor: httpx.Client) -> None:
    contract = visitor.get("/openapi.json").json()
    assert contract["openapi"].startswith("3.1")
    for schema in schemas(contract):
        Draft202012Validator.check_schema(schema)
    for reference in re.findall(r"'\$ref': '#/([^']+)'", str(contract)):
        found: Any = contract
        for part in reference.split("/"):
            found = found[part]
    names = [operation["operationId"] for item in contract["paths"].values() for operation in item.values()]
    assert len(names) == len(set(names))


def test_everything_that_the_catalogue_offers_can_be_had_with_a_key_where_it_says_so(
    visitor: httpx.Client, keys: Mapping[str, str | None]
) -> None:
    catalogue = visitor.get("/catalog.jsonld").json()["@graph"]
    offered = [each["dcat:accessURL"]["@id"] for each in catalogue if each.get("@type") == "dcat:Distribution"]
    paths = [address.removeprefix("https://hub.example.org") for address in offered]
    keyed = [path for path in paths if path.split("/")[2] == "partners"]
    assert len(paths) - len(keyed) > 12
    assert [path for path in paths if visitor.get(path).status_code != 200] == keyed
    key = {"x-api-key": str(keys["a portal"])}
    assert {visitor.get(path, headers=key).status_code for path in keyed} == {200}


def schemas(part: Any) -> Iterator[Any]:
    """Yield every schema of a part of the description."""
    if isinstance(part, list):
        for each in part:
            yield from schemas(each)
    elif isinstance(part, dict):
        for name, each in part.items():
            if name == "schema":
                yield each
            yield from schemas(each)
