"""What deleted rows leave behind in the files of a database, overwritten."""

from collections.abc import Iterable

from sqlalchemy import text

from gettone.db.engine import Database
from gettone.errors import Conflict


def overwrite_deleted(database: Database, tables: Iterable[str]) -> None:
    """Leave no page with deleted rows of these tables (names of the schema).

    SQLite zeroes what it deletes (secure_delete) and here empties its write-ahead log; PostgreSQL vacuums the
    tables.  Backups and archived logs are outside the database and expire on their own.  Conflict `database_read`
    while another program reads the SQLite file: its log must stay until it is done.
    """
    if database.is_sqlite:
        _empty_log(database)
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.execute(text(f"VACUUM {table}"))


def _empty_log(database: Database) -> None:
    # A checkpoint must not be part of a transaction, and a connection of the engine always begins one.
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        answer = cursor.fetchone()
        busy = answer is None or answer[0] != 0
        cursor.close()
    finally:
        connection.close()
    if busy:
        raise Conflict(
            "database_read",
            "the rows are deleted, but another program reads the database and its log still holds them: when it is "
            "done, run `gettone db retention --apply`",
        )
