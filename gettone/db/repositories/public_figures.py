"""What a community shows to everybody: daily totals of enough members, and the roots of its settlements."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from gettone.db.tables import CommunityDay, MemberDay, MemberInterval, Settlement, UserCommunity

DISCLOSURE_FLOOR = 8
"""How many members must stand behind a total that is shown to everybody."""


class PublicDay(NamedTuple):
    """Totals of a local day [Wh]; `local_day` counts days since 1970-01-01 on the local calendar."""

    local_day: int
    withdrawn_wh: int
    injected_wh: int
    shared_wh: int


class PublicRoots(NamedTuple):
    """The commitments of a settlement as they are on chain; roots are 32 bytes, instants in unix seconds."""

    period_index: int
    revision: int
    state: str
    period_start_s: int
    period_end_s: int
    total_units: int
    assignment_root: bytes
    roster_root: bytes | None
    aggregates_root: bytes | None
    ingest_root: bytes | None
    payouts_root: bytes | None
    opened_tx: bytes


class PublicFigures:
    """Reads what anybody may know of one community."""

    def __init__(self, connection: Connection, community_id: int) -> None:
        self._connection, self._community_id = connection, community_id

    def member_count(self, slot: int) -> int:
        """How many members there are in a slot of 900 s."""
        query = (
            select(func.count(func.distinct(MemberInterval.member_id)))
            .join(UserCommunity, UserCommunity.member_id == MemberInterval.member_id)
            .where(
                UserCommunity.community_id == self._community_id,
                MemberInterval.valid_from <= slot,
                func.coalesce(MemberInterval.valid_to, slot + 1) > slot,
            )
        )
        return int(self._connection.execute(query).scalar_one())

    def latest_days(self, count: int) -> list[PublicDay]:
        """The latest stored days behind which there are enough members, the newest first."""
        members = (
            select(MemberDay.local_day, func.count().label("members"))
            .join(UserCommunity, UserCommunity.member_id == MemberDay.member_id)
            .where(UserCommunity.community_id == self._community_id)
            .group_by(MemberDay.local_day)
            .subquery()
        )
        query = (
            select(CommunityDay.local_day, CommunityDay.withdrawn_wh, CommunityDay.injected_wh, CommunityDay.shared_wh)
            .join(members, members.c.local_day == CommunityDay.local_day)
            .where(CommunityDay.community_id == self._community_id, members.c.members >= DISCLOSURE_FLOOR)
            .order_by(CommunityDay.local_day.desc())
            .limit(count)
        )
        return [PublicDay(*row) for row in self._connection.execute(query)]

    def latest_roots(self, count: int) -> list[PublicRoots]:
        """The latest settlements that were opened on chain, the newest first."""
        columns = [getattr(Settlement, name) for name in PublicRoots._fields]
        query = (
            select(*columns)
            .where(
                Settlement.community_id == self._community_id,
                Settlement.opened_tx.is_not(None),
                Settlement.assignment_root.is_not(None),
            )
            .order_by(Settlement.period_index.desc(), Settlement.revision.desc())
            .limit(count)
        )
        return [PublicRoots(*row) for row in self._connection.execute(query)]
