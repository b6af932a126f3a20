"""Which channels the members of a community held, and when: what indicators are computed over."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from gettone.db.tables import Channel, DeviceMember, MemberInterval, Reading, UserCommunity
from gettone.types import Direction

OPEN_END_SLOT = 2**31 - 1


class HeldChannel(NamedTuple):
    """A channel in a member's hands over [from_slot, to_slot), in slots of 900 s."""

    channel_id: int
    device_id: int
    direction: Direction
    step_s: int
    member_id: str
    from_slot: int
    to_slot: int


def held_channels(connection: Connection, community_id: int) -> tuple[HeldChannel, ...]:
    """Every channel of a community for as long as its holder was a member, by member, channel and start."""
    query = (
        select(
            Channel.channel_id,
            Channel.device_id,
            Channel.direction,
            Channel.step_s,
            DeviceMember.member_id,
            DeviceMember.valid_from,
            DeviceMember.valid_to,
            MemberInterval.valid_from,
            MemberInterval.valid_to,
        )
        .join(DeviceMember, DeviceMember.device_id == Channel.device_id)
        .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
        .join(MemberInterval, MemberInterval.member_id == DeviceMember.member_id)
        .where(UserCommunity.community_id == community_id)
    )
    rows = (_held(*row) for row in connection.execute(query))
    return tuple(sorted(one for one in rows if one.from_slot < one.to_slot))


def communities_of(connection: Connection, channel_ids: set[int]) -> tuple[int, ...]:
    """The communities whose members ever held one of these channels, ascending."""
    query = (
        select(UserCommunity.community_id, Channel.channel_id)
        .join(DeviceMember, DeviceMember.member_id == UserCommunity.member_id)
        .join(Channel, Channel.device_id == DeviceMember.device_id)
    )
    return tuple(sorted({community for community, channel in connection.execute(query) if channel in channel_ids}))


def first_reading_slot(connection: Connection, channel_ids: list[int]) -> int | None:
    """The first slot in which one of these channels has a reading."""
    query = select(func.min(Reading.slot)).where(Reading.channel_id.in_(channel_ids))
    return connection.execute(query).scalar_one()


def _held(
    channel_id: int,
    device_id: int,
    direction: int,
    step_s: int,
    member_id: str,
    *bounds: int | None,
) -> HeldChannel:
    held_from, held_to, member_from, member_to = bounds
    return HeldChannel(
        channel_id,
        device_id,
        Direction(direction),
        step_s,
        member_id,
        max(held_from or 0, member_from or 0),
        min(OPEN_END_SLOT if held_to is None else held_to, OPEN_END_SLOT if member_to is None else member_to),
    )
