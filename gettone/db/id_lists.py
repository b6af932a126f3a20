"""Rows by a long list of keys: one array on PostgreSQL, one JSON text on SQLite, so that no query grows with it."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from gettone.db.arrays import BytesArray, BytesArrayType, IntegerArray, IntegerArrayType


def among(connection: Connection, column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a column of whole numbers is one of `ids`."""
    found: ColumnElement[bool]
    if connection.dialect.name == "postgresql":
        found = column == any_(literal(IntegerArray.of(ids), IntegerArrayType()))
    else:
        values = func.json_each(json.dumps([int(one) for one in ids])).table_valued("value")
        found = column.in_(select(values.c.value))
    return found


def among_digests(connection: Connection, column: Any, digests: Iterable[bytes]) -> ColumnElement[bool]:
    """Whether a column of bytes is one of `digests`."""
    found: ColumnElement[bool]
    if connection.dialect.name == "postgresql":
        found = column == any_(literal(BytesArray.of(digests), BytesArrayType()))
    else:
        values = func.json_each(json.dumps([one.hex() for one in digests])).table_valued("value")
        found = column.in_(select(func.unhex(values.c.value)))
    return found


def among_texts(connection: Connection, column: Any, texts: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column of text is one of `texts`."""
    listed = list(texts)
    found: ColumnElement[bool]
    if connection.dialect.name == "postgresql":
        found = column == any_(literal(listed, ARRAY(Text)))
    else:
        values = func.json_each(json.dumps(listed)).table_valued("value")
        found = column.in_(select(values.c.value))
    return found
