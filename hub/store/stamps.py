"""By which edition of some rules the store was worked out last."""

from sqlalchemy import Connection, text

_STAMP = text(
    "INSERT INTO counter (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = :value"
)
_STAMPED = text("SELECT value FROM counter WHERE name = :name")


def stamp(connection: Connection, name: str, edition: int) -> None:
    """Remember the edition of the rules of this name."""
    connection.execute(_STAMP, {"name": name, "value": edition})


def stamped(connection: Connection, name: str) -> int | None:
    """Return the edition of the rules of this name; None where none has worked on this store."""
    return connection.execute(_STAMPED, {"name": name}).scalar()
