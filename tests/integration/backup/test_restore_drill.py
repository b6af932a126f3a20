"""A site is lost and comes back; who was erased meanwhile stays erased."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from gettone.db.engine import Database
from gettone.db.repositories.keys import Keys
from gettone.db.repositories.wrapped_keys import WrappedMemberKeys
from gettone.db.tables import MemberInterval, Reading
from gettone.errors import CheckFailed, Conflict
from gettone.settings import Settings
from gettone.vault import Vault
from oracle.backup.archive import read_archive
from oracle.backup.job import Restored, create_backup, restore_backup, verify_backup
from oracle.intake import open_intake, open_lake
from oracle.quality.erasure import Eraser
from tests.factories.database_copies import DatabaseCopies
from tests.factories.metering import FLOW, RECEIPT_MS, register

pytestmark = pytest.mark.database
VAULT = Vault(bytes(range(32)))
NOW_MS = RECEIPT_MS + 1


class Site:
    """A small site with readings of two members, in a folder of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings.model_validate(
            {"database_url": url, "lake_dir": folder / "lake", "purge_list_file": folder / "purge-list"}
        )
        self.backup, self.keys = folder / "site.backup", folder / "site.keys"

    def fill(self) -> None:
        """Members, a yearly key, and a file of readings."""
        database = Database(self.settings.url)
        register(database, VAULT, step_s=3600)
        intake = open_intake(database, VAULT, self.settings.lake_dir)
        rows = "".join(f"home0{home},2016-09-01T00:00:00Z,3600,{home}00\n" for home in (1, 2))
        batch = intake.receive(
            FLOW, f"device,timestamp_utc,interval_s,energy_wh\n{rows}".encode(), received_at_ms=RECEIPT_MS
        )
        assert intake.process(batch.batch_id, now_ms=RECEIPT_MS).state == "done"
        with database.write() as connection:
            for member_id in self.members():
                Keys(connection, VAULT).member_key(member_id, 2016)
        database.close()

    def members(self, settings: Settings | None = None) -> list[str]:
        """The pseudonyms of the members who have an interval."""
        database = Database((settings or self.settings).url)
        with database.read() as connection:
            found = list(connection.execute(select(MemberInterval.member_id).distinct()).scalars())
        database.close()
        return sorted(found)

    def erase(self, member_id: str) -> None:
        """Two persons erase a member."""
        database = Database(self.settings.url)
        lake = open_lake(database, VAULT, self.settings.lake_dir)
        eraser = Eraser(database, VAULT, lake, self.settings.purge_list_file)
        for person in ("a.rossi", "b.verdi"):
            eraser.erase("fontana", member_id, operator=person, reason="asked", now_ms=NOW_MS)
        database.close()

    def readings(self, settings: Settings) -> int:
        """How many readings are current."""
        database = Database(settings.url)
        with database.read() as connection:
            found = connection.execute(select(func.count()).select_from(Reading)).scalar_one()
        database.close()
        return found

    def create(self) -> int:
        return create_backup(self.settings, VAULT, self.backup, self.keys, NOW_MS)


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Site:
    made = Site(database_url, tmp_path / "site")
    made.folder.mkdir()
    made.fill()
    return made


@pytest.fixture
def place(databases: DatabaseCopies, tmp_path: Path, site: Site) -> Iterator[Settings]:
    """An empty place with the same kind of database and the purge list of the site."""
    kind = "sqlite" if site.settings.url.startswith("sqlite") else "postgresql"
    new = tmp_path / "new"
    new.mkdir()
    with databases.empty(kind, new) as url:
        values = {"database_url": url, "lake_dir": new / "lake", "purge_list_file": site.settings.purge_list_file}
        yield Settings.model_validate(values)


def restore(place: Settings, site: Site, keys: Path | None = None) -> Restored:
    folder = site.folder / "restored-keys"
    return restore_backup(place, VAULT, site.backup, keys, keystores=folder, now_ms=NOW_MS)


def test_restore__lost_site__comes_back_with_readings_files_and_keys(site: Site, place: Settings) -> None:
    assert site.create() == 1 + len(list(open_lake_files(site.settings)))
    restored = restore(place, site, site.keys)
    assert (site.members(place), site.readings(place)) == (site.members(), 2)
    assert (restored.member_keys, restored.erased_again) == (2, 0)
    assert open_lake_files(place) == open_lake_files(site.settings)


def test_restore__member_erased_after_the_backup__stays_erased(site: Site, place: Settings) -> None:
    gone, stays = site.members()[:2]
    site.create()
    site.erase(gone)
    assert restore(place, site, site.keys).erased_again == 1
    assert site.members(place) == [stays]
    assert site.readings(place) == 1
    database = Database(place.url)
    with database.read() as connection:
        assert [row[0] for row in WrappedMemberKeys(connection).all()] == [stays]
    database.close()


def test_backup__without_the_keys__holds_no_yearly_key_of_a_member(site: Site, place: Settings) -> None:
    site.create()
    assert restore(place, site).member_keys == 0
    database = Database(place.url)
    with database.read() as connection:
        assert WrappedMemberKeys(connection).all() == []
    database.close()


def test_backup__file__tells_nothing_and_belongs_to_its_owner(site: Site) -> None:
    site.create()
    content = site.backup.read_bytes()
    assert site.backup.stat().st_mode & 0o077 == 0
    assert not any(word in content for word in (b"home01", b"fontana", b"manifest", b"SQLite", b"PGDMP"))


def test_verify__damaged_backup__is_refused_and_restores_nothing(site: Site, place: Settings) -> None:
    site.create()
    content = bytearray(site.backup.read_bytes())
    content[len(content) // 2] ^= 1
    site.backup.write_bytes(content)
    with pytest.raises(CheckFailed):
        verify_backup(VAULT, site.backup)
    with pytest.raises(CheckFailed):
        restore(place, site)
    assert not place.lake_dir.exists()


def test_restore__place_that_is_not_empty__is_refused(site: Site) -> None:
    site.create()
    with pytest.raises(Conflict, match="empty place"):
        restore(site.settings, site)


def test_create__name_that_exists__is_not_overwritten(site: Site) -> None:
    site.backup.write_text("precious")
    with pytest.raises(Conflict, match="another name"):
        site.create()
    assert site.backup.read_text() == "precious"


def test_manifest__lists_each_file_with_its_digest(site: Site) -> None:
    count = site.create()
    assert len(read_archive(site.backup, VAULT)["files"]) == count


def open_lake_files(settings: Settings) -> list[tuple[str, bytes]]:
    files = sorted(path for path in settings.lake_dir.rglob("*") if path.is_file())
    return [(path.relative_to(settings.lake_dir).as_posix(), path.read_bytes()) for path in files]
