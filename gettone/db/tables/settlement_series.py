"""settlement_series: the committed series of each member of a settlement."""

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, Base, Blob


class SettlementSeries(Base):
    """`number` is the position by pid; `first_…` say under which the present values were first committed."""

    __tablename__ = "settlement_series"
    __table_args__ = (
        ForeignKeyConstraint(
            ["settlement_id", "leaf_index"],
            ["settlement_members.settlement_id", "settlement_members.leaf_index"],
        ),
    )

    settlement_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    leaf_index: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[I2] = mapped_column(primary_key=True, autoincrement=False)
    pid: Mapped[Blob]
    device_id: Mapped[I4]
    channel_id: Mapped[I4 | None]
    direction: Mapped[I2]
    slot_s: Mapped[I2]
    first_number: Mapped[I2]
    first_revision: Mapped[I4]
    tree_size: Mapped[I4]
    root: Mapped[Blob]
    source_class: Mapped[I2]
    source_digest: Mapped[Blob]
