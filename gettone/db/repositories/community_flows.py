"""Which flows concern a community."""

from sqlalchemy import Connection, Select, or_, select

from gettone.db.tables import DeviceMember, Flow, FlowCommunity, FlowDevice, UserCommunity


def flows_of(community_ids: tuple[int, ...]) -> Select[int]:
    """Flows that are stated to feed a community, or speak for a device that one of its members ever held."""
    stated = select(FlowCommunity.flow_id).where(FlowCommunity.community_id.in_(community_ids))
    held = (
        select(FlowDevice.flow_id)
        .join(DeviceMember, DeviceMember.device_id == FlowDevice.device_id)
        .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
        .where(UserCommunity.community_id.in_(community_ids))
    )
    return select(Flow.flow_id).where(or_(Flow.flow_id.in_(stated), Flow.flow_id.in_(held)))


def flow_numbers(connection: Connection, community_id: int) -> dict[str, int]:
    """The flows that concern a community, by name."""
    query = select(Flow.name, Flow.flow_id).where(Flow.flow_id.in_(flows_of((community_id,))))
    return dict(connection.execute(query).all())
