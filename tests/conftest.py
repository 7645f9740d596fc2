"""What makes every test cheaper."""

from collections.abc import Iterator
from contextlib import closing

import pysqlite3.dbapi2 as sqlite
import pytest

from hub.store import Database, upgrading
from hub.store.migration import migrate, revision


@pytest.fixture(scope="session", autouse=True)
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let the migrations make an empty store once; each other one is a copy, which takes a tenth of the time."""
    first = tmp_path_factory.mktemp("store") / "hub.db"
    with closing(Database(first)) as database:
        migrate(database)
    plainly = upgrading.upgrade

    def upgrade(database: Database) -> None:
        if revision(database) is not None:
            plainly(database)
            return
        with closing(sqlite.connect(str(first))) as made, closing(sqlite.connect(str(database.path))) as empty:
            made.backup(empty)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upgrading, "upgrade", upgrade)
        yield
