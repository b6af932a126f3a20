"""codes: the decoding tables of the report, one domain for each, in two languages."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from gettone.db.columns import Base


class CodeRow(Base):
    """Columns named `code` elsewhere hold a code of their domain; repositories check it when they write."""

    __tablename__ = "codes"

    domain: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    label_en: Mapped[str] = mapped_column(Text)
    label_it: Mapped[str] = mapped_column(Text)
