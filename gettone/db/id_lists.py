"""Rows by a long list of keys: one array on PostgreSQL, one JSON text on SQLite, so that no query grows with it."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY


def among(connection: Connection, column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a column of whole numbers is one of `ids`."""
    listed = [int(one) for one in ids]
    found: ColumnElement[bool]
    if connection.dialect.name == "postgresql":
        found = column == any_(literal(listed, ARRAY(Integer)))
    else:
        values = func.json_each(json.dumps(listed)).table_valued("value")
        found = column.in_(select(values.c.value))
    return found
