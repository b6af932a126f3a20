"""The devices of a registry file in the database: channels, registers, holders, contracts, uses, positions."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gettone.db.columns import SLOT_S
from gettone.db.repositories.communities import CommunityRow
from gettone.db.repositories.devices import ChannelRow, ContractRow, Devices, HolderRow
from gettone.db.repositories.households import set_use_types
from gettone.db.repositories.positions import Positions
from gettone.db.repositories.registers import ChangeRow, add_meter_changes, set_digits
from gettone.errors import Conflict
from gettone.metering.map_grid import Position
from gettone.periods import load_zone, midnight_s
from gettone.registration.document import DeviceEntry
from gettone.vault import Vault

Ids = dict[str, int]


def load_devices(
    connection: Connection, vault: Vault, community: CommunityRow, entries: Sequence[DeviceEntry]
) -> tuple[Ids, int]:
    """Enter devices with all that is stated of them; the ids by name, and how many were not known.

    InputError for an unknown use, Conflict for another holder, contract or register than the database states.
    """
    devices, zone = Devices(connection, vault), load_zone(community.tz)
    known = devices.find([one.name for one in entries])
    found = devices.register({one.name: one.kind for one in entries})
    ids = {name: row.device_id for name, row in found.items()}
    set_use_types(connection, {ids[one.name]: one.use_type for one in entries if one.use_type is not None})
    Positions(connection, vault).set({ids[one.name]: Position.parse(one.geo) for one in entries if one.geo is not None})
    wanted = [(ids[one.name], direction, step_s) for one in entries for direction, step_s in one.channels]
    _set_registers(connection, entries, ids, devices.add_channels(wanted))
    stored = {(row.device_id, row.member_id, row.from_slot) for row in devices.holders(community.community_id)}
    holders = (HolderRow(ids[one.name], one.holder, local_slot(one.since, zone), None) for one in entries)
    devices.set_holders([row for row in holders if (row.device_id, row.member_id, row.from_slot) not in stored])
    devices.set_contracts(list(_contracts(devices, entries, ids, zone)))
    return ids, len(entries) - len(known)


@lru_cache(maxsize=4096)
def local_slot(day: date, zone: ZoneInfo) -> int:
    """The slot that a local day begins with."""
    return midnight_s(day, zone) // SLOT_S


def _set_registers(
    connection: Connection, entries: Sequence[DeviceEntry], ids: Ids, channels: Sequence[ChannelRow]
) -> None:
    """Digits for all channels of a device; a meter change for the channels of its direction."""
    own: dict[int, list[ChannelRow]] = defaultdict(list)
    for channel in channels:
        own[channel.device_id].append(channel)
    digits = [(one, channel.channel_id) for one in entries for channel in own[ids[one.name]]]
    set_digits(connection, {channel_id: one.digits for one, channel_id in digits if one.digits is not None})
    changes = [
        ChangeRow(channel.channel_id, int(at.timestamp()) * 1000, old_final_wh, new_initial_wh)
        for one in entries
        for direction, at, old_final_wh, new_initial_wh in one.meter_changes
        for channel in own[ids[one.name]]
        if channel.direction is direction
    ]
    add_meter_changes(connection, changes)


def _contracts(devices: Devices, entries: Sequence[DeviceEntry], ids: Ids, zone: ZoneInfo) -> Iterator[ContractRow]:
    """The contracts that are not stated yet; Conflict where other powers are stated from the same day on."""
    stored = {(row.device_id, row.from_slot): row for row in devices.contracts(sorted(ids.values()))}
    for one in entries:
        powers, from_slot = (one.contract_w, one.available_w, one.plant_peak_w), local_slot(one.since, zone)
        row = ContractRow(ids[one.name], from_slot, None, *powers)
        found = stored.get((row.device_id, from_slot))
        if found is None and powers != (None, None, None):
            yield row
        elif found is not None and powers != (found.contract_w, found.available_w, found.plant_peak_w):
            raise Conflict(
                "registry_differs",
                f"device {row.device_id} has a contract from {one.since} on with other powers: state the change from "
                "its own day on",
            )
