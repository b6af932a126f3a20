"""settlement_members: one line per member on the roster of a settlement."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, I4, Base, BigUnits, Blob, Hex32, Json


class SettlementMember(Base):
    """Entitlement, payout, skipped and carried as LECN-1 §2 defines them, with the bytes of both leaves."""

    __tablename__ = "settlement_members"

    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.settlement_id"), primary_key=True)
    leaf_index: Mapped[I4] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[str] = mapped_column(Hex32, index=True)
    member_class: Mapped[I2] = mapped_column(server_default="1")
    wallet: Mapped[str | None] = mapped_column(String(42))
    entitlement_units: Mapped[BigUnits]
    entitlement_before_units: Mapped[BigUnits]
    carried_before_units: Mapped[BigUnits]
    skipped_units: Mapped[BigUnits]
    payout_units: Mapped[BigUnits]
    carried_after_units: Mapped[BigUnits]
    scores_json: Mapped[Json]
    trace: Mapped[str] = mapped_column(Text)
    # Leaves: state proposed.
    inputs_json: Mapped[Json | None]
    series_count: Mapped[I4 | None]
    data_root: Mapped[Blob | None]
    prev_leaf: Mapped[Blob | None]
    assignment_leaf: Mapped[Blob | None]
    roster_leaf: Mapped[Blob | None]
    # Of an erased member: what its tombstone in a later revision repeats.
    bare_leaves: Mapped[Blob | None]
