"""What the series route reads: the channel, who of a community held its device when, and the readings."""

from sqlalchemy import Connection, select

from gettone.db.repositories.series import Int8Array, Int64Array, read_dense
from gettone.db.tables import Channel, DeviceMember, UserCommunity


class SeriesRepository:
    """Reads channels, holders and readings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def channel(self, channel_id: int) -> tuple[int, int, int] | None:
        """(device, direction, step [s]) of a channel."""
        query = select(Channel.device_id, Channel.direction, Channel.step_s).where(Channel.channel_id == channel_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else (row[0], row[1], row[2])

    def held(self, device_id: int, community_id: int) -> list[tuple[int, int | None]]:
        """The slots [from, to) over which a member of a community holds or held a device."""
        query = (
            select(DeviceMember.valid_from, DeviceMember.valid_to)
            .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
            .where(DeviceMember.device_id == device_id, UserCommunity.community_id == community_id)
        )
        return [(row[0], row[1]) for row in self._connection.execute(query.order_by(DeviceMember.valid_from))]

    def readings(self, channel_id: int, from_slot: int, to_slot: int) -> tuple[Int64Array, Int8Array]:
        """(wh, quality) for each slot of 900 s in [from_slot, to_slot)."""
        wh, quality = read_dense(self._connection, [channel_id], from_slot, to_slot)
        return wh[0], quality[0]
