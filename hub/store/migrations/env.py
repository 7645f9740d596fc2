"""What Alembic runs: the migrations over the connection of the hub's own database."""

from alembic import context

from hub.store.database import Database
from hub.store.schema import metadata

database = context.config.attributes["database"]
if not isinstance(database, Database):
    raise TypeError("migrations run through hub.store.migration.migrate")
with database.write() as connection:
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
    context.run_migrations()
