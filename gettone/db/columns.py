"""Column types shared by all tables; the same values on SQLite and PostgreSQL.

Instants are unix milliseconds, slots are `floor(unix_s / 900)`, JSON is text so that its exact bytes survive.
"""

from typing import Annotated, Any

from sqlalchemy import BigInteger, Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.schema import MetaData
from sqlalchemy.types import TypeDecorator

SLOT_S = 900
HEX32_DIGITS = 64


class Units(TypeDecorator[int]):
    """A whole number of any size and sign as decimal text: a uint256 is exact in every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> str | None:
        """Decimal digits of the number."""
        return None if value is None else str(int(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> int | None:
        """The number of the stored digits."""
        return None if value is None else int(value)


class Hex32(TypeDecorator[str]):
    """32 bytes, written in Python as 64 lower-case hex digits without prefix."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """The 32 bytes; ValueError for anything that is not 64 hex digits."""
        if value is None:
            return None
        if len(value) != HEX32_DIGITS:
            raise ValueError(f"expected 64 hex digits, got {len(value)} characters")
        return bytes.fromhex(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """The 64 hex digits."""
        return None if value is None else bytes(value).hex()


I2 = Annotated[int, mapped_column(SmallInteger)]
I4 = Annotated[int, mapped_column(Integer)]
I8 = Annotated[int, mapped_column(BigInteger)]
# Only a plain INTEGER key numbers itself on SQLite; it holds 64 bits there.
I8Key = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]
Slot = Annotated[int, mapped_column(Integer)]
InstantMs = Annotated[int, mapped_column(BigInteger)]
InstantS = Annotated[int, mapped_column(BigInteger)]
BigUnits = Annotated[int, mapped_column(Units)]
MemberKey = Annotated[str, mapped_column(Hex32)]
Code = Annotated[str, mapped_column(Text)]
Json = Annotated[str, mapped_column(Text)]
Blob = Annotated[bytes, mapped_column(LargeBinary)]


class Base(DeclarativeBase):
    """Base of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
