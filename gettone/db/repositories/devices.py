"""Devices with their channels, holders and contracts; outside ids are sealed and found by HMAC."""

import re
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from gettone.db.id_lists import among, among_digests
from gettone.db.intervals import refuse_overlap
from gettone.db.repositories.keys import DEVICES, LOOKUP, Keys
from gettone.db.tables import Channel, Device, DeviceContract, DeviceMember, MeterChange, UserCommunity
from gettone.errors import InputError
from gettone.types import Direction
from gettone.vault import Vault, lookup_pid, seal, unseal

# A POD has 14 characters; a fifteenth only marks the kind of meter and must not make another device (§2).
_POD = re.compile(r"[A-Z]{2}\d{3}E\d{8}[0-9A-Z]?")
STEPS_S = (900, 1800, 3600)
_DIGITS = 9
_DIRECTIONS = {int(one): one for one in Direction}
TWO_WAY = (Direction.EXCHANGE, Direction.STORAGE)


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device; `external_id` is its name or POD in clear: personal data, not for logs."""

    device_id: int
    external_id: str
    active_at: int | None


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One direction of a device at one step [s]; `digits` of its register in whole kWh, None if unknown."""

    channel_id: int
    device_id: int
    direction: Direction
    step_s: int
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A member holds a device over [from_slot, to_slot) in slots of 900 s; None is open."""

    device_id: int
    member_id: str
    from_slot: int
    to_slot: int | None


@dataclass(frozen=True, slots=True)
class ContractRow:
    """Powers [W] of a device over [from_slot, to_slot); None is unknown."""

    device_id: int
    from_slot: int
    to_slot: int | None
    contract_w: int | None
    available_w: int | None
    plant_peak_w: int | None


class Devices:
    """Reads and writes `devices`, `channels`, `device_members` and `device_contracts`."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._keys = Keys(connection, vault)

    @cached_property
    def _lookup_key(self) -> bytes:
        return self._keys.platform_key(LOOKUP)

    @cached_property
    def _text_key(self) -> bytes:
        return self._keys.platform_key(DEVICES)

    def get_or_create(self, external_id: str, *, kind: str = "meter", active_at: int | None = None) -> DeviceRow:
        """The device of an outside id (a POD or any name), made if it is new; `active_at` in unix ms."""
        found = self.find([external_id]).get(external_id)
        if found is not None:
            return found
        pid = self.pid(external_id)
        self._connection.execute(
            insert(Device).values(
                external_id=seal(self._text_key, external_id.encode(), ("device", pid.hex())),
                external_pid=pid,
                identification="pod" if _POD.fullmatch(external_id) else "name",
                type=kind,
                status="active",
                active_at=active_at,
            )
        )
        return self.find([external_id])[external_id]

    def find(self, external_ids: list[str]) -> dict[str, DeviceRow]:
        """The registered ones among these outside ids."""
        # A POD may come with 14 characters and with 15: both name the same device.
        by_pid: dict[bytes, list[str]] = {}
        for name in external_ids:
            by_pid.setdefault(self.pid(name), []).append(name)
        query = select(Device.device_id, Device.external_pid, Device.active_at)
        chosen = among_digests(self._connection, Device.external_pid, by_pid)
        rows = self._connection.execute(query.where(chosen)).all()
        return {name: DeviceRow(row[0], name, row[2]) for row in rows for name in by_pid[bytes(row[1])]}

    def find_numbers(self, numbers: list[str]) -> dict[str, DeviceRow]:
        """The registered ones among these numbers of ours, written as text; `external_id` is the number then."""
        ids = sorted({int(one) for one in numbers if one.isascii() and one.isdecimal() and len(one) <= _DIGITS})
        chosen = among(self._connection, Device.device_id, ids)
        rows = self._connection.execute(select(Device.device_id, Device.active_at).where(chosen))
        return {str(row[0]): DeviceRow(row[0], str(row[0]), row[1]) for row in rows}

    def of_community(self, community_id: int) -> dict[int, DeviceRow]:
        """All devices that members of a community ever held, by device id, outside ids in clear."""
        held = (
            select(DeviceMember.device_id)
            .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
            .where(UserCommunity.community_id == community_id)
        )
        query = select(Device.device_id, Device.external_id, Device.external_pid, Device.active_at)
        rows = self._connection.execute(query.where(Device.device_id.in_(held)).order_by(Device.device_id))
        return {row[0]: DeviceRow(row[0], self._clear(row[1], row[2]), row[3]) for row in rows}

    def pid(self, external_id: str) -> bytes:
        """HMAC-SHA256(K_lookup, id); of a POD only the first 14 characters count."""
        return lookup_pid(self._lookup_key, external_id[:14] if _POD.fullmatch(external_id) else external_id)

    def add_channel(self, device_id: int, direction: Direction, step_s: int) -> ChannelRow:
        """The channel of a device, made if it is new; `step_s` 900, 1800 or 3600 [s]."""
        if step_s not in STEPS_S:
            raise InputError("channel_step", f"a channel cannot have a step of {step_s} s: use 900, 1800 or 3600")
        key = (Channel.device_id == device_id, Channel.direction == int(direction), Channel.step_s == step_s)
        if self._connection.execute(select(Channel.channel_id).where(*key)).first() is None:
            self._connection.execute(
                insert(Channel).values(
                    device_id=device_id,
                    direction=int(direction),
                    step_s=step_s,
                    kind="interval",
                    one_way=direction not in TWO_WAY,
                )
            )
        channel_id = self._connection.execute(select(Channel.channel_id).where(*key)).scalar_one()
        return ChannelRow(channel_id, device_id, direction, step_s)

    def channels(self, device_ids: list[int]) -> tuple[ChannelRow, ...]:
        """The channels of these devices, by id."""
        query = select(Channel.channel_id, Channel.device_id, Channel.direction, Channel.step_s, Channel.digits)
        rows = self._connection.execute(
            query.where(among(self._connection, Channel.device_id, device_ids)).order_by(Channel.channel_id)
        )
        return tuple(
            ChannelRow(channel_id, device_id, _DIRECTIONS[direction], step_s, digits)
            for channel_id, device_id, direction, step_s, digits in rows.all()
        )

    def meter_changes(self, channel_ids: list[int]) -> dict[int, tuple[tuple[int, int, int], ...]]:
        """Exchanged meters by channel: (instant [unix ms], last register, first register [Wh]), ascending."""
        query = select(MeterChange.channel_id, MeterChange.at, MeterChange.old_final_wh, MeterChange.new_initial_wh)
        found: dict[int, tuple[tuple[int, int, int], ...]] = {}
        chosen = among(self._connection, MeterChange.channel_id, channel_ids)
        for row in self._connection.execute(query.where(chosen).order_by(MeterChange.at)):
            found[row[0]] = (*found.get(row[0], ()), (row[1], row[2], row[3]))
        return found

    def set_holder(self, device_id: int, member_id: str, from_slot: int, to_slot: int | None = None) -> None:
        """State who holds a device from `from_slot` on; repeating it may only change the end.

        Conflict when somebody holds it already: one community and one member at a time.
        """
        held = self._holders(DeviceMember.device_id == device_id)
        refuse_overlap(
            f"holding of device {device_id}",
            (from_slot, to_slot),
            [(row.from_slot, row.to_slot) for row in held if row.from_slot != from_slot or row.member_id != member_id],
        )
        key = (DeviceMember.device_id == device_id, DeviceMember.valid_from == from_slot)
        changed = self._connection.execute(update(DeviceMember).where(*key).values(valid_to=to_slot))
        if changed.rowcount == 0:
            values = {
                "device_id": device_id,
                "member_id": member_id,
                "valid_from": from_slot,
                "valid_to": to_slot,
            }
            self._connection.execute(insert(DeviceMember).values(**values))

    def holders(self, community_id: int) -> tuple[HolderRow, ...]:
        """Who held which device of a community, by device and start."""
        members = select(UserCommunity.member_id).where(UserCommunity.community_id == community_id)
        return self._holders(DeviceMember.member_id.in_(members))

    def set_contract(self, row: ContractRow) -> None:
        """State the powers of a device from `row.from_slot` on; repeating it replaces that statement."""
        others = [
            (one.from_slot, one.to_slot) for one in self.contracts([row.device_id]) if one.from_slot != row.from_slot
        ]
        refuse_overlap(f"contract of device {row.device_id}", (row.from_slot, row.to_slot), others)
        key = (DeviceContract.device_id == row.device_id, DeviceContract.valid_from == row.from_slot)
        values = {
            "valid_to": row.to_slot,
            "contract_w": row.contract_w,
            "available_w": row.available_w,
            "plant_peak_w": row.plant_peak_w,
        }
        if self._connection.execute(update(DeviceContract).where(*key).values(**values)).rowcount == 0:
            self._connection.execute(
                insert(DeviceContract).values(device_id=row.device_id, valid_from=row.from_slot, **values)
            )

    def contracts(self, device_ids: list[int]) -> tuple[ContractRow, ...]:
        """The contracts of these devices, by device and start."""
        query = (
            select(
                DeviceContract.device_id,
                DeviceContract.valid_from,
                DeviceContract.valid_to,
                DeviceContract.contract_w,
                DeviceContract.available_w,
                DeviceContract.plant_peak_w,
            )
            .where(among(self._connection, DeviceContract.device_id, device_ids))
            .order_by(DeviceContract.device_id, DeviceContract.valid_from)
        )
        return tuple(ContractRow(*row) for row in self._connection.execute(query))

    def _holders(self, condition: ColumnElement[bool]) -> tuple[HolderRow, ...]:
        query = select(
            DeviceMember.device_id, DeviceMember.member_id, DeviceMember.valid_from, DeviceMember.valid_to
        ).where(condition)
        rows = self._connection.execute(query.order_by(DeviceMember.device_id, DeviceMember.valid_from))
        return tuple(HolderRow(*row) for row in rows)

    def _clear(self, sealed: bytes, pid: bytes) -> str:
        return unseal(self._text_key, bytes(sealed), ("device", bytes(pid).hex())).decode()


def count_channels(connection: Connection) -> int:
    """How many channels are registered."""
    return connection.execute(select(func.count()).select_from(Channel)).scalar_one()
