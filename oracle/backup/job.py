"""Making, checking and restoring backups, each as a table of contents."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import inspect

from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.wrapped_keys import WrappedMemberKeys
from gettone.db.schema import current, open_current
from gettone.errors import Conflict, MissingInput
from gettone.settings import Settings
from gettone.vault import Vault
from oracle.backup.archive import read_archive, write_archive
from oracle.backup.dump import dump_database, load_database
from oracle.intake import open_lake
from oracle.quality.erasure import Eraser
from oracle.quality.purge_list import read_marks

KEYS = "member-keys.json"
LAKE, KEYSTORES = "lake/", "keystores/"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought back: files, members' keys, and how many members were erased again."""

    files: int
    member_keys: int
    erased_again: int


def create_backup(settings: Settings, vault: Vault, out: Path, keys_out: Path | None, now_ms: int) -> int:
    """Seal database, lake and keystores into `out`, and members' yearly keys into `keys_out`; the number of files.

    1. the database, as of one instant   2. the lake, which only grows   3. keystores   4. keys apart
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="backup-", dir=out.parent) as place:
        dump = dump_database(settings.url, Path(place))
        files = [(dump.name, dump), *_lake(settings.lake_dir), *_keystores(settings)]
        count = write_archive(out, vault, files, {"created_at": now_ms, "revision": _revision(settings)})
        if keys_out is not None:
            keys = Path(place) / KEYS
            with open_current(settings.url) as database, database.read() as connection:
                keys.write_text(json.dumps(WrappedMemberKeys(connection).all()), encoding="ascii")
            write_archive(keys_out, vault, [(KEYS, keys)], {"created_at": now_ms})
    return count


def verify_backup(vault: Vault, path: Path) -> dict[str, Any]:
    """Read a backup to its end; its list.  CheckFailed for one that is damaged, InputError for another file."""
    if not path.is_file():
        raise MissingInput("backup_missing", f"there is no file {path}")
    return read_archive(path, vault)


def restore_backup(
    settings: Settings, vault: Vault, path: Path, keys: Path | None, *, keystores: Path, now_ms: int
) -> Restored:
    """Bring a site back in an empty place.

    1. read the whole backup first   2. refuse a place that is not empty   3. lake and keystores
    4. the database   5. members' keys   6. erase again who was erased after the backup was made
    """
    verify_backup(vault, path)
    _require_empty(settings)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=path.parent) as place:
        manifest = read_archive(path, vault, lambda name, file: _put(Path(place), name, file))
        _move(Path(place) / "lake", settings.lake_dir)
        _move(Path(place) / "keystores", keystores)
        (dump,) = (one for one in Path(place).iterdir() if one.name.startswith("database."))
        load_database(dump, settings.url)
    with open_current(settings.url) as database:
        member_keys = 0 if keys is None else _restore_keys(database, vault, keys)
        erased = _erase_again(settings, database, vault, now_ms)
    return Restored(len(manifest["files"]), member_keys, erased)


def _lake(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file():
            yield LAKE + path.relative_to(folder).as_posix(), path


def _keystores(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Keystores are encrypted by themselves; passwords and the key-encryption key are never in a backup."""
    single = (settings.deployer_keystore_file, settings.registrar_keystore_file, settings.takeout_keystore_file)
    roles = settings.role_keys_dir.glob("*.json") if settings.role_keys_dir is not None else ()
    everything = (*single, *settings.oracle_keystore_files, *roles)
    named = {path for path in everything if path is not None and path.is_file()}
    for number, path in enumerate(sorted(named)):
        yield f"{KEYSTORES}{number}-{path.name}", path


def _revision(settings: Settings) -> str:
    with open_current(settings.url) as database, database.read() as connection:
        return current(connection) or ""


def _require_empty(settings: Settings) -> None:
    if settings.lake_dir.is_dir() and any(settings.lake_dir.iterdir()):
        raise Conflict("restore_not_empty", f"{settings.lake_dir} is not empty: restore into an empty place")
    if settings.url.startswith("sqlite"):
        if Path(settings.url.partition("///")[2]).exists():
            raise Conflict("restore_not_empty", "there is a database already: restore into an empty place")
        return
    database = Database(settings.url)
    try:
        if inspect(database.engine).get_table_names():
            raise Conflict("restore_not_empty", "the database has tables already: restore into an empty one")
    finally:
        database.close()


def _put(place: Path, name: str, file: IO[bytes]) -> None:
    target = (place / name).resolve()
    if not target.is_relative_to(place.resolve()):
        raise Conflict("backup_name", "the backup names a file outside of itself: it is none of ours")
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        shutil.copyfileobj(file, out)
    target.chmod(0o600)


def _move(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, place)


def _restore_keys(database: Database, vault: Vault, path: Path) -> int:
    found: list[list[Any]] = []
    read_archive(path, vault, lambda _name, file: found.extend(json.load(file)))
    with database.write() as connection:
        return WrappedMemberKeys(connection).put(found)


def _erase_again(settings: Settings, database: Database, vault: Vault, now_ms: int) -> int:
    marks = read_marks(settings.purge_list_file)
    with database.read() as connection:
        communities = Communities(connection)
        known = [(one.slug, member) for one in communities.all() for member in communities.members(one.community_id)]
    gone = [(slug, member.member_id) for slug, member in known if vault.mark(member.member_id) in marks]
    eraser = Eraser(database, vault, open_lake(database, vault, settings.lake_dir), settings.purge_list_file)
    for slug, member_id in gone:
        eraser.erase_again(slug, member_id, now_ms=now_ms)
    return len(gone)
