"""Every row of a member: which devices and slots are theirs, which batches hold them, and how they are deleted."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, false, func, or_, select

from gettone.db.columns import SLOT_S, Base
from gettone.db.repositories.member_series import MemberFigures
from gettone.db.tables import (
    Channel,
    DeviceMember,
)
from gettone.periods import local_date

_OPEN_SLOT = 2**31 - 1
_EPOCH_DAY = 719_163
# Lines of settlements stay as hashes, and what an erasure itself writes ends on its own terms.
_KEPT = ("settlements", "settlement_members", "erasures", "settlement_series")


class HeldRange(NamedTuple):
    """A device in a member's hands over the slots [from_slot, to_slot)."""

    device_id: int
    from_slot: int
    to_slot: int


@dataclass(frozen=True, slots=True)
class MemberScope:
    """What is a member's: devices nobody else ever held, and those of others for the time they were held.

    `timezone` names the local days of the coverage.
    """

    member_id: str
    timezone: str
    own_devices: tuple[int, ...]
    own_channels: tuple[int, ...]
    shared: tuple[HeldRange, ...]
    shared_channels: dict[int, tuple[int, ...]]

    @property
    def device_ids(self) -> tuple[int, ...]:
        """All devices the member ever held."""
        return tuple(sorted({*self.own_devices, *(one.device_id for one in self.shared)}))


class MemberRows:
    """Finds and deletes the rows of a member in every table that is keyed by channel, device or pseudonym.

    The tables are those of the schema: one that is added later is covered as soon as it names such a column.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def scope(self, member_id: str, timezone: str) -> MemberScope:
        """What belongs to a member."""
        held = self._holders(DeviceMember.member_id == member_id)
        ids = [one.device_id for one in held]
        others = {
            one.device_id
            for one in self._holders(and_(DeviceMember.device_id.in_(ids), DeviceMember.member_id != member_id))
        }
        own = sorted(set(ids) - others)
        shared = tuple(one for one in held if one.device_id in others)
        channels = self._channels(ids)
        return MemberScope(
            member_id,
            timezone,
            tuple(own),
            tuple(channel for device in own for channel in channels.get(device, ())),
            shared,
            {device: channels.get(device, ()) for device in others},
        )

    def batch_ids(self, scope: MemberScope) -> tuple[int, ...]:
        """Batches named by any row of the member."""
        found: set[int] = set()
        for table in _tables():
            if "batch_id" in table.c and "channel_id" in table.c and (mine := _mine(table, scope)) is not None:
                query = select(table.c.batch_id).where(mine).distinct()
                found |= {one for one in self._connection.execute(query).scalars() if one is not None}
        return tuple(sorted(found))

    def delete(self, scope: MemberScope) -> dict[str, int]:
        """Delete all of them, from the leaves of the schema up; how many rows of which table."""
        deleted = {}
        figures = MemberFigures(self._connection, scope.member_id, scope.own_devices)
        own = figures.own()
        figures.prune_results(own)
        for table in reversed(_tables()):
            parts = [table.c[one.name].in_(getattr(own, one.name)) for one in fields(own) if one.name in table.c]
            mine = _mine(table, scope)
            if mine is not None:
                parts.append(mine)
            count = self._connection.execute(delete(table).where(or_(*parts))).rowcount if parts else 0
            if count:
                deleted[table.name] = count
        return deleted

    def _holders(self, condition: ColumnElement[bool]) -> list[HeldRange]:
        query = select(DeviceMember.device_id, DeviceMember.valid_from, DeviceMember.valid_to).where(condition)
        rows = self._connection.execute(query.order_by(DeviceMember.device_id, DeviceMember.valid_from))
        return [HeldRange(row[0], row[1], _OPEN_SLOT if row[2] is None else row[2]) for row in rows]

    def _channels(self, device_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
        query = select(Channel.device_id, Channel.channel_id).where(Channel.device_id.in_(list(device_ids)))
        found: dict[int, list[int]] = {}
        for device_id, channel_id in self._connection.execute(query.order_by(Channel.channel_id)):
            found.setdefault(device_id, []).append(channel_id)
        return {device_id: tuple(ids) for device_id, ids in found.items()}


def member_tables() -> tuple[str, ...]:
    """Names of the tables from which an erasure takes rows, or words in a document."""
    return tuple(table.name for table in Base.metadata.sorted_tables)


def _tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if table.name not in _KEPT]


def _mine(table: Table, scope: MemberScope) -> ColumnElement[bool] | None:
    """The rows of a table that are the member's, None for a table that holds none of anybody."""
    parts: list[ColumnElement[bool]] = []
    if "member_id" in table.c:
        parts.append(table.c.member_id == scope.member_id)
    if "device_id" in table.c and table.name != "device_members":
        parts.append(table.c.device_id.in_(scope.own_devices))
        parts += [_of_device_in_range(table, one) for one in scope.shared]
    if "channel_id" in table.c and table.name != "channels":
        parts.append(table.c.channel_id.in_(scope.own_channels))
        parts += [_in_range(table, one, scope) for one in scope.shared]
    return or_(*parts) if parts else None


def _in_range(table: Table, held: HeldRange, scope: MemberScope) -> ColumnElement[bool]:
    """Rows about a device of several holders, for the time this member held it."""
    channel: ColumnElement[bool] = table.c.channel_id.in_(scope.shared_channels[held.device_id])
    for name, first, end in _time_columns(held, scope.timezone):
        if name in table.c:
            return and_(channel, table.c[name] >= first, table.c[name] < end)
    return and_(channel, table.c.channel_id.is_(None))


def _of_device_in_range(table: Table, held: HeldRange) -> ColumnElement[bool]:
    """Curves and contracts of a device of several holders that lie in the time this member held it.

    A curve without a start may be of that time, and goes.
    """
    device = table.c.device_id == held.device_id
    if "from_slot" in table.c:
        start = table.c.from_slot
        return and_(device, or_(start.is_(None), and_(start >= held.from_slot, start < held.to_slot)))
    if table.name == "device_contracts":
        ends = func.coalesce(table.c.valid_to, _OPEN_SLOT)
        return and_(device, table.c.valid_from >= held.from_slot, ends <= held.to_slot)
    return false()


def _time_columns(held: HeldRange, timezone: str) -> tuple[tuple[str, int, int], ...]:
    """How tables tell time, with the bounds of a holding; a day that was shared goes with the member."""
    first_s, end_s = held.from_slot * SLOT_S, held.to_slot * SLOT_S
    last_day = 2**31 - 1 if held.to_slot == _OPEN_SLOT else _day(end_s - 1, timezone) + 1
    return (
        ("slot", held.from_slot, held.to_slot),
        ("first_slot", held.from_slot, held.to_slot),
        ("from_slot", held.from_slot, held.to_slot),
        ("local_day", _day(first_s, timezone), last_day),
        ("at_s", first_s, end_s),
        ("at", first_s * 1000, end_s * 1000),
    )


def _day(instant_s: int, timezone: str) -> int:
    return local_date(instant_s, timezone).toordinal() - _EPOCH_DAY
