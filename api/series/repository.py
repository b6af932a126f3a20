"""What the series route reads: the channel, who of a community held its device when, and the readings."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select

from gettone.db.repositories.consents import Purpose
from gettone.db.repositories.rights import Right
from gettone.db.repositories.series import Int8Array, Int64Array, read_dense
from gettone.db.tables import Channel, DeviceMember, SharingConsent, UserCommunity

ADMIN = "CA"


class SeriesRepository:
    """Reads channels, holders and readings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def channel(self, channel_id: int) -> tuple[int, int, int] | None:
        """(device, direction, step [s]) of a channel."""
        query = select(Channel.device_id, Channel.direction, Channel.step_s).where(Channel.channel_id == channel_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else (row[0], row[1], row[2])

    def held(self, device_id: int, rights: Sequence[Right]) -> list[tuple[int, int | None]]:
        """The slots [from, to) over which a device was held by whom the rights let see, within their range of data."""
        query = (
            select(DeviceMember.valid_from, DeviceMember.valid_to)
            .join(UserCommunity, UserCommunity.member_id == DeviceMember.member_id)
            .where(DeviceMember.device_id == device_id)
        )
        found: set[tuple[int, int | None]] = set()
        for right in rights:
            rows = self._connection.execute(query.where(_reaches(right)))
            found |= {_within(right, row[0], row[1]) for row in rows}
        return sorted(found, key=lambda held: held[0])

    def readings(self, channel_id: int, from_slot: int, to_slot: int) -> tuple[Int64Array, Int8Array]:
        """(wh, quality) for each slot of 900 s in [from_slot, to_slot)."""
        wh, quality = read_dense(self._connection, [channel_id], from_slot, to_slot)
        return wh[0], quality[0]


def _reaches(right: Right) -> ColumnElement[bool]:
    """Whose readings of 15 minutes a right opens: the own ones, those of who consented, those of a grant."""
    if right.member_id is not None:
        return DeviceMember.member_id == right.member_id
    here = UserCommunity.community_id == right.community_id
    if right.role != ADMIN:
        return here
    given = select(SharingConsent.member_id).where(
        SharingConsent.purpose == Purpose.READINGS_TO_ADMIN.value, SharingConsent.withdrawn_at.is_(None)
    )
    return here & DeviceMember.member_id.in_(given)


def _within(right: Right, first: int, end: int | None) -> tuple[int, int | None]:
    """The part of a holding that lies in the range of a grant; an empty one where none does."""
    starts = max(first, right.data_from or first)
    ends = [one for one in (end, right.data_to) if one is not None]
    return starts, max(starts, min(ends)) if ends else None
