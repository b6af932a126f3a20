"""member_days, community_days: sums and extremes of every local day, kept so that months and years are quick."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I4, I8, Base, Hex32, Slot


class _DayTotals:
    """The figures of `BucketTotals` in its order: quarters, Wh, µWh, slots of 900 s (-1 for none)."""

    expected: Mapped[I8]
    covered: Mapped[I8]
    measured: Mapped[I8]
    known_slots: Mapped[I8]
    load_wh: Mapped[I8]
    production_wh: Mapped[I8]
    withdrawn_wh: Mapped[I8]
    injected_wh: Mapped[I8]
    self_wh: Mapped[I8]
    f1_wh: Mapped[I8]
    f2_wh: Mapped[I8]
    f3_wh: Mapped[I8]
    shared_wh: Mapped[I8]
    consumer_uwh: Mapped[I8]
    producer_uwh: Mapped[I8]
    max_wh: Mapped[I8]
    max_slot: Mapped[Slot]
    min_wh: Mapped[I8]
    min_slot: Mapped[Slot]


class MemberDay(_DayTotals, Base):
    """One member's local day, by pseudonym; `local_day` counts days since 1970-01-01 on the local calendar."""

    __tablename__ = "member_days"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads a plain dict here

    member_id: Mapped[str] = mapped_column(Hex32, ForeignKey("users_communities.member_id"), primary_key=True)
    local_day: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)


class CommunityDay(_DayTotals, Base):
    """One community's local day; `basis` digests who held what under which rules when it was computed."""

    __tablename__ = "community_days"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), primary_key=True)
    local_day: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    basis: Mapped[I8]
