"""Runs the missing migrations through Alembic; loaded only by a store that lacks some."""

from importlib.resources import files

from alembic import command
from alembic.config import Config

from hub.store.database import Database


def upgrade(database: Database) -> None:
    """Bring the database to the newest form."""
    settings = Config()
    settings.set_main_option("script_location", str(files("hub.store").joinpath("migrations")))
    settings.attributes["database"] = database
    command.upgrade(settings, "head")
