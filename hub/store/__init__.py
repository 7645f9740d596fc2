"""The store: everything the hub knows, behind one door."""

from pathlib import Path

from sqlalchemy import Connection

from hub.store import (
    doubts,
    holds,
    judgements,
    keys,
    leases,
    links,
    listings,
    matches,
    organisations,
    pages,
    publication,
    qualities,
    quarantine,
    roll,
    runs,
    slots,
    undoing,
    views,
)
from hub.store.database import Database
from hub.store.feedback import reports, usage
from hub.store.migration import migrate

__all__ = [
    "Connection",
    "Database",
    "doubts",
    "holds",
    "judgements",
    "keys",
    "leases",
    "links",
    "listings",
    "matches",
    "open_store",
    "organisations",
    "pages",
    "publication",
    "qualities",
    "quarantine",
    "reports",
    "roll",
    "runs",
    "slots",
    "undoing",
    "usage",
    "views",
]


def open_store(path: Path) -> Database:
    """Open the embedded database, created or migrated as needed."""
    database = Database(path)
    migrate(database)
    return database
