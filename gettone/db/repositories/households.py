"""What is known of members and their devices beforehand: household size, use, and who speaks for a device."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from gettone.db.tables import CodeRow, Device, DeviceMember, FlowDevice, UserCommunity


class HeldUse(NamedTuple):
    """A device in a member's hands, with its use type where one is registered."""

    device_id: int
    member_id: str
    use_type: str | None


def household_sizes(connection: Connection, community_id: int) -> dict[str, str]:
    """People of each member's household as text, of those who stated it."""
    query = select(UserCommunity.member_id, UserCommunity.people).where(
        UserCommunity.community_id == community_id, UserCommunity.people.is_not(None)
    )
    return {member_id: str(people) for member_id, people in connection.execute(query)}


def use_types(connection: Connection, community_id: int) -> tuple[HeldUse, ...]:
    """Every device that members of a community hold or held, by device id."""
    query = (
        select(Device.device_id, DeviceMember.member_id, Device.use_type)
        .join(DeviceMember, DeviceMember.device_id == Device.device_id)
        .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
        .where(UserCommunity.community_id == community_id)
        .order_by(Device.device_id)
    )
    return tuple(HeldUse(*row) for row in connection.execute(query))


def first_flows(connection: Connection) -> dict[int, int]:
    """The first flow that speaks for each device."""
    query = select(FlowDevice.device_id, func.min(FlowDevice.flow_id)).group_by(FlowDevice.device_id)
    return dict(connection.execute(query).all())


def set_household(connection: Connection, member_id: str, people: int | None, area_dm2: int | None) -> None:
    """State the people [count] and the area [dm²] of a member's household."""
    query = update(UserCommunity).where(UserCommunity.member_id == member_id)
    connection.execute(query.values(people=people, area_dm2=area_dm2))


def set_use_type(connection: Connection, device_id: int, use_type: str | None) -> None:
    """State what a device's energy is used for: a code of the domain `use_type`."""
    connection.execute(update(Device).where(Device.device_id == device_id).values(use_type=use_type))


def codes_of(connection: Connection, domain: str) -> frozenset[str]:
    """The codes of a domain, such as `use_type`."""
    return frozenset(connection.execute(select(CodeRow.code).where(CodeRow.domain == domain)).scalars())
