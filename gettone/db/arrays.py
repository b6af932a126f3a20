"""Long lists as PostgreSQL's binary arrays, packed at once.

The driver's own form is text, made value by value, and takes a hundred times as long for the ids and digests of all
the devices of a batch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format
from sqlalchemy.types import UserDefinedType

_HEAD_FIELD = np.dtype(">i4")
_INTEGER, _BYTES = psycopg.adapters.types["int4"], psycopg.adapters.types["bytea"]


@dataclass(frozen=True, slots=True)
class IntegerArray:
    """Numbers of 32 bits as the server reads them."""

    raw: bytes

    @classmethod
    def of(cls, numbers: Sequence[int]) -> "IntegerArray":
        """The array of `numbers`; OverflowError for one above 32 bits."""
        values = np.array(numbers, np.int32)
        items = np.empty(len(values), np.dtype([("length", ">i4"), ("value", ">i4")]))
        items["length"], items["value"] = values.itemsize, values
        return cls(_head(_INTEGER.oid, len(values)) + items.tobytes())


@dataclass(frozen=True, slots=True)
class BytesArray:
    """Values of bytes as the server reads them."""

    raw: bytes

    @classmethod
    def of(cls, values: Iterable[bytes]) -> "BytesArray":
        """The array of `values`."""
        listed = list(values)
        items = b"".join(part for one in listed for part in (len(one).to_bytes(4, "big"), one))
        return cls(_head(_BYTES.oid, len(listed)) + items)


class IntegerArrayType(UserDefinedType[IntegerArray]):
    """The type of an `IntegerArray` in statements of SQLAlchemy."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Its name on the server."""
        return "INTEGER[]"


class BytesArrayType(UserDefinedType[BytesArray]):
    """The type of a `BytesArray` in statements of SQLAlchemy."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Its name on the server."""
        return "BYTEA[]"


class _IntegerArrayDumper(Dumper):
    format = Format.BINARY
    oid = _INTEGER.array_oid

    def dump(self, obj: IntegerArray) -> bytes:
        """The bytes as they are."""
        return obj.raw


class _BytesArrayDumper(Dumper):
    format = Format.BINARY
    oid = _BYTES.array_oid

    def dump(self, obj: BytesArray) -> bytes:
        """The bytes as they are."""
        return obj.raw


def register_arrays() -> None:
    """Teach the driver both arrays; connections of engines made afterwards know them."""
    psycopg.adapters.register_dumper(IntegerArray, _IntegerArrayDumper)
    psycopg.adapters.register_dumper(BytesArray, _BytesArrayDumper)


def _head(oid: int, length: int) -> bytes:
    """Dimensions, nulls, type of a value, then length and first index of the only dimension; none when empty."""
    fields = (1, 0, oid, length, 1) if length else (0, 0, oid)
    return np.array(fields, _HEAD_FIELD).tobytes()
