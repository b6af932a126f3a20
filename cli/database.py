"""`gettone db`: upgrade the schema, name its revision, compare it with the program."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cli.clock import now_ms
from cli.console import err, out, print_json
from cli.retention import retention
from gettone.db import schema
from gettone.db.engine import Database, shown_url
from gettone.db.partitions import ensure_months_ahead
from gettone.db.repositories.devices import count_channels
from gettone.errors import CheckFailed
from gettone.registration.reading import read_registry
from gettone.settings import load_settings
from gettone.vault import Vault
from oracle.load_registry import load_registry_file

# The embedded database is recommended up to here (metering specification §2).
SQLITE_CHANNELS = 500

db_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Upgrade and check the database.")
db_app.command()(retention)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


@db_app.command()
def upgrade(
    revision: Annotated[str, typer.Argument(help="Revision to go forward to.")] = "head", as_json: AsJson = False
) -> None:
    """Bring the database forward to a revision, in one transaction; a new SQLite file is made."""
    url = load_settings().url
    reached = schema.upgrade(url, revision)
    _print({"database": shown_url(url), "revision": reached}, f"the database is at revision {reached}", as_json)


@db_app.command()
def current(as_json: AsJson = False) -> None:
    """Show the revision of the database, and that of this program."""
    url = load_settings().url
    database = Database(url)
    with database.read() as connection:
        found = schema.current(connection)
    database.close()
    known = schema.head()
    text = f"the database is at revision {found or 'none'}, this program works with {known}"
    _print({"database": shown_url(url), "revision": found, "head": known}, text, as_json)


@db_app.command()
def check(as_json: AsJson = False) -> None:
    """Compare the database with the tables of this program; exit 1 with each difference."""
    url = load_settings().url
    with schema.open_current(url) as database, database.read() as connection:
        differences = schema.check(connection)
        channels = count_channels(connection) if database.is_sqlite else 0
    _print({"database": shown_url(url), "differences": differences}, "the database equals this program", as_json)
    if channels > SQLITE_CHANNELS:
        err.print(f"warning: {channels} channels in SQLite, recommended are {SQLITE_CHANNELS}: move to PostgreSQL")
    if differences:
        raise CheckFailed("database_differs", f"the database differs from this program: {'; '.join(differences)}")


@db_app.command("load-registry")
def load_registry(
    file: Annotated[Path, typer.Argument(help="Registry file of a community (TOML).")], as_json: AsJson = False
) -> None:
    """Enter the community, members, devices, contracts and flows of a file; the same file again changes nothing."""
    settings = load_settings()
    settings.require("kek_file")
    assert settings.kek_file is not None  # noqa: S101 - required just above
    document, vault = read_registry(file), Vault.from_file(settings.kek_file)
    with schema.open_current(settings.url) as database:
        loaded = load_registry_file(database, vault, document, lambda step: err.print(f"  {step}", markup=False))
    text = (
        f"community {loaded.community}: {loaded.members} members ({loaded.new_members} new), "
        f"{loaded.devices} devices ({loaded.new_devices} new), {loaded.flows} flows"
    )
    _print(asdict(loaded), text, as_json)


@db_app.command()
def partitions(as_json: AsJson = False) -> None:
    """Make the monthly partitions of PostgreSQL for this month and three ahead; run it daily, it can be repeated."""
    settings = load_settings()
    url = settings.url
    with schema.open_current(url) as database, database.write() as connection:
        made = ensure_months_ahead(connection, now_ms(settings))
        sqlite = database.is_sqlite
    text = "SQLite has no partitions" if sqlite else f"made {len(made)} partitions, all of three months ahead are there"
    _print({"database": shown_url(url), "made": made}, text, as_json)


def _print(document: dict[str, object], text: str, as_json: bool) -> None:
    if as_json:
        print_json(document)
    elif not document.get("differences"):
        out.print(text, markup=False)
