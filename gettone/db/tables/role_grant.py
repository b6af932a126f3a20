"""role_grants: who has which role where, for which readings, and when."""

from sqlalchemy import ForeignKey, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base, Code, InstantMs, Slot


class RoleGrant(Base):
    """A person (`user_id`) or a machine (`client`); `data_from`, `data_to` bound in slots what an auditor may read."""

    __tablename__ = "role_grants"

    grant_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str | None] = mapped_column(Uuid(as_uuid=False), ForeignKey("users.user_id"), index=True)
    client: Mapped[str | None] = mapped_column(Text)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.community_id"))
    role_id: Mapped[int] = mapped_column(ForeignKey("roles.role_id"))
    scopes: Mapped[str | None] = mapped_column(Text)
    data_from: Mapped[Slot | None]
    data_to: Mapped[Slot | None]
    valid_from: Mapped[InstantMs]
    valid_to: Mapped[InstantMs | None]
    state: Mapped[Code]
    granted_by: Mapped[str | None] = mapped_column(Uuid(as_uuid=False), ForeignKey("users.user_id"))
