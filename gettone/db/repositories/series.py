"""Readings as dense matrices: one row per channel, one column per slot of 900 s, missing slots explicit."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

Int64Array = NDArray[np.int64]
Int8Array = NDArray[np.int8]

# A reading as one number: slot within the range, quality, and the 32 bits of Wh.  One aggregate per channel costs
# a fraction of one row per reading, on the server and here.
_SLOT_SHIFT, _QUALITY_SHIFT, _WH_MASK = 35, 32, 0xFFFF_FFFF
_LONGEST = 1 << (63 - _SLOT_SHIFT)
_CHANNELS_PER_QUERY = 5_000

_PACKED = (
    "SELECT channel_id, string_agg(int8send(((slot - %(from)s)::int8 << 35) | (quality::int8 << 32) "
    "| (wh::int8 & 4294967295)), '') FROM readings "
    "WHERE channel_id = ANY(%(ids)s) AND slot >= %(from)s AND slot < %(to)s AND rank >= %(rank)s GROUP BY channel_id"
)
_PLAIN = (
    "SELECT channel_id, slot, wh, quality FROM readings JOIN json_each(?) AS wanted ON channel_id = wanted.value "
    "WHERE slot >= ? AND slot < ? AND rank >= ?"
)


def read_dense(
    connection: Connection, channel_ids: Sequence[int], from_slot: int, to_slot: int, *, min_rank: int = 0
) -> tuple[Int64Array, Int8Array]:
    """The current readings of channels in [from_slot, to_slot) as (wh, quality), both [channels, slots].

    Only readings of `min_rank` or more: a settlement asks for the rank that may earn, everybody else for all.

    In the order of `channel_ids`, which must not repeat.  A slot without a reading has quality 0 and 0 Wh; a channel
    of 1800 or 3600 s has its value in the slot where the interval begins, and quality 0 in the others.
    """
    if to_slot - from_slot > _LONGEST:
        raise ValueError(f"a range of {to_slot - from_slot} slots is too long for one matrix")
    shape = (len(channel_ids), max(to_slot - from_slot, 0))
    wh, quality = np.zeros(shape, np.int64), np.zeros(shape, np.int8)
    parts = [
        _Part(
            [int(one) for one in channel_ids[first : first + _CHANNELS_PER_QUERY]],
            from_slot,
            to_slot,
            min_rank,
            wh[first : first + _CHANNELS_PER_QUERY],
            quality[first : first + _CHANNELS_PER_QUERY],
        )
        for first in range(0, len(channel_ids), _CHANNELS_PER_QUERY)
    ]
    if connection.dialect.name == "sqlite":
        for part in parts:
            _fill_sqlite(connection, part)
    else:
        _fill_together(connection, parts)
    return wh, quality


class _Part(NamedTuple):
    """Some channels' readings in [from_slot, to_slot) of a rank or more, and the rows of the matrices for them."""

    ids: list[int]
    from_slot: int
    to_slot: int
    min_rank: int
    wh: Int64Array
    quality: Int8Array


def _fill_together(connection: Connection, parts: list[_Part]) -> None:
    """Fill parts one by one, or, where nothing can be written, over two connections that see one state."""
    if len(parts) < 2 or not connection.get_execution_options().get("postgresql_readonly"):
        for part in parts:
            _fill_postgresql(connection, part)
        return
    snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with connection.engine.connect().execution_options(**options) as other, ThreadPoolExecutor(2) as pool:
        other.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        # Each thread has a connection of its own, and takes the next part when it has filled one.
        rest = iter(parts)
        for done in [pool.submit(_fill_rest, one, rest) for one in (connection, other)]:
            done.result()


def _fill_rest(connection: Connection, rest: Iterator[_Part]) -> None:
    for part in rest:
        _fill_postgresql(connection, part)


def _fill_postgresql(connection: Connection, box: _Part) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor(binary=True) as cursor:
        cursor.execute(_PACKED, {"ids": box.ids, "from": box.from_slot, "to": box.to_slot, "rank": box.min_rank})
        found = cursor.fetchall()
    if not found:
        return
    row_of = {channel_id: row for row, channel_id in enumerate(box.ids)}
    rows = np.array([row_of[channel_id] for channel_id, _ in found], np.int64)
    packed = np.frombuffer(b"".join(one for _, one in found), ">i8").astype(np.int64)
    rows = np.repeat(rows, [len(one) // 8 for _, one in found])
    columns = packed >> _SLOT_SHIFT
    box.wh[rows, columns] = (packed & _WH_MASK).astype(np.uint32).view(np.int32)
    box.quality[rows, columns] = (packed >> _QUALITY_SHIFT) & 7


def _fill_sqlite(connection: Connection, box: _Part) -> None:
    driver: Any = connection.connection.driver_connection
    found = driver.execute(_PLAIN, (f"[{','.join(map(str, box.ids))}]", *box[1:4])).fetchall()
    if not found:
        return
    table = np.array(found, np.int64)
    ids = np.array(box.ids, np.int64)
    order = np.argsort(ids, kind="stable")
    rows = order[np.searchsorted(ids[order], table[:, 0])]
    columns = table[:, 1] - box.from_slot
    box.wh[rows, columns] = table[:, 2]
    box.quality[rows, columns] = table[:, 3]
