"""The migrations, run by Alembic through `hub.store.migration`."""
