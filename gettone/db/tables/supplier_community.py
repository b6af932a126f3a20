"""suppliers_communities [11]: which suppliers serve a community."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base


class SupplierCommunity(Base):
    """A row is the whole statement."""

    __tablename__ = "suppliers_communities"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.community_id"), primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.supplier_id"), primary_key=True)
