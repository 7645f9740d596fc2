"""No database is opened with a SQLite whose write-ahead log can corrupt it."""

from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest

from hub.errors import StoreError
from hub.store import open_store


@pytest.mark.parametrize(
    ("version", "fit"),
    [
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 6), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_a_store_is_opened_only_with_a_library_without_the_fault(
    version: tuple[int, int, int], fit: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "sqlite_version_info", version)
    if fit:
        open_store(tmp_path / "hub.db").close()
    else:
        with pytest.raises(StoreError, match=r"SQLite \d.* can corrupt .* install the package pysqlite3"):
            open_store(tmp_path / "hub.db")
    assert (tmp_path / "hub.db").exists() is fit
