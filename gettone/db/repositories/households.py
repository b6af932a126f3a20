"""What is known of members and their devices beforehand: household size, use, and who speaks for a device."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from gettone.db.bulk import update_rows
from gettone.db.columns import Base
from gettone.db.id_lists import among
from gettone.db.repositories.codes import require_codes
from gettone.db.tables import Device, DeviceMember, FlowDevice, UserCommunity

_MEMBERS, _DEVICES = (Base.metadata.tables[one.__tablename__] for one in (UserCommunity, Device))


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


def set_households(connection: Connection, stated: Mapping[str, tuple[int | None, int | None]]) -> None:
    """State the people [count] and the area [dm²] of members' households; what is stated already is left alone."""
    query = select(UserCommunity.member_id, UserCommunity.people, UserCommunity.area_dm2)
    stored = {row[0]: (row[1], row[2]) for row in connection.execute(query)}
    rows = [(member_id, *facts) for member_id, facts in stated.items() if stored.get(member_id) != facts]
    update_rows(connection, _MEMBERS, ("member_id",), ("people", "area_dm2"), rows)


def set_use_types(connection: Connection, stated: Mapping[int, str]) -> None:
    """State what devices' energy is used for: a code of the domain `use_type`, which is checked.

    Raises InputError for another word; nothing is written then.
    """
    require_codes(connection, "use_type", stated.values())
    query = select(Device.device_id, Device.use_type).where(among(connection, Device.device_id, sorted(stated)))
    stored = dict(connection.execute(query).all())
    rows = [(device_id, use) for device_id, use in stated.items() if stored.get(device_id) != use]
    update_rows(connection, _DEVICES, ("device_id",), ("use_type",), rows)
