"""gate_rules: the parameters of a community's quality gate, with their validity."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, InstantS, Json


class GateRule(Base):
    """A period takes the parameters in force when it begins; `set_by` are the operators who set them."""

    __tablename__ = "gate_rules"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), primary_key=True)
    valid_from_s: Mapped[InstantS] = mapped_column(primary_key=True, autoincrement=False)
    registered_at_s: Mapped[InstantS]
    rules: Mapped[Json]
    set_by: Mapped[str] = mapped_column(Text)
