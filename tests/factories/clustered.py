"""A registered community whose readings have known shapes, stored without the ingestion that other tests are about."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert

from gettone.db.engine import Database
from gettone.db.partitions import ensure_partitions
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.households import set_households, set_use_types
from gettone.db.tables import Reading
from gettone.metering.flow import FlowConfig
from gettone.periods import midnight_s
from gettone.types import Direction
from gettone.vault import Vault

SLUG = "curves"
ZONE = ZoneInfo("Europe/Rome")
# 14 days, half of them after the change to summer time.
FIRST, DAYS = date(2026, 3, 23), 14
PERIOD = "2026-03-23/2026-04-06"
FROM_SLOT = midnight_s(FIRST, ZONE) // 900
TO_SLOT = midnight_s(FIRST + timedelta(days=DAYS), ZONE) // 900


@dataclass(frozen=True)
class ClusteredCommunity:
    """Member ids and channel ids, in the order of the rows that were stored."""

    community_id: int
    members: tuple[str, ...]
    devices: tuple[int, ...]
    channels: tuple[int, ...]


def register_curves(
    database: Database, vault: Vault, count: int, *, direction: Direction = Direction.WITHDRAWAL, step_s: int = 900
) -> ClusteredCommunity:
    """Members with a device of one channel each; people 1, 2, 1, 2 .., use type shop for every fourth."""
    members, devices, channels = [], [], []
    with database.write() as connection:
        communities, repository = Communities(connection), Devices(connection, vault)
        community = communities.get_or_create(SLUG, tz=str(ZONE), settle_slot_s=900)
        flow = Flows(connection).get_or_create("curves", FlowConfig())
        for number in range(count):
            member = communities.add_member(community.community_id, member_id=f"{number:064x}")
            communities.set_interval(member.member_id, FROM_SLOT)
            set_households(connection, {member.member_id: (1 + number % 2, None)})
            device = repository.get_or_create(f"curve-{number}")
            set_use_types(connection, {device.device_id: "shop" if number % 4 == 3 else "residential"})
            channels.append(repository.add_channel(device.device_id, direction, step_s).channel_id)
            repository.set_holder(device.device_id, member.member_id, FROM_SLOT)
            members.append(member.member_id)
            devices.append(device.device_id)
        Flows(connection).add_devices(flow.flow_id, devices)
    return ClusteredCommunity(community.community_id, tuple(members), tuple(devices), tuple(channels))


def store_readings(database: Database, channel_ids: tuple[int, ...], wh: NDArray[np.int64], step_s: int = 900) -> None:
    """Store wh [channels, intervals] from the first slot of the period on."""
    step = step_s // 900
    rows = [
        {
            "channel_id": channel_id, "slot": FROM_SLOT + step * at, "wh": value, "quality": 1, "rank": 10,
            "version": 1,
            "batch_id": 1,
        }
        for channel_id, values in zip(channel_ids, wh.tolist(), strict=True)
        for at, value in enumerate(values)
    ]  # fmt: skip
    with database.write() as connection:
        ensure_partitions(connection, FROM_SLOT, TO_SLOT)
        connection.execute(insert(Reading), rows)


def repeated(curves: NDArray[np.float64], step_s: int = 900) -> NDArray[np.int64]:
    """Every curve [rows, columns] on every day of the period, by wall clock and in whole Wh."""
    starts = np.arange(FROM_SLOT * 900, TO_SLOT * 900, step_s)
    changed = midnight_s(date(2026, 3, 29), ZONE) + 2 * 3600
    local = starts + np.where(starts < changed, 3600, 7200)
    return np.rint(curves[:, local % 86_400 // step_s]).astype(np.int64)
