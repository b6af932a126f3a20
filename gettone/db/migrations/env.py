"""What alembic runs for each command: the connection is handed in by `gettone.db.schema`."""

from alembic import context

from gettone.db import tables
from gettone.db.columns import Base
from gettone.db.schema import belongs_to_schema

assert tables.__all__, "importing the tables registers them"  # noqa: S101 - the import has this effect

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_name=belongs_to_schema,
    compare_type=True,
    transactional_ddl=True,
)
context.run_migrations()
