"""Readings as dense matrices: one row per channel, one column per slot of 900 s, missing slots explicit."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

Int64Array = NDArray[np.int64]
Int8Array = NDArray[np.int8]

# A reading as one number: slot within the range, quality, and the 32 bits of Wh.  One aggregate per channel costs
# a fraction of one row per reading, on the server and here.
_SLOT_SHIFT, _QUALITY_SHIFT, _WH_MASK = 35, 32, 0xFFFF_FFFF
_LONGEST = 1 << (63 - _SLOT_SHIFT)
_CHANNELS_PER_QUERY = 20_000

_PACKED = (
    "SELECT channel_id, string_agg(int8send(((slot - %(from)s)::int8 << 35) | (quality::int8 << 32) "
    "| (wh::int8 & 4294967295)), '') FROM readings "
    "WHERE channel_id = ANY(%(ids)s) AND slot >= %(from)s AND slot < %(to)s GROUP BY channel_id"
)
_PLAIN = (
    "SELECT channel_id, slot, wh, quality FROM readings JOIN json_each(?) AS wanted ON channel_id = wanted.value "
    "WHERE slot >= ? AND slot < ?"
)


def read_dense(
    connection: Connection, channel_ids: Sequence[int], from_slot: int, to_slot: int
) -> tuple[Int64Array, Int8Array]:
    """The current readings of channels in [from_slot, to_slot) as (wh, quality), both [channels, slots].

    In the order of `channel_ids`, which must not repeat.  A slot without a reading has quality 0 and 0 Wh; a channel
    of 1800 or 3600 s has its value in the slot where the interval begins, and quality 0 in the others.
    """
    if to_slot - from_slot > _LONGEST:
        raise ValueError(f"a range of {to_slot - from_slot} slots is too long for one matrix")
    shape = (len(channel_ids), max(to_slot - from_slot, 0))
    wh, quality = np.zeros(shape, np.int64), np.zeros(shape, np.int8)
    read = _fill_sqlite if connection.dialect.name == "sqlite" else _fill_postgresql
    for first in range(0, len(channel_ids), _CHANNELS_PER_QUERY):
        part = slice(first, first + _CHANNELS_PER_QUERY)
        read(connection, [int(one) for one in channel_ids[part]], from_slot, to_slot, wh[part], quality[part])
    return wh, quality


def _fill_postgresql(
    connection: Connection, ids: list[int], from_slot: int, to_slot: int, wh: Int64Array, quality: Int8Array
) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor(binary=True) as cursor:
        cursor.execute(_PACKED, {"ids": ids, "from": from_slot, "to": to_slot})
        found = cursor.fetchall()
    if not found:
        return
    row_of = {channel_id: row for row, channel_id in enumerate(ids)}
    rows = np.array([row_of[channel_id] for channel_id, _ in found], np.int64)
    packed = np.frombuffer(b"".join(one for _, one in found), ">i8").astype(np.int64)
    rows = np.repeat(rows, [len(one) // 8 for _, one in found])
    columns = packed >> _SLOT_SHIFT
    wh[rows, columns] = (packed & _WH_MASK).astype(np.uint32).view(np.int32)
    quality[rows, columns] = (packed >> _QUALITY_SHIFT) & 7


def _fill_sqlite(
    connection: Connection, ids: list[int], from_slot: int, to_slot: int, wh: Int64Array, quality: Int8Array
) -> None:
    driver: Any = connection.connection.driver_connection
    found = driver.execute(_PLAIN, (f"[{','.join(map(str, ids))}]", from_slot, to_slot)).fetchall()
    if not found:
        return
    table = np.array(found, np.int64)
    order = np.argsort(np.array(ids, np.int64), kind="stable")
    rows = order[np.searchsorted(np.array(ids, np.int64)[order], table[:, 0])]
    columns = table[:, 1] - from_slot
    wh[rows, columns] = table[:, 2]
    quality[rows, columns] = table[:, 3]
