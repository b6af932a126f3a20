"""Rows by long lists of keys: both databases find the same."""

import pytest
from sqlalchemy import select

from gettone.db.arrays import IntegerArray
from gettone.db.engine import Database
from gettone.db.id_lists import among, among_digests
from gettone.db.repositories.devices import Devices
from gettone.db.tables import Channel, Device
from gettone.types import Direction
from gettone.vault import Vault

pytestmark = pytest.mark.database
NAMES = [f"meter {number}" for number in range(40)]


@pytest.fixture
def devices(database: Database, vault: Vault) -> list[int]:
    with database.write() as connection:
        repository = Devices(connection, vault)
        found = repository.register(dict.fromkeys(NAMES, "meter"))
        ids = [found[name].device_id for name in NAMES]
        repository.add_channels([(one, Direction.EXCHANGE, 900) for one in ids])
    return ids


def test_among__some_ids_and_strange_ones__finds_the_some(database: Database, devices: list[int]) -> None:
    with database.read() as connection:
        chosen = among(connection, Channel.device_id, [*devices[3:30:2], -1, 2**31 - 1])
        found = connection.execute(select(Channel.device_id).where(chosen)).scalars().all()
    assert sorted(found) == devices[3:30:2]


def test_among__no_id__finds_nothing(database: Database, devices: list[int]) -> None:
    with database.read() as connection:
        chosen = among(connection, Channel.device_id, [])
        assert connection.execute(select(Channel.device_id).where(chosen)).all() == []


def test_among_digests__some_digests_and_a_strange_one__finds_the_some(
    database: Database, devices: list[int], vault: Vault
) -> None:
    with database.write() as connection:
        pids = [Devices(connection, vault).pid(name) for name in NAMES[:7]]
        chosen = among_digests(connection, Device.external_pid, [*pids, bytes(32)])
        found = connection.execute(select(Device.device_id).where(chosen)).scalars().all()
    assert sorted(found) == devices[:7]


def test_among_digests__no_digest__finds_nothing(database: Database, devices: list[int]) -> None:
    with database.read() as connection:
        chosen = among_digests(connection, Device.external_pid, [])
        assert connection.execute(select(Device.device_id).where(chosen)).all() == []


def test_integer_array__number_above_32_bits__is_refused() -> None:
    with pytest.raises(OverflowError):
        IntegerArray.of([2**31])
