"""Blocks of readings from the database, with what waits for persons and what is registered about each channel."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection

from gettone.db.repositories.gaps import Gaps
from gettone.db.repositories.held_values import HeldValues
from gettone.db.repositories.metered_channels import Holding, MeteredChannel
from gettone.db.repositories.series import read_dense
from gettone.metering.checks.block import SLOT_S, Block, Bounds
from gettone.metering.checks.coverage import day_starts
from gettone.metering.checks.estimation import EstimateRule
from gettone.metering.checks.gaps import measured_in
from gettone.metering.checks.sequences import BoolArray
from gettone.metering.received import Int8Array, Int64Array
from gettone.metering.registry import Contract
from gettone.metering.rules.bounds import plant_bound_wh, withdrawal_bound_wh
from gettone.periods import load_zone, local_date
from gettone.types import Quality

CHANNELS_PER_PART, CELLS_PER_PART = 900, 4_000_000


def alike(channels: Sequence[MeteredChannel], slots: int) -> Iterator[tuple[MeteredChannel, ...]]:
    """Parts of channels that share a step and a time zone, small enough to hold `slots` slots of each in memory."""
    size = max(min(CHANNELS_PER_PART, CELLS_PER_PART // slots), 1)
    ordered = sorted(channels, key=lambda one: (one.step_s, one.timezone, one.channel_id))
    for _, group in groupby(ordered, key=lambda one: (one.step_s, one.timezone)):
        same = tuple(group)
        for first in range(0, len(same), size):
            yield same[first : first + size]


def local_days(from_slot: int, to_slot: int, timezone: str) -> range:
    """The local days (days since 1970-01-01) that hold slots of [from_slot, to_slot)."""
    first, last = (local_date(slot * SLOT_S, timezone).toordinal() for slot in (from_slot, max(to_slot - 1, from_slot)))
    return range(first - _EPOCH, last - _EPOCH + 1)


_EPOCH = 719_163


def load_block(connection: Connection, channels: Sequence[MeteredChannel], days: range) -> Block:
    """The readings of channels of one step and zone over whole local days.

    A slot belongs to the day it begins in: an hourly one around midnight to the day before.
    """
    stride = channels[0].step_s // SLOT_S
    starts = -(-day_starts(days, _zone(channels)) // stride) * stride
    first, end = int(starts[0]), int(starts[-1])
    ids = [one.channel_id for one in channels]
    dense_wh, dense_quality = read_dense(connection, ids, first, end)
    wh, quality = dense_wh[:, ::stride].copy(), dense_quality[:, ::stride].copy()
    places = _Places({channel_id: row for row, channel_id in enumerate(ids)}, first, end, stride)
    _put_interpolated(connection, places, wh, quality)
    received, held = _put_waiting(connection, places, wh, quality)
    slots = np.arange(first, end, stride, dtype=np.int64)
    return Block(
        channel_id=np.array(ids),
        direction=np.array([int(one.direction) for one in channels], dtype=np.int8),
        step_s=channels[0].step_s,
        first_slot=first,
        wh=wh,
        quality=quality,
        received=received,
        held=held,
        expected=np.stack([_inside(one.holdings, slots, stride) for one in channels]),
        firsts=(starts[:-1] - first) // stride,
        bounds=_bounds(channels, first, stride),
    )


class _Places(NamedTuple):
    """Where the values of channels lie in a block over [first_slot, end_slot)."""

    rows: dict[int, int]
    first_slot: int
    end_slot: int
    stride: int

    @property
    def box(self) -> tuple[list[int], int, int]:
        return list(self.rows), self.first_slot, self.end_slot

    def at(self, channel_id: int, slot: int) -> tuple[int, int]:
        return self.rows[channel_id], (slot - self.first_slot) // self.stride


def _put_interpolated(connection: Connection, places: _Places, wh: Int64Array, quality: Int8Array) -> None:
    """Registers interpolated at ingestion (V7) are values of quality 2 until something better comes."""
    for estimate in Gaps(connection).estimates(*places.box):
        at = places.at(estimate.channel_id, estimate.slot)
        if estimate.rule == EstimateRule.T_INTERP and quality[at] == Quality.MISSING:
            wh[at], quality[at] = estimate.wh, Quality.ESTIMATED


def _put_waiting(
    connection: Connection, places: _Places, wh: Int64Array, quality: Int8Array
) -> tuple[BoolArray, BoolArray]:
    """Put waiting values where nothing is current; what was received and not let stand by persons, and what waits."""
    received, held = measured_in(quality).copy(), np.zeros(wh.shape, dtype=bool)
    values = HeldValues(connection)
    for channel_id, slot in values.accepted(*places.box):
        received[places.at(channel_id, slot)] = False
    for waiting in values.waiting(*places.box):
        at = places.at(waiting.channel_id, waiting.slot)
        held[at] = True
        if quality[at] == Quality.MISSING:
            wh[at] = waiting.wh
            received[at] = waiting.state == "quarantined"
    return received, held


def _zone(channels: Sequence[MeteredChannel]) -> ZoneInfo:
    return load_zone(channels[0].timezone)


def _inside(holdings: Sequence[Holding], slots: Int64Array, stride: int) -> BoolArray:
    """Which slots lie wholly in a member's hands."""
    inside = np.zeros(len(slots), dtype=bool)
    for one in holdings:
        inside |= (slots >= one.from_slot) & (slots + stride <= one.to_slot)
    return inside


def _bounds(channels: Sequence[MeteredChannel], first_slot: int, stride: int) -> Bounds:
    """The bounds of V11 of every channel from the first column on, and from each change of its contract."""
    rows: list[tuple[int, int, int, int]] = []
    for row, channel in enumerate(channels):
        columns: dict[int, tuple[int, int]] = {0: _powers(None, channel.step_s)}
        for contract in channel.contracts:
            columns[max(-(-(contract.from_slot - first_slot) // stride), 0)] = _powers(contract, channel.step_s)
            if contract.to_slot is not None:
                columns[max(-(-(contract.to_slot - first_slot) // stride), 0)] = _powers(None, channel.step_s)
        rows += [(row, column, *powers) for column, powers in sorted(columns.items())]
    row_, column_, inward, outward = (np.array(values, dtype=np.int64) for values in zip(*rows, strict=True))
    return Bounds(row_, column_, inward, outward)


def _powers(contract: Contract | None, step_s: int) -> tuple[int, int]:
    return withdrawal_bound_wh(contract, step_s), plant_bound_wh(contract, step_s)
