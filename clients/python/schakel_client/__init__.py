"""Follow a Schakel hub: every change of its feed, in order, none lost and none twice."""

from schakel_client.changes import Batch, Change, Delete, Sweep, Upsert
from schakel_client.errors import FollowError, Malformed, Refused, StateError, Unavailable, WebhookRefused
from schakel_client.file_state import FileState
from schakel_client.following import Following, follow
from schakel_client.page import Page, read, walk
from schakel_client.patience import Patience
from schakel_client.sqlite_state import SqliteState
from schakel_client.state import MemoryState, Position, State
from schakel_client.webhook import Event, verify

__all__ = [
    "Batch",
    "Change",
    "Delete",
    "Event",
    "FileState",
    "FollowError",
    "Following",
    "Malformed",
    "MemoryState",
    "Page",
    "Patience",
    "Position",
    "Refused",
    "SqliteState",
    "State",
    "StateError",
    "Sweep",
    "Unavailable",
    "Upsert",
    "WebhookRefused",
    "follow",
    "read",
    "verify",
    "walk",
]
