"""The job that brings a registry file into the database, once or again, and refuses what contradicts it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gettone.db.columns import SLOT_S
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities, CommunityRow, MemberIntervalRow, MemberKind, MemberRow
from gettone.db.repositories.devices import ChannelRow, ContractRow, Devices, HolderRow
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.households import codes_of, set_household, set_use_type
from gettone.db.repositories.positions import Positions
from gettone.db.repositories.registers import ChangeRow, add_meter_change, set_digits
from gettone.errors import Conflict, InputError
from gettone.metering.map_grid import Position
from gettone.periods import load_zone, midnight_s
from gettone.registration.document import DeviceEntry, MemberEntry, RegistryDocument
from gettone.vault import Vault

Progress = Callable[[str], None]
_STEP = 500


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a registry file states, and how many of its members and devices the database did not know."""

    community: str
    members: int
    devices: int
    flows: int
    new_members: int
    new_devices: int


def load_registry_file(
    database: Database, vault: Vault, document: RegistryDocument, progress: Progress | None = None
) -> Loaded:
    """Enter community, flows, members and devices in one transaction; the same file again changes nothing.

    A later file may add entries and may end a membership; households, uses and positions follow the newest file.
    Conflict where the database states something else: another community, flow configuration, kind, holder, end or
    contract; then nothing is changed.
    """
    tell = progress or (lambda _step: None)
    with database.write() as connection:
        stated = document.community
        community = Communities(connection).get_or_create(
            stated.slug,
            tz=stated.tz,
            kind=stated.kind,
            settle_slot_s=stated.settle_slot_s,
            netting=stated.netting,
            name=stated.name,
        )
        new_members = _load_members(connection, community, document.members, tell)
        device_ids, new_devices = _load_devices(connection, vault, community, document.devices, tell)
        _load_flows(connection, document, device_ids)
    return Loaded(community.slug, len(document.members), len(device_ids), len(document.flows), new_members, new_devices)


def _load_members(
    connection: Connection, community: CommunityRow, members: Sequence[MemberEntry], tell: Progress
) -> int:
    communities, zone = Communities(connection), load_zone(community.tz)
    known = communities.known([one.member_id for one in members])
    intervals: dict[str, list[MemberIntervalRow]] = defaultdict(list)
    for interval in communities.intervals(community.community_id):
        intervals[interval.member_id].append(interval)
    for number, member in enumerate(members, 1):
        _check_member(member, known.get(member.member_id), community)
        if member.member_id not in known:
            communities.add_member(
                community.community_id,
                kind=MemberKind(member.kind),
                wallet=member.wallet,
                member_id=member.member_id,
            )
        if (member.people, member.area_dm2) != (None, None):
            set_household(connection, member.member_id, member.people, member.area_dm2)
        _set_membership(communities, member, intervals[member.member_id], zone)
        if number % _STEP == 0:
            tell(f"{number} of {len(members)} members")
    return len(members) - len(known)


def _check_member(member: MemberEntry, found: MemberRow | None, community: CommunityRow) -> None:
    if member.kind not in list(MemberKind):
        raise InputError(
            "member_kind", f"member {member.member_id[:8]}…: kind {member.kind!r} is not one of {', '.join(MemberKind)}"
        )
    if found is None:
        return
    stated = (community.community_id, member.wallet, member.kind)
    if stated != (found.community_id, found.wallet, found.kind):
        raise Conflict(
            "registry_differs",
            f"member {member.member_id[:8]}… is registered with another community, wallet or kind: "
            "change it there, or give the file a new pseudonym",
        )


def _set_membership(
    communities: Communities, member: MemberEntry, stored: Sequence[MemberIntervalRow], zone: ZoneInfo
) -> None:
    from_slot, to_slot = _slot(member.since, zone), None if member.until is None else _slot(member.until, zone)
    same = next((one for one in stored if one.from_slot == from_slot), None)
    if same is not None and same.to_slot == to_slot:
        return
    if same is not None and same.to_slot is not None:
        raise Conflict(
            "registry_differs",
            f"the membership of {member.member_id[:8]}… from {member.since} on ended already, "
            "and the file states another end",
        )
    communities.set_interval(member.member_id, from_slot, to_slot)


