"""Real or drawn readings in a database: a registered community with load and plant meters, no identity."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.devices import ContractRow, Devices
from gettone.db.repositories.readings import Readings
from gettone.metering.indicators.comparison import DateRange
from gettone.metering.indicators.member_energies import Readings as DenseReadings
from gettone.metering.rules.versions import NewReading
from gettone.types import Direction
from gettone.vault import Vault
from tests.factories.real_energies import RealCommunity

SLUG = "fontana"
SEPTEMBER = DateRange(date(2016, 9, 1), date(2016, 10, 1))


@dataclass(frozen=True)
class StoredCommunity:
    """Members in bytewise order of their ids, which is the order in which they were made; channels by row."""

    member_ids: tuple[str, ...]
    channel_ids: tuple[int, ...]


def store_community(
    database: Database,
    real: RealCommunity,
    *,
    directions: Sequence[Direction] | None = None,
    from_slot: int = 0,
) -> StoredCommunity:
    """Register the members and channels of `real`, and store its readings with rank 30."""
    vault = Vault(secrets.token_bytes(32))
    step_s = real.calendar.step_s
    with database.write() as connection:
        communities, devices = Communities(connection), Devices(connection, vault)
        community = communities.get_or_create(SLUG, tz=real.calendar.timezone, settle_slot_s=3600)
        members = []
        for number, _ in enumerate(real.names):
            member = communities.add_member(community.community_id, member_id=f"{number:02x}" + "00" * 31)
            communities.set_interval(member.member_id, from_slot)
            members.append(member.member_id)
        channels = []
        for row, part in enumerate(real.parts):
            device = devices.get_or_create(f"device{row:03d}")
            direction = part.direction if directions is None else directions[row]
            channels.append(devices.add_channel(device.device_id, direction, step_s).channel_id)
            devices.set_holder(device.device_id, members[part.member], from_slot)
            plant_w = 5_000 if direction is Direction.PRODUCTION else None
            devices.set_contract(ContractRow(device.device_id, 0, None, 4_500, None, plant_w))
    store_readings(database, channels, real.readings)
    return StoredCommunity(tuple(members), tuple(channels))


def store_readings(database: Database, channel_ids: Sequence[int], readings: DenseReadings) -> None:
    """Store the readings that have a value as first values of their slots."""
    rows, places = np.nonzero(readings.quality)
    values = zip(
        rows.tolist(),
        (places + readings.from_slot).tolist(),
        readings.wh[rows, places].tolist(),
        readings.quality[rows, places].tolist(),
        strict=True,
    )
    with database.write() as connection:
        Readings(connection).add(
            [NewReading(channel_ids[row], slot, wh, quality, 30, 1, 1) for row, slot, wh, quality in values]
        )
