"""The database as one file, without the members' yearly keys; and back into an empty place."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from gettone.errors import CheckFailed, Conflict, MissingInput, Unreachable

SQLITE, POSTGRESQL = "database.sqlite", "database.pgdump"
# These keys are kept apart and for a short time, so that an erasure is not undone by a long kept backup (LECN-1 §1).
APART = "member_keys"


def dump_database(url: str, folder: Path) -> Path:
    """A consistent copy of the database as one file in `folder`."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _dump_sqlite(Path(parsed.database or ""), folder / SQLITE)
    path = folder / POSTGRESQL
    _run("pg_dump", parsed, ["--format=custom", "--no-owner", f"--exclude-table-data={APART}", f"--file={path}"])
    return path


def load_database(file: Path, url: str) -> None:
    """Put a dump into the empty place that `url` names; Conflict `restore_not_empty` where there is something."""
    parsed = make_url(url)
    if (file.name == SQLITE) != (parsed.get_backend_name() == "sqlite"):
        raise Conflict("backup_database", f"the backup holds {file.name}, GETTONE_DATABASE_URL names another kind")
    if file.name == SQLITE:
        target = Path(parsed.database or "")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        target.chmod(0o600)
    else:
        _run("pg_restore", parsed, ["--no-owner", "--exit-on-error", "--single-transaction", str(file)])


def _dump_sqlite(source: Path, target: Path) -> Path:
    if not source.is_file():
        raise MissingInput("database_missing", f"there is no database at {source}")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute(f"DELETE FROM {APART}")  # noqa: S608 - a name of this file
        copy.commit()
        # What was deleted would still lie in the pages of the file.
        copy.execute("VACUUM")
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise CheckFailed("database_damaged", f"the database {source} is damaged: restore an earlier backup")
    return target


def _run(program: str, url: URL, words: list[str]) -> None:
    """Run a program of PostgreSQL; the password goes by the environment, where other users do not see it."""
    if shutil.which(program) is None:
        raise MissingInput("program_missing", f"{program} is not installed: it comes with postgresql-client")
    environment = {**os.environ, **({"PGPASSWORD": url.password} if url.password else {})}
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    command = [program, f"--dbname={address}", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - own words
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Unreachable("database_tool", f"{program} failed ({reason}): mend that, then run it again")
