"""The devices of one community with all that is registered of them, as its admins and their holders see it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, delete, insert, or_, select, update

from gettone.db.columns import SLOT_S
from gettone.db.repositories.device_names import external_ids
from gettone.db.repositories.devices import ChannelRow, ContractRow, Devices, HolderRow
from gettone.db.repositories.registers import ChangeRow
from gettone.db.tables import (
    Channel,
    Device,
    DeviceContract,
    DeviceKey,
    DeviceMember,
    Flow,
    FlowDevice,
    MeterChange,
    UserCommunity,
)
from gettone.vault import Vault

ACTIVE, RETIRED = "active", "retired"
SLOT_MS = SLOT_S * 1000


class StoredKey(NamedTuple):
    """A key of a device without anything that opens a door; instants in unix ms."""

    key_id: int
    device_id: int
    is_certificate: bool
    valid_from: int
    valid_to: int


class Holding(NamedTuple):
    """A member of a community holds a device over [from_slot, to_slot) in slots of 900 s; None is open."""

    community_id: int
    member_id: str
    from_slot: int
    to_slot: int | None


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """All that is registered of a device while members of one community held it; `external_id` is its POD in clear."""

    device_id: int
    external_id: str
    type: str
    status: str
    use_type: str | None
    active_at: int | None
    channels: tuple[ChannelRow, ...]
    holders: tuple[HolderRow, ...]
    contracts: tuple[ContractRow, ...]
    changes: tuple[ChangeRow, ...]
    flows: tuple[str, ...]
    keys: tuple[StoredKey, ...]


class DeviceRegistry:
    """Reads and writes what is registered of the devices that members of one community hold or held."""

    def __init__(self, connection: Connection, vault: Vault, community_id: int) -> None:
        self._connection, self._vault, self._community_id = connection, vault, community_id

    def page(self, after: int | None, limit: int, member_id: str | None = None) -> list[DeviceFacts]:
        """Devices by number behind `after`; only what one member held, if one is named."""
        held = self._held(member_id)
        query = select(Device.device_id).where(Device.device_id.in_(held), Device.device_id > (after or 0))
        ids = list(self._connection.execute(query.order_by(Device.device_id).limit(limit)).scalars())
        return self._facts(ids, member_id)

    def find(self, device_id: int, member_id: str | None = None) -> DeviceFacts | None:
        """A device that a member held, or the one that is named; None for any other."""
        query = select(Device.device_id).where(Device.device_id == device_id)
        if self._connection.execute(query.where(Device.device_id.in_(self._held(member_id)))).first() is None:
            return None
        return self._facts([device_id], member_id)[0]

    def holdings(self, device_ids: Sequence[int]) -> dict[int, list[Holding]]:
        """Who holds or held devices in any community, by start."""
        query = (
            select(
                DeviceMember.device_id,
                UserCommunity.community_id,
                DeviceMember.member_id,
                DeviceMember.valid_from,
                DeviceMember.valid_to,
            )
            .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
            .where(DeviceMember.device_id.in_(device_ids))
            .order_by(DeviceMember.device_id, DeviceMember.valid_from)
        )
        found: dict[int, list[Holding]] = defaultdict(list)
        for row in self._connection.execute(query):
            found[row[0]].append(Holding(*row[1:]))
        return found

    def set_status(self, device_ids: Iterable[int], status: str) -> None:
        """State the status of devices: a code of the domain `device_status`."""
        chosen = Device.device_id.in_(list(device_ids))
        self._connection.execute(update(Device).where(chosen).values(status=status))

    def set_flows(self, device_id: int, flow_ids: Iterable[int], of_flows: Iterable[int]) -> None:
        """Let `flow_ids` speak for a device, and no other one among `of_flows`."""
        wanted = set(flow_ids)
        mine = FlowDevice.device_id == device_id
        known = set(self._connection.execute(select(FlowDevice.flow_id).where(mine)).scalars())
        ended = (set(of_flows) & known) - wanted
        self._connection.execute(delete(FlowDevice).where(mine, FlowDevice.flow_id.in_(ended)))
        for flow_id in sorted(wanted - known):
            self._connection.execute(insert(FlowDevice).values(flow_id=flow_id, device_id=device_id))

    def end_holding(self, device_id: int, slot: int) -> None:
        """Nobody of the community holds a device from `slot` on; what was to begin later is taken back."""
        mine = (DeviceMember.device_id == device_id, DeviceMember.member_id.in_(self._members()))
        self._connection.execute(delete(DeviceMember).where(*mine, DeviceMember.valid_from >= slot))
        running = or_(DeviceMember.valid_to.is_(None), DeviceMember.valid_to > slot)
        self._connection.execute(update(DeviceMember).where(*mine, running).values(valid_to=slot))

    def end_contract(self, device_id: int, slot: int) -> None:
        """The powers that are in force before `slot` end there."""
        running = or_(DeviceContract.valid_to.is_(None), DeviceContract.valid_to > slot)
        mine = (DeviceContract.device_id == device_id, DeviceContract.valid_from < slot, running)
        self._connection.execute(update(DeviceContract).where(*mine).values(valid_to=slot))

    def keys(self, device_ids: Sequence[int]) -> list[StoredKey]:
        """All keys of devices, by number."""
        query = select(
            DeviceKey.key_id,
            DeviceKey.device_id,
            DeviceKey.mqtt_hash.is_(None),
            DeviceKey.valid_from,
            DeviceKey.valid_to,
        )
        rows = self._connection.execute(query.where(DeviceKey.device_id.in_(device_ids)).order_by(DeviceKey.key_id))
        return [StoredKey(row[0], row[1], bool(row[2]), row[3], row[4]) for row in rows]

    def _members(self) -> Select[str]:
        return select(UserCommunity.member_id).where(UserCommunity.community_id == self._community_id)

    def _held(self, member_id: str | None) -> Select[int]:
        held = select(DeviceMember.device_id).where(DeviceMember.member_id.in_(self._members()))
        return held if member_id is None else held.where(DeviceMember.member_id == member_id)

    def _facts(self, ids: list[int], member_id: str | None) -> list[DeviceFacts]:
        heads = self._connection.execute(
            select(Device.device_id, Device.type, Device.status, Device.use_type, Device.active_at)
            .where(Device.device_id.in_(ids))
            .order_by(Device.device_id)
        ).all()
        devices, names = Devices(self._connection, self._vault), external_ids(self._connection, self._vault, ids)
        held = {number: self._own(rows, member_id) for number, rows in self.holdings(ids).items()}
        channels, contracts = _by_device(devices.channels(ids)), _by_device(devices.contracts(ids))
        changes, flows, keys = self._changes(ids), self._flows(ids), _by_device(self.keys(ids))
        return [
            DeviceFacts(
                number,
                names[number],
                kind,
                status,
                use_type,
                active_at,
                channels[number],
                tuple(HolderRow(number, *one[1:]) for one in held[number]),
                tuple(one for one in contracts[number] if _touches(held[number], one.from_slot, one.to_slot)),
                tuple(one for one in changes[number] if _touches(held[number], *_slot_of(one))),
                flows[number],
                keys[number],
            )
            for number, kind, status, use_type, active_at in heads
        ]

    def _own(self, rows: list[Holding], member_id: str | None) -> list[Holding]:
        mine = (one for one in rows if one.community_id == self._community_id)
        return [one for one in mine if member_id in (None, one.member_id)]

    def _changes(self, ids: list[int]) -> dict[int, list[ChangeRow]]:
        query = (
            select(
                Channel.device_id,
                MeterChange.channel_id,
                MeterChange.at,
                MeterChange.old_final_wh,
                MeterChange.new_initial_wh,
            )
            .join(Channel, Channel.channel_id == MeterChange.channel_id)
            .where(Channel.device_id.in_(ids))
            .order_by(MeterChange.channel_id, MeterChange.at)
        )
        found: dict[int, list[ChangeRow]] = defaultdict(list)
        for row in self._connection.execute(query):
            found[row[0]].append(ChangeRow(*row[1:]))
        return found

    def _flows(self, ids: list[int]) -> dict[int, tuple[str, ...]]:
        query = select(FlowDevice.device_id, Flow.name).join(Flow, Flow.flow_id == FlowDevice.flow_id)
        found: dict[int, tuple[str, ...]] = defaultdict(tuple)
        for number, name in self._connection.execute(query.where(FlowDevice.device_id.in_(ids)).order_by(Flow.name)):
            found[number] = (*found[number], name)
        return found


def _by_device(rows: Iterable[Any]) -> dict[int, tuple[Any, ...]]:
    found: dict[int, tuple[Any, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.device_id] = (*found[row.device_id], row)
    return found


def _touches(held: list[Holding], first: int, end: int | None) -> bool:
    """Whether the slots [first, end) touch a holding."""
    return any((one.to_slot is None or first < one.to_slot) and (end is None or one.from_slot < end) for one in held)


def _slot_of(change: ChangeRow) -> tuple[int, int]:
    slot = change.at_ms // SLOT_MS
    return slot, slot + 1
