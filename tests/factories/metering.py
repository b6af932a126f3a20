"""A small registered community for database tests: one device per member, hourly grid readings, one flow."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from gettone.db.columns import Base
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities, MemberRow
from gettone.db.repositories.devices import ChannelRow, ContractRow, Devices
from gettone.db.repositories.flows import Flows
from gettone.metering.flow import FlowConfig
from gettone.types import Direction
from gettone.vault import Vault

# 1 September 2016 00:00 UTC, and a receipt two months later.
START_S = 1_472_688_000
RECEIPT_MS = 1_478_000_000_000
START_SLOT = START_S // 900
FLOW = "upload"
IMPORT_TABLES = ("batches", "readings", "reading_versions", "rejects")


@dataclass(frozen=True)
class RegisteredCommunity:
    """What `register` made."""

    community_id: int
    members: tuple[MemberRow, ...]
    channels: tuple[ChannelRow, ...]

    @property
    def channel_ids(self) -> tuple[int, ...]:
        """Ids of the channels, in the order of the devices."""
        return tuple(one.channel_id for one in self.channels)


def register(
    database: Database,
    vault: Vault,
    devices: Iterable[str] = ("home01", "home02"),
    *,
    step_s: int = 3600,
    contract_w: int | None = 10_000,
    config: FlowConfig | None = None,
) -> RegisteredCommunity:
    """Register a community whose members hold one net-exchange device each, and the flow `upload` for all."""
    with database.write() as connection:
        communities, repository = Communities(connection), Devices(connection, vault)
        community = communities.get_or_create("fontana", tz="America/Los_Angeles")
        flow = Flows(connection).get_or_create(FLOW, config or FlowConfig(), supplier="members")
        members, channels = [], []
        for name in devices:
            member = communities.add_member(community.community_id)
            communities.set_interval(member.member_id, 0)
            device = repository.get_or_create(name)
            channels.append(repository.add_channel(device.device_id, Direction.EXCHANGE, step_s))
            repository.set_holder(device.device_id, member.member_id, 0)
            repository.set_contract(ContractRow(device.device_id, 0, None, contract_w, None, None))
            Flows(connection).add_device(flow.flow_id, device.device_id)
            members.append(member)
    return RegisteredCommunity(community.community_id, tuple(members), tuple(channels))


def write_readings(
    path: Path, rows: Iterable[tuple[str, int, int | str]], *, interval_s: int = 3600, columns: str = "energy_wh"
) -> Path:
    """Write a file of readings: (device, start [unix s], Wh) in the built-in profile."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["device", "timestamp_utc", "interval_s", columns])
        for device, start_s, wh in rows:
            writer.writerow(
                [device, datetime.fromtimestamp(start_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), interval_s, wh]
            )
    return path


def contents(database: Database, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of tables, in an order of their own; of the tables of an import if none is named."""
    with database.read() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(select(Base.metadata.tables[name]))), key=repr)
            for name in tables or IMPORT_TABLES
        }
