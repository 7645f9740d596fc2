"""The store: everything the hub knows, behind one door."""

from pathlib import Path

from sqlalchemy import Connection

from hub.store import listings, pages, publication, quarantine, runs
from hub.store.database import Database
from hub.store.migration import migrate

__all__ = ["Connection", "Database", "listings", "open_store", "pages", "publication", "quarantine", "runs"]


def open_store(path: Path) -> Database:
    """Open the embedded database, created or migrated as needed."""
    database = Database(path)
    migrate(database)
    return database
