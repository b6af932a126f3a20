"""Channels with what the rules after a merge need of the registers: device, holders, contracts, flows, clock."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, select

from gettone.db.tables import (
    Channel,
    Community,
    DeviceContract,
    DeviceMember,
    FlowDevice,
    MemberInterval,
    UserCommunity,
)
from gettone.metering.registry import Contract
from gettone.types import Direction

CHANNELS_PER_QUERY = 900
OPEN_SLOT = 2**31 - 1


class Holding(NamedTuple):
    """A device in a member's hands, inside the membership, over [from_slot, to_slot)."""

    member_id: str
    community_id: int
    timezone: str
    from_slot: int
    to_slot: int


@dataclass(frozen=True, slots=True)
class MeteredChannel:
    """One channel; holdings and contracts by start."""

    channel_id: int
    device_id: int
    direction: Direction
    step_s: int
    holdings: tuple[Holding, ...]
    contracts: tuple[Contract, ...]

    @property
    def timezone(self) -> str:
        """Where its days are: in the community it belongs to, at last; UTC for one that nobody ever held."""
        return self.holdings[-1].timezone if self.holdings else "UTC"


class MeteredChannels:
    """Reads channels with everything that is registered about their devices."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, channel_ids: Iterable[int]) -> tuple[MeteredChannel, ...]:
        """These channels, by id."""
        wanted = sorted(set(channel_ids))
        found: list[MeteredChannel] = []
        for first in range(0, len(wanted), CHANNELS_PER_QUERY):
            found += self._part(wanted[first : first + CHANNELS_PER_QUERY])
        return tuple(found)

    def of_members(self, member_ids: Iterable[str]) -> tuple[int, ...]:
        """Ids of all channels of the devices that these members ever held."""
        query = (
            select(Channel.channel_id)
            .join(DeviceMember, DeviceMember.device_id == Channel.device_id)
            .where(DeviceMember.member_id.in_(sorted(set(member_ids))))
            .distinct()
        )
        return tuple(sorted(self._connection.execute(query).scalars()))

    def of_communities(self, community_ids: Iterable[int], directions: Sequence[Direction]) -> tuple[int, ...]:
        """Ids of the channels in these directions that members of these communities ever held."""
        query = (
            select(Channel.channel_id)
            .join(DeviceMember, DeviceMember.device_id == Channel.device_id)
            .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
            .where(UserCommunity.community_id.in_(sorted(set(community_ids))), Channel.direction.in_(directions))
            .distinct()
        )
        return tuple(sorted(self._connection.execute(query).scalars()))

    def held(self) -> tuple[int, ...]:
        """Ids of all channels that somebody holds or held."""
        query = select(Channel.channel_id).join(DeviceMember, DeviceMember.device_id == Channel.device_id).distinct()
        return tuple(sorted(self._connection.execute(query).scalars()))

    def of_flows(self, device_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Flows that may speak for these devices, with all channels of all their devices, by flow id."""
        flows = select(FlowDevice.flow_id).where(FlowDevice.device_id.in_(sorted(set(device_ids)))).distinct()
        query = (
            select(FlowDevice.flow_id, Channel.channel_id)
            .join(Channel, Channel.device_id == FlowDevice.device_id)
            .where(FlowDevice.flow_id.in_(flows))
            .order_by(FlowDevice.flow_id, Channel.channel_id)
        )
        found: dict[int, list[int]] = defaultdict(list)
        for flow_id, channel_id in self._connection.execute(query):
            found[flow_id].append(channel_id)
        return {flow_id: tuple(channels) for flow_id, channels in found.items()}

    def _part(self, ids: Sequence[int]) -> list[MeteredChannel]:
        query = select(Channel.channel_id, Channel.device_id, Channel.direction, Channel.step_s)
        rows = self._connection.execute(query.where(Channel.channel_id.in_(ids)).order_by(Channel.channel_id)).all()
        devices = sorted({row[1] for row in rows})
        holdings, contracts = self._holdings(devices), self._contracts(devices)
        return [
            MeteredChannel(row[0], row[1], Direction(row[2]), row[3], tuple(holdings[row[1]]), tuple(contracts[row[1]]))
            for row in rows
        ]

    def _holdings(self, device_ids: Sequence[int]) -> dict[int, list[Holding]]:
        query = (
            select(
                DeviceMember.device_id,
                DeviceMember.member_id,
                Community.community_id,
                Community.tz,
                DeviceMember.valid_from,
                DeviceMember.valid_to,
                MemberInterval.valid_from,
                MemberInterval.valid_to,
            )
            .join(MemberInterval, MemberInterval.member_id == DeviceMember.member_id)
            .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
            .join(Community, Community.community_id == UserCommunity.community_id)
            .where(DeviceMember.device_id.in_(device_ids))
            .order_by(DeviceMember.device_id, DeviceMember.valid_from, MemberInterval.valid_from)
        )
        found: dict[int, list[Holding]] = defaultdict(list)
        for row in self._connection.execute(query):
            device_id, member_id, community_id, timezone, held_from, held_to, member_from, member_to = row
            first, last = max(held_from, member_from), min(_end(held_to), _end(member_to))
            if first < last:
                found[device_id].append(Holding(member_id, community_id, timezone, first, last))
        return found

    def _contracts(self, device_ids: Sequence[int]) -> dict[int, list[Contract]]:
        query = (
            select(
                DeviceContract.device_id,
                DeviceContract.valid_from,
                DeviceContract.valid_to,
                DeviceContract.contract_w,
                DeviceContract.available_w,
                DeviceContract.plant_peak_w,
            )
            .where(DeviceContract.device_id.in_(device_ids))
            .order_by(DeviceContract.device_id, DeviceContract.valid_from)
        )
        found: dict[int, list[Contract]] = defaultdict(list)
        for row in self._connection.execute(query):
            found[row[0]].append(Contract(row[1], row[2], row[3], row[4], row[5]))
        return found


def _end(slot: int | None) -> int:
    return OPEN_SLOT if slot is None else slot
