"""Who held which register in a period: the bridge from the tables to the reward rules and the notary."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gettone.db.columns import SLOT_S
from gettone.db.repositories.communities import MemberIntervalRow
from gettone.db.repositories.devices import ChannelRow, ContractRow, DeviceRow, HolderRow
from gettone.rewards.inputs import Membership
from gettone.rewards.model import Model
from gettone.types import Direction

GRID_DIRECTIONS = (Direction.EXCHANGE, Direction.WITHDRAWAL, Direction.INJECTION)
PHYSICAL_DIRECTIONS = (Direction.PRODUCTION, Direction.LOAD)

Range = tuple[int | None, int | None]
"""Half-open range [from, to) in unix seconds; None is open."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One device in a member's hands, under one contract, for [from_s, to_s); channels in order of id."""

    member_id: str
    device_id: int
    pod: str
    from_s: int | None
    to_s: int | None
    contract_power_w: int
    channels: tuple[ChannelRow, ...]

    def memberships(self) -> tuple[Membership, ...]:
        """One entry per register for the reward rules; the first one carries the contract power."""
        return tuple(
            Membership(
                self.member_id,
                register_name(channel),
                self.from_s,
                self.to_s,
                self.contract_power_w if position == 0 else 0,
                self.pod,
            )
            for position, channel in enumerate(self.channels)
        )


@dataclass(frozen=True, slots=True)
class HoldingTables:
    """The rows of a community that say who held what, and under which contract."""

    intervals: tuple[MemberIntervalRow, ...]
    holders: tuple[HolderRow, ...]
    contracts: tuple[ContractRow, ...]
    devices: Mapping[int, DeviceRow]
    channels: tuple[ChannelRow, ...]


def register_name(channel: ChannelRow) -> str:
    """Name of a channel among the devices of the reward rules; it never leaves the calculation."""
    return str(channel.channel_id)


def directions_of(model: Model) -> tuple[Direction, ...]:
    """The directions a model reads: points of delivery, or load and production behind them."""
    return PHYSICAL_DIRECTIONS if model.sharing.basis == "physical" else GRID_DIRECTIONS


def holdings_in(
    tables: HoldingTables, directions: Iterable[Direction], start_s: int, end_s: int
) -> tuple[Holding, ...]:
    """The holdings that touch [start_s, end_s), by member, device and start.

    A holding is the intersection of a membership, a holder interval and a contract; where no contract is
    known its power is 0.  Devices without a channel in `directions` are left out.
    """
    wanted = frozenset(directions)
    channels: dict[int, list[ChannelRow]] = {}
    for channel in tables.channels:
        if channel.direction in wanted:
            channels.setdefault(channel.device_id, []).append(channel)
    holdings = [
        Holding(
            holder.member_id,
            holder.device_id,
            tables.devices[holder.device_id].external_id,
            *bounds,
            power_w,
            tuple(channels[holder.device_id]),
        )
        for holder in tables.holders
        if holder.device_id in channels
        for held in _memberships_of(holder, tables.intervals)
        for bounds, power_w in _contract_parts(held, holder.device_id, tables.contracts)
        if touches(bounds, start_s, end_s)
    ]
    return tuple(sorted(holdings, key=lambda one: (one.member_id, one.device_id, one.from_s or 0)))


def touches(bounds: Range, start_s: int, end_s: int) -> bool:
    """Whether a range and [start_s, end_s) have an instant in common."""
    return (bounds[0] is None or bounds[0] < end_s) and (bounds[1] is None or bounds[1] > start_s)


def holds_slot(bounds: Range, start_s: int, end_s: int) -> bool:
    """Whether the whole slot [start_s, end_s) lies inside a range."""
    return (bounds[0] is None or bounds[0] <= start_s) and (bounds[1] is None or end_s <= bounds[1])


def instants(from_slot: int | None, to_slot: int | None) -> Range:
    """A range of slots in unix seconds; slot 0 means from the beginning and reads as open."""
    return (from_slot * SLOT_S if from_slot else None, None if to_slot is None else to_slot * SLOT_S)


def _memberships_of(holder: HolderRow, intervals: Iterable[MemberIntervalRow]) -> list[Range]:
    held = instants(holder.from_slot, holder.to_slot)
    own = (instants(one.from_slot, one.to_slot) for one in intervals if one.member_id == holder.member_id)
    return [both for one in own if (both := _intersection(held, one)) is not None]


def _contract_parts(held: Range, device_id: int, contracts: Iterable[ContractRow]) -> list[tuple[Range, int]]:
    """Cut a range at the changes of contract; parts before, between and after contracts have power 0."""
    parts: list[tuple[Range, int]] = []
    rest: Range | None = held
    for contract in sorted((one for one in contracts if one.device_id == device_id), key=lambda one: one.from_slot):
        valid = instants(contract.from_slot, contract.to_slot)
        if rest is None or (covered := _intersection(rest, valid)) is None:
            continue
        if covered[0] != rest[0]:
            parts.append(((rest[0], covered[0]), 0))
        parts.append((covered, contract.contract_w or 0))
        rest = None if covered[1] == rest[1] else (covered[1], rest[1])
    return [*parts, (rest, 0)] if rest is not None else parts


def _intersection(one: Range, other: Range) -> Range | None:
    starts = [start for start in (one[0], other[0]) if start is not None]
    ends = [end for end in (one[1], other[1]) if end is not None]
    start, end = max(starts, default=None), min(ends, default=None)
    return None if start is not None and end is not None and start >= end else (start, end)
