"""roles [7]: what a person or a machine may be, with the codes of the identity rules."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import I2, Base, Code


class Role(Base):
    """`code` is PA, CA, OA, TA, MB, AU, SV, DV or VF."""

    __tablename__ = "roles"

    role_id: Mapped[I2] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[Code] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(Text)
