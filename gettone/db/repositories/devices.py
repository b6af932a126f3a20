"""Devices with their channels, holders and contracts; outside ids are sealed and found by HMAC."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from sqlalchemy import ColumnElement, Connection, func, select

from gettone.db.bulk import insert_rows
from gettone.db.columns import Base
from gettone.db.id_lists import among, among_digests
from gettone.db.intervals import Validity, state_intervals
from gettone.db.repositories.codes import require_codes
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
        self._pids: dict[str, bytes] = {}

    @cached_property
    def _lookup_key(self) -> bytes:
        return self._keys.platform_key(LOOKUP)

    @cached_property
    def _text_key(self) -> bytes:
        return self._keys.platform_key(DEVICES)

    def get_or_create(self, external_id: str, *, kind: str = "meter", active_at: int | None = None) -> DeviceRow:
        """The device of an outside id (a POD or any name), made if it is new; `active_at` in unix ms."""
        return self.register({external_id: kind}, active_at)[external_id]

    def register(self, kinds: Mapping[str, str], active_at: int | None = None) -> dict[str, DeviceRow]:
        """The devices of outside ids, those made that are new, of the kind stated for each, a `device_type`."""
        require_codes(self._connection, "device_type", kinds.values())
        names = list(kinds)
        known = self.find(names)
        # Two ways to write one POD name one device: the first counts.
        new = {self.pid(name): name for name in reversed(names) if name not in known}
        rows = [
            (
                seal(self._text_key, name.encode(), ("device", pid.hex())),
                pid,
                "pod" if _POD.fullmatch(name) else "name",
                kinds[name],
                "active",
                active_at,
            )
            for pid, name in reversed(new.items())
        ]
        insert_rows(self._connection, Device.__tablename__, _DEVICE_COLUMNS, rows)
        return self.find(names) if new else known

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
        if external_id not in self._pids:
            counted = external_id[:14] if _POD.fullmatch(external_id) else external_id
            self._pids[external_id] = lookup_pid(self._lookup_key, counted)
        return self._pids[external_id]

    def add_channel(self, device_id: int, direction: Direction, step_s: int) -> ChannelRow:
        """The channel of a device, made if it is new; `step_s` 900, 1800 or 3600 [s]."""
        return self.add_channels([(device_id, direction, step_s)])[0]

    def add_channels(self, wanted: Sequence[tuple[int, Direction, int]]) -> tuple[ChannelRow, ...]:
        """The channels of (device, direction, step [s]), those made that are new, in the order asked for."""
        wrong = next((step_s for _, _, step_s in wanted if step_s not in STEPS_S), None)
        if wrong is not None:
            raise InputError("channel_step", f"a channel cannot have a step of {wrong} s: use 900, 1800 or 3600")
        ids = sorted({device_id for device_id, _, _ in wanted})
        known = {(one.device_id, one.direction, one.step_s): one for one in self.channels(ids)}
        new = [one for one in dict.fromkeys(wanted) if one not in known]
        rows = [(one[0], int(one[1]), one[2], "interval", one[1] not in TWO_WAY) for one in new]
        insert_rows(self._connection, Channel.__tablename__, _CHANNEL_COLUMNS, rows)
        if new:
            known = {(one.device_id, one.direction, one.step_s): one for one in self.channels(ids)}
        return tuple(known[one] for one in wanted)

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
        """State who holds a device; as `set_holders`."""
        self.set_holders([HolderRow(device_id, member_id, from_slot, to_slot)])

    def set_holders(self, rows: Sequence[HolderRow]) -> None:
        """State who holds devices from `from_slot` on; repeating one may only change its end.

        Conflict when somebody holds it already: one community and one member at a time.
        """
        values = [(row.device_id, row.from_slot, row.to_slot, row.member_id) for row in rows]
        state_intervals(self._connection, _HOLDINGS, values)

    def holders(self, community_id: int) -> tuple[HolderRow, ...]:
        """Who held which device of a community, by device and start."""
        members = select(UserCommunity.member_id).where(UserCommunity.community_id == community_id)
        return self._holders(DeviceMember.member_id.in_(members))

    def set_contract(self, row: ContractRow) -> None:
        """State the powers of a device from `row.from_slot` on; repeating it replaces that statement."""
        self.set_contracts([row])

    def set_contracts(self, rows: Sequence[ContractRow]) -> None:
        """State the powers of devices; as `set_contract`."""
        state_intervals(self._connection, _CONTRACTS, list(map(_OF_CONTRACT, rows)))

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


_DEVICE_COLUMNS = ("external_id", "external_pid", "identification", "type", "status", "active_at")
_CHANNEL_COLUMNS = ("device_id", "direction", "step_s", "kind", "one_way")
_TABLES, _HELD_BY = Base.metadata.tables, ("member_id",)
_HOLDINGS = Validity(_TABLES[DeviceMember.__tablename__], "device_id", "holding of device {}", _HELD_BY, _HELD_BY)
_POWERS = ("contract_w", "available_w", "plant_peak_w")
_OF_CONTRACT = attrgetter("device_id", "from_slot", "to_slot", *_POWERS)
_CONTRACTS = Validity(_TABLES[DeviceContract.__tablename__], "device_id", "contract of device {}", _POWERS)


def count_channels(connection: Connection) -> int:
    """How many channels are registered."""
    return connection.execute(select(func.count()).select_from(Channel)).scalar_one()
