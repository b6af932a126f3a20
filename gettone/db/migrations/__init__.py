"""Alembic revisions of the schema; `gettone.db.schema` runs them."""
