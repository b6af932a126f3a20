"""Stored totals of local days: written whole for a run of days, read as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, delete, select, update

from gettone.db.bulk import insert_rows
from gettone.db.tables import CommunityDay, MemberDay, UserCommunity
from gettone.metering.indicators.arithmetic import Int64Array
from gettone.metering.indicators.bucket_totals import COLUMNS, NO_SLOT, BucketTotals
from gettone.metering.indicators.community_totals import CommunityTotals

# A digest of 64 bits is neither of these but by an unheard-of chance, and then a day is computed once too often.
NO_BASIS, CLOSED = 0, 1
_EXPECTED = COLUMNS.index("expected")
_MEMBER_FIGURES = [getattr(MemberDay, name) for name in COLUMNS]
_COMMUNITY_FIGURES = [getattr(CommunityDay, name) for name in COLUMNS]


@dataclass(frozen=True, slots=True)
class StoredDays:
    """Totals of members (rows in the order asked for) and community, one bucket for each day from `first_day` on."""

    first_day: int
    totals: CommunityTotals


class IndicatorDays:
    """Reads and writes `member_days` and `community_days` of one community."""

    def __init__(self, connection: Connection, community_id: int) -> None:
        self._connection = connection
        self._community_id = community_id

    def bases(self, first_day: int, end_day: int) -> dict[int, int]:
        """The basis on which each stored day in [first_day, end_day) was computed."""
        query = select(CommunityDay.local_day, CommunityDay.basis).where(*self._community_box(first_day, end_day))
        return dict(self._connection.execute(query).all())

    def forget(self, first_day: int, end_day: int) -> int:
        """Mark the stored days in [first_day, end_day), closed ones apart, as resting on nothing; returns how many."""
        return self._rebase(first_day, end_day, NO_BASIS)

    def close(self, first_day: int, end_day: int) -> int:
        """Keep the stored days in [first_day, end_day) as they are for ever; returns how many were open."""
        return self._rebase(first_day, end_day, CLOSED)

    def _rebase(self, first_day: int, end_day: int, basis: int) -> int:
        box = (*self._community_box(first_day, end_day), CommunityDay.basis != CLOSED)
        return int(self._connection.execute(update(CommunityDay).where(*box).values(basis=basis)).rowcount)

    def replace(self, member_ids: Sequence[str], first_day: int, totals: CommunityTotals, basis: int) -> None:
        """Store the days from `first_day` on, one a bucket, in the place of what stood there.

        A member's day outside membership holds nothing and gets no row.
        """
        end_day = first_day + totals.community.load_wh.shape[1]
        self._delete(first_day, end_day)
        members, whole = totals.members.table().tolist(), totals.community.table().tolist()[0]
        rows = [
            (bytes.fromhex(member_id), day, *figures)
            for member_id, days in zip(member_ids, members, strict=True)
            for day, figures in enumerate(days, first_day)
            if figures[_EXPECTED]
        ]
        insert_rows(self._connection, MemberDay.__tablename__, ("member_id", "local_day", *COLUMNS), rows)
        days = [(self._community_id, day, basis, *figures) for day, figures in enumerate(whole, first_day)]
        columns = ("community_id", "local_day", "basis", *COLUMNS)
        insert_rows(self._connection, CommunityDay.__tablename__, columns, days)

    def read(self, member_ids: Sequence[str], first_day: int, end_day: int) -> StoredDays:
        """The stored days in [first_day, end_day); of days that are not stored nothing was expected."""
        days = end_day - first_day
        row_of = {member_id: row for row, member_id in enumerate(member_ids)}
        members = _empty(len(member_ids), days)
        query = select(MemberDay.member_id, MemberDay.local_day, *_MEMBER_FIGURES).where(
            MemberDay.member_id.in_(self._members()),
            MemberDay.local_day >= first_day,
            MemberDay.local_day < end_day,
        )
        for member_id, day, *figures in self._connection.execute(query):
            if member_id in row_of:
                members[row_of[member_id], day - first_day] = figures
        whole = _empty(1, days)
        community = select(CommunityDay.local_day, *_COMMUNITY_FIGURES).where(*self._community_box(first_day, end_day))
        for day, *figures in self._connection.execute(community):
            whole[0, day - first_day] = figures
        return StoredDays(first_day, CommunityTotals(_totals(members), _totals(whole)))

    def _delete(self, first_day: int, end_day: int) -> None:
        self._connection.execute(
            delete(MemberDay).where(
                MemberDay.member_id.in_(self._members()),
                MemberDay.local_day >= first_day,
                MemberDay.local_day < end_day,
            )
        )
        self._connection.execute(delete(CommunityDay).where(*self._community_box(first_day, end_day)))

    def _members(self) -> Select[str]:
        return select(UserCommunity.member_id).where(UserCommunity.community_id == self._community_id)

    def _community_box(self, first_day: int, end_day: int) -> tuple[ColumnElement[bool], ...]:
        return (
            CommunityDay.community_id == self._community_id,
            CommunityDay.local_day >= first_day,
            CommunityDay.local_day < end_day,
        )


def _empty(rows: int, days: int) -> Int64Array:
    table = np.zeros((rows, days, len(COLUMNS)), np.int64)
    for name in ("max_slot", "min_slot"):
        table[:, :, COLUMNS.index(name)] = NO_SLOT
    return table


def _totals(table: Int64Array) -> BucketTotals:
    return BucketTotals(*(np.ascontiguousarray(table[:, :, column]) for column in range(len(COLUMNS))))
