"""Keys of devices and of readers: one purpose, an end, and nothing stored that opens a door."""

import pytest
from sqlalchemy import select

from gettone.access_keys import DEVICE_PREFIX, READER_PREFIX, key_digest, new_key
from gettone.db.engine import Database
from gettone.db.repositories.access_keys import IMPORT, READ, DeviceKeys, ReaderKeys
from gettone.db.repositories.communities import Communities
from gettone.db.tables import DeviceKey, ReaderKey
from gettone.errors import Conflict, InputError, MissingInput
from gettone.vault import Vault
from tests.factories.metering import RECEIPT_MS, register

pytestmark = pytest.mark.database

NOW, LATER = RECEIPT_MS, RECEIPT_MS + 1000


def test_device_key__issued__opens_until_its_end_for_its_device_only(database: Database, vault: Vault) -> None:
    register(database, vault)
    with database.write() as connection:
        keys = DeviceKeys(connection)
        issued = keys.issue(1, now_ms=NOW, valid_to=LATER)
        assert [keys.device_of(issued.key, at) for at in (NOW - 1, NOW, LATER - 1, LATER)] == [None, 1, 1, None]
        assert keys.device_of(new_key(DEVICE_PREFIX), NOW) is None


def test_device_key__stored__is_its_digest_only(database: Database, vault: Vault) -> None:
    register(database, vault)
    with database.write() as connection:
        issued = DeviceKeys(connection).issue(1, now_ms=NOW, valid_to=LATER)
        row = connection.execute(select(DeviceKey)).one()
    assert bytes(row.sha256) == key_digest(issued.key)
    assert issued.key not in str(row)
    assert row.mqtt_hash.startswith("$7$101$")


def test_device_key__third_valid_one__is_refused_until_one_is_revoked(database: Database, vault: Vault) -> None:
    register(database, vault)
    with database.write() as connection:
        keys = DeviceKeys(connection)
        first, second = (keys.issue(1, now_ms=NOW, valid_to=LATER) for _ in range(2))
        with pytest.raises(Conflict, match="two valid keys"):
            keys.issue(1, now_ms=NOW, valid_to=LATER)
        keys.revoke(first.key_id, now_ms=NOW)
        assert keys.device_of(first.key, NOW) is None
        assert keys.device_of(second.key, NOW) == 1
        keys.issue(1, now_ms=NOW, valid_to=LATER)


def test_certificate__of_a_device__counts_as_a_key_and_is_a_user_without_password(
    database: Database, vault: Vault
) -> None:
    register(database, vault)
    with database.write() as connection:
        keys = DeviceKeys(connection)
        key_id = keys.add_certificate(1, bytes(32), (NOW, LATER), now_ms=NOW)
        assert [(one.device_id, one.mqtt_hash) for one in keys.for_broker(NOW)] == [(1, None)]
        assert [one.owner for one in keys.valid(NOW)] == ["device 1 (certificate)"]
        keys.revoke(key_id, now_ms=NOW)
        assert keys.for_broker(NOW) == ()


def test_certificate__known_or_ended__is_refused(database: Database, vault: Vault) -> None:
    register(database, vault)
    with database.write() as connection:
        keys = DeviceKeys(connection)
        keys.add_certificate(1, bytes(32), (NOW, LATER), now_ms=NOW)
        with pytest.raises(Conflict, match="registered already"):
            keys.add_certificate(1, bytes(32), (NOW, LATER), now_ms=NOW)
        with pytest.raises(InputError, match="not valid any more"):
            keys.add_certificate(2, bytes(range(32)), (NOW - 2, NOW), now_ms=NOW)


def test_device_key__revoked_twice__says_so(database: Database, vault: Vault) -> None:
    register(database, vault)
    with database.write() as connection:
        issued = DeviceKeys(connection).issue(1, now_ms=NOW, valid_to=LATER)
        DeviceKeys(connection).revoke(issued.key_id, now_ms=NOW)
        with pytest.raises(MissingInput, match="not valid"):
            DeviceKeys(connection).revoke(issued.key_id, now_ms=NOW)


def test_device_key__unknown_device__has_none(database: Database) -> None:
    with database.write() as connection, pytest.raises(MissingInput, match="no device 7"):
        DeviceKeys(connection).issue(7, now_ms=NOW, valid_to=LATER)


def test_broker_keys__valid_ones__name_the_community_of_the_holder(database: Database, vault: Vault) -> None:
    register(database, vault)
    with database.write() as connection:
        keys = DeviceKeys(connection)
        kept, ended = (keys.issue(device_id, now_ms=NOW, valid_to=LATER) for device_id in (1, 2))
        keys.revoke(ended.key_id, now_ms=NOW)
        found = keys.for_broker(NOW)
    assert [(one.key_id, one.device_id, one.community) for one in found] == [(kept.key_id, 1, "fontana")]


def test_reader_key__issued__carries_community_and_scopes(database: Database, vault: Vault) -> None:
    register(database, vault)
    with database.write() as connection:
        community = Communities(connection).get_or_create("fontana", tz="America/Los_Angeles")
        keys = ReaderKeys(connection)
        issued = keys.issue(community.community_id, "dash", frozenset({READ}), now_ms=NOW, valid_to=LATER)
        found = keys.reader_of(issued.key, NOW)
        assert found is not None
        assert (found.community_id, found.scopes) == (community.community_id, frozenset({READ}))
        assert keys.reader_of(issued.key, LATER) is None
        keys.revoke(issued.key_id, now_ms=NOW)
        assert keys.reader_of(issued.key, NOW) is None
        assert issued.key not in str(connection.execute(select(ReaderKey)).one())


@pytest.mark.parametrize("scopes", [frozenset(), frozenset({IMPORT, "everything"})])
def test_reader_key__unknown_scope__is_refused(database: Database, vault: Vault, scopes: frozenset[str]) -> None:
    register(database, vault)
    with database.write() as connection, pytest.raises(InputError, match="not among"):
        ReaderKeys(connection).issue(1, "x", scopes, now_ms=NOW, valid_to=LATER)


def test_keys__of_the_other_kind__open_nothing(database: Database, vault: Vault) -> None:
    register(database, vault)
    with database.write() as connection:
        device = DeviceKeys(connection).issue(1, now_ms=NOW, valid_to=LATER)
        assert ReaderKeys(connection).reader_of(device.key, NOW) is None
        assert DeviceKeys(connection).device_of(new_key(READER_PREFIX), NOW) is None
        assert DeviceKeys(connection).device_of("nonsense", NOW) is None
