"""The one place that speaks SQL: tables, migrations and repositories, for SQLite and PostgreSQL alike.

* `tables/`        one table per file, names and columns of the metering specification §2
* `migrations/`    the alembic revisions; `schema.upgrade` runs them, `schema.check` compares
* `engine.py`      `Database`: explicit read and write transactions
* `repositories/`  one file per area; every row that leaves is a frozen dataclass

A repository is built on an open connection and never commits: the `with database.write()` block does.
"""
