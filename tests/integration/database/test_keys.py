"""Keys are made once, kept wrapped, and moved to a new wrapping key."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text

from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.keys import Keys
from gettone.errors import Conflict
from gettone.vault import Vault

pytestmark = pytest.mark.database


def member_of(database: Database) -> tuple[int, str]:
    with database.write() as connection:
        community = Communities(connection).get_or_create("fontana", tz="Europe/Rome")
        return community.community_id, Communities(connection).add_member(community.community_id).member_id


def test_member_key__asked_by_many_at_once__is_one_key(database: Database, vault: Vault) -> None:
    _, member_id = member_of(database)
    together = Barrier(4)

    def ask() -> bytes:
        together.wait()
        with database.write() as connection:
            return Keys(connection, vault).member_key(member_id, 2016)

    with ThreadPoolExecutor(4) as pool:
        keys = {future.result() for future in [pool.submit(ask) for _ in range(4)]}
    assert len(keys) == 1
    assert len(keys.pop()) == 32


def test_member_key__other_writer_between_look_and_insert__takes_that_ones_key(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, member_id = member_of(database)
    with database.write() as connection:
        first = Keys(connection, vault).member_key(member_id, 2016)
    plain_find, looked = Keys._find, []

    def find_too_early(self: Keys, *arguments: Any) -> bytes | None:
        looked.append(arguments)
        return None if len(looked) == 1 else plain_find(self, *arguments)

    monkeypatch.setattr(Keys, "_find", find_too_early)
    with database.write() as connection:
        assert Keys(connection, vault).member_key(member_id, 2016) == first
    assert len(looked) == 2


def test_keys__owner_and_year__have_their_own(database: Database, vault: Vault) -> None:
    community_id, member_id = member_of(database)
    with database.write() as connection:
        keys = Keys(connection, vault)
        made = [
            keys.member_key(member_id, 2016),
            keys.member_key(member_id, 2017),
            keys.community_key(community_id, 2016),
            keys.platform_key("lookup"),
        ]
        assert keys.member_key(member_id, 2016) == made[0]
    assert len(set(made)) == 4


def test_keys__stored_row__is_not_the_key_and_cannot_be_swapped(database: Database, vault: Vault) -> None:
    _, member_id = member_of(database)
    with database.write() as connection:
        key = Keys(connection, vault).member_key(member_id, 2016)
        assert key not in connection.execute(text("SELECT wrapped FROM member_keys")).scalar_one()
        connection.execute(text("UPDATE member_keys SET year = 2017"))
    with pytest.raises(Conflict, match="damaged or another's"), database.write() as connection:
        Keys(connection, vault).member_key(member_id, 2017)


def test_rewrap_all__new_wrapping_key__keeps_the_keys(database: Database, vault: Vault) -> None:
    community_id, member_id = member_of(database)
    with database.write() as connection:
        before = (
            Keys(connection, vault).member_key(member_id, 2016),
            Keys(connection, vault).community_key(community_id, 2016),
        )
    new = Vault(secrets.token_bytes(32))
    with database.write() as connection:
        assert Keys(connection, new).rewrap_all(vault) == 2
        assert Keys(connection, new).rewrap_all(vault) == 0
    with database.write() as connection:
        after = (
            Keys(connection, new).member_key(member_id, 2016),
            Keys(connection, new).community_key(community_id, 2016),
        )
        assert after == before
    with pytest.raises(Conflict, match="was wrapped under key"), database.write() as connection:
        Keys(connection, vault).member_key(member_id, 2016)
