"""Small hubs on real files, and a partner that answers over a real socket."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from small_hub import Folder, Library

from hub.app.hub import Hub
from hub.testing import serve


@pytest.fixture
def library() -> Iterator[Library]:
    library = Library()
    with serve(library.app) as library.address:
        yield library
        library.open.set()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def opened(folder: Folder) -> Iterator[Callable[..., Hub]]:
    """Return what opens a hub on the folder's configuration, and closes it after the test."""
    hubs: list[Hub] = []

    def open_hub(**options: Any) -> Hub:
        hubs.append(Hub.open(folder.path, **options))
        return hubs[-1]

    yield open_hub
    for hub in hubs:
        hub.database.close()
