"""One row in every table that has a column for a member, a channel or a device, with whatever it refers to."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table, insert, select
from sqlalchemy.types import Boolean, Integer, LargeBinary, Uuid

from gettone.db.columns import Base, Hex32, Units

KEYS = ("member_id", "channel_id", "device_id")
# What must mean something to those who read it.
_WORDS = {
    "config": "{}",
    "result": '{"centroids_micro":{},"idx":{}}',
    "report": "{}",
    "gate_report_json": "{}",
    "scores_json": "{}",
    "document": "{}",
    "timezone": "UTC",
    "tz": "UTC",
}


def keyed_tables() -> list[Table]:
    """The tables of the schema, whatever they are, with a column for a member, a channel or a device."""
    return [table for table in Base.metadata.sorted_tables if set(KEYS) & set(table.c.keys())]


def rows_of(connection: Connection, table: Table, mine: Mapping[str, Any]) -> int:
    """How many rows of a table name what is mine in any of those columns."""
    named = {name: mine[name] for name in KEYS if name in table.c}
    found = connection.execute(select(*(table.c[name] for name in named))).all()
    return sum(any(cell == value for cell, value in zip(row, named.values(), strict=True)) for row in found)


def fill(connection: Connection, mine: Mapping[str, Any], settled: Mapping[str, Any]) -> None:
    """Put a row of mine into every keyed table that has none; `settled` are the values of a settlement's row."""
    for table in keyed_tables():
        if not rows_of(connection, table, mine):
            _add(connection, table, {**mine, "settlements": settled})


def _add(connection: Connection, table: Table, given: Mapping[str, Any]) -> dict[str, Any]:
    values = {one.name: _value(connection, one, given) for one in table.c if _is_wanted(one, given)}
    values |= given.get(table.name, {})
    return dict(connection.execute(insert(table).values(**values).returning(*table.c)).mappings().one())


def _is_wanted(column: Column[Any], given: Mapping[str, Any]) -> bool:
    return column.name in given or column.name == "from_slot" or not (column.nullable or _numbers_itself(column))


def _numbers_itself(column: Column[Any]) -> bool:
    return column is column.table.autoincrement_column


def _value(connection: Connection, column: Column[Any], given: Mapping[str, Any]) -> Any:
    if column.name in KEYS:
        return given[column.name]
    for key in column.foreign_keys:
        target = key.column
        found = connection.execute(select(target).limit(1)).scalar()
        return _add(connection, target.table, given)[target.name] if found is None else found
    if column.name.endswith("slot"):
        return given["slot"] + (column.name == "to_slot")
    return _of_type(column)


def _of_type(column: Column[Any]) -> Any:
    if isinstance(column.type, Hex32):
        return "00" * 32
    if isinstance(column.type, LargeBinary):
        return b"\x01" * 32
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, Uuid):
        return "00000000-0000-4000-8000-000000000001"
    return 1 if isinstance(column.type, Integer | Units) else _WORDS.get(column.name, "x")
