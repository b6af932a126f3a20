"""Database URLs: what is understood, and what is shown of them."""

import stat
from pathlib import Path

import pytest

from gettone.db.engine import Database, shown_url
from gettone.db.partitions import is_partition
from gettone.errors import InputError

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("wrong", ["", "no url", "mysql://host/db", "sqlite://", "sqlite:///:memory:"])
def test_database__url_of_another_kind__is_refused(wrong: str) -> None:
    with pytest.raises(InputError) as refusal:
        Database(wrong)
    assert refusal.value.code == "database_url"


def test_database__new_sqlite_file__belongs_to_its_owner_alone(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/folder/new.sqlite", create=True).close()
    assert stat.S_IMODE((tmp_path / "folder" / "new.sqlite").stat().st_mode) == 0o600


def test_shown_url__password__is_withheld() -> None:
    assert (
        shown_url("postgresql://gettone:hidden@db:5432/gettone") == "postgresql+psycopg://gettone:***@db:5432/gettone"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("readings_2016_09", True),
        ("reading_versions_2026_03", True),
        ("readings", False),
        ("reading_versions", False),
        (None, False),
    ],
)
def test_is_partition__names__of_months_only(name: str | None, expected: bool) -> None:
    assert is_partition(name) is expected
