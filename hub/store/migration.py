"""Brings a database to the form this version of the hub works with."""

import importlib
import threading

from sqlalchemy import inspect, text

from hub.errors import StoreError
from hub.store.database import Database

HEAD = "0012"
"""The newest migration."""

_alembic = threading.Lock()  # Alembic keeps its context in a module; between processes the write transaction serialises


def migrate(database: Database) -> None:
    """Run the migrations that are missing, each in a transaction of its own; nothing when there are none."""
    with _alembic:
        _upgrade(database)


def _upgrade(database: Database) -> None:
    found = revision(database)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise StoreError(
            f"the database {database.path} is of form {found}, newer than this hub knows ({HEAD}); use a newer hub"
        )
    # Loading Alembic takes a tenth of a second, which a store that is up to date need not spend.
    importlib.import_module("hub.store.upgrading").upgrade(database)


def revision(database: Database) -> str | None:
    """Return the migration the database is at, None for an empty one."""
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
