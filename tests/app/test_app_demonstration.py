"""The demonstration takes what is free, and leaves nothing behind."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from small_hub import Folder

from hub.app.calling import caller, fetch_json
from hub.app.demonstration import demonstrate
from hub.config import load
from hub.errors import ConfigError


@pytest.fixture
def taken() -> Iterator[int]:
    """Return a port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def listens(address: str) -> bool:
    where = urlsplit(address)
    with socket.socket() as probe:
        return probe.connect_ex((str(where.hostname), where.port or 0)) == 0


def test_it_answers_while_it_runs_and_leaves_no_port_and_no_folder(folder: Folder) -> None:
    folder.file("kleine")
    folder.source("actiris", adapter="actiris", more="sandbox = true")
    with demonstrate(load(folder.path), port=0) as running:
        running.hub.run("kleine")
        with caller(running.address, running.sandbox_address) as client:
            assert len(fetch_json(client, f"{running.address}/feeds/all")["items"]) == 1
            assert fetch_json(client, running.sandbox_address)["sandboxes"] == [{"name": "actiris", "path": "/actiris"}]
        data = running.hub.data
        assert (data / "hub.db").exists()
    assert not data.exists()
    assert not listens(running.address)
    assert not listens(running.sandbox_address)


def test_it_leaves_nothing_behind_when_what_runs_in_it_fails(folder: Folder) -> None:
    folder.file("kleine")
    with pytest.raises(ZeroDivisionError), demonstrate(load(folder.path), port=0) as running:
        raise ZeroDivisionError
    assert not running.hub.data.exists()
    assert not listens(running.address)


def test_a_port_asked_for_that_is_taken_is_named(folder: Folder, taken: int) -> None:
    folder.file("kleine")
    with (
        pytest.raises(ConfigError, match=f"port {taken} of 127.0.0.1 is taken"),
        demonstrate(load(folder.path), port=taken),
    ):
        pass


def test_configured_ports_that_are_taken_are_replaced_by_free_ones(folder: Folder, taken: int) -> None:
    folder.file("kleine")
    folder.set(f"port = {taken}")
    with demonstrate(load(folder.path), port=None) as running:
        assert urlsplit(running.address).port not in {taken, 0}
        assert listens(running.address)


def test_a_hub_without_sources_is_refused_and_its_port_is_free_again(folder: Folder) -> None:
    folder.file("kleine", more="enabled = false")
    with pytest.raises(ConfigError, match="no source is enabled"), demonstrate(load(folder.path), port=0):
        pass