def _load_devices(
    connection: Connection, vault: Vault, community: CommunityRow, entries: Sequence[DeviceEntry], tell: Progress
) -> tuple[dict[str, int], int]:
    devices, zone = Devices(connection, vault), load_zone(community.tz)
    positions = Positions(connection, vault)
    known = devices.find([one.name for one in entries])
    ids = {name: row.device_id for name, row in known.items()}
    holders: dict[int, list[HolderRow]] = defaultdict(list)
    for row in devices.holders(community.community_id):
        holders[row.device_id].append(row)
    uses = codes_of(connection, "use_type")
    contracts = {(row.device_id, row.from_slot): row for row in _contracts(devices, sorted(ids.values()))}
    for number, entry in enumerate(entries, 1):
        if entry.name not in ids:
            ids[entry.name] = devices.get_or_create(entry.name, kind=entry.kind).device_id
        if entry.use_type is not None:
            set_use_type(connection, ids[entry.name], _known_use(entry.use_type, uses))
        if entry.geo is not None:
            positions.set(ids[entry.name], Position.parse(entry.geo))
        channels = [devices.add_channel(ids[entry.name], direction, step_s) for direction, step_s in entry.channels]
        _set_registers(connection, entry, channels)
        _set_holder(devices, entry, ids[entry.name], holders[ids[entry.name]], zone)
        _set_contract(devices, entry, ids[entry.name], contracts, zone)
        if number % _STEP == 0:
            tell(f"{number} of {len(entries)} devices")
    return ids, len(entries) - len(known)


def _known_use(use_type: str, known: frozenset[str]) -> str:
    if use_type not in known:
        raise InputError("use_type", f"use_type {use_type!r} is not one of {', '.join(sorted(known))}")
    return use_type


def _set_registers(connection: Connection, entry: DeviceEntry, channels: Sequence[ChannelRow]) -> None:
    """Digits for all channels; a meter change for the channels of its direction."""
    if entry.digits is not None:
        for channel in channels:
            set_digits(connection, channel.channel_id, entry.digits)
    for direction, at, old_final_wh, new_initial_wh in entry.meter_changes:
        for channel in (one for one in channels if one.direction is direction):
            at_ms = int(at.timestamp()) * 1000
            add_meter_change(connection, ChangeRow(channel.channel_id, at_ms, old_final_wh, new_initial_wh))


def _contracts(devices: Devices, device_ids: list[int]) -> list[ContractRow]:
    chunks = (device_ids[first : first + _STEP] for first in range(0, len(device_ids), _STEP))
    return [row for chunk in chunks for row in devices.contracts(chunk)]


def _set_holder(
    devices: Devices, entry: DeviceEntry, device_id: int, stored: Sequence[HolderRow], zone: ZoneInfo
) -> None:
    from_slot = _slot(entry.since, zone)
    if not any((row.member_id, row.from_slot) == (entry.holder, from_slot) for row in stored):
        devices.set_holder(device_id, entry.holder, from_slot)


def _set_contract(
    devices: Devices,
    entry: DeviceEntry,
    device_id: int,
    stored: dict[tuple[int, int], ContractRow],
    zone: ZoneInfo,
) -> None:
    powers = (entry.contract_w, entry.available_w, entry.plant_peak_w)
    from_slot = _slot(entry.since, zone)
    found = stored.get((device_id, from_slot))
    if found is None:
        if powers != (None, None, None):
            devices.set_contract(ContractRow(device_id, from_slot, None, *powers))
        return
    if powers != (found.contract_w, found.available_w, found.plant_peak_w):
        raise Conflict(
            "registry_differs",
            f"device {device_id} has a contract from {entry.since} on with other powers: state the change from its own "
            "day on",
        )


def _load_flows(connection: Connection, document: RegistryDocument, device_ids: dict[str, int]) -> None:
    flows = Flows(connection)
    for entry in document.flows:
        flow = flows.get_or_create(entry.name, entry.config, supplier=entry.supplier)
        flows.add_devices(flow.flow_id, [device_ids[one.name] for one in document.devices if entry.name in one.flows])


def _slot(day: date, zone: ZoneInfo) -> int:
    return midnight_s(day, zone) // SLOT_S
