"""Readings in columns put into one dense matrix, and the scores of model 1 over dense readings."""

from typing import Any

import numpy as np
import numpy.typing as npt

from gettone.engine.meter_matrix import Int64Array, MeterMatrix, share_energy
from gettone.rewards.self_consumption import SelfConsumption

Int8Array = npt.NDArray[np.int8]
WholeArray = npt.NDArray[np.integer[Any]]


def dense_of_columns(
    channel_id: WholeArray, slot: WholeArray, wh: WholeArray, quality: WholeArray, from_slot: int, to_slot: int
) -> tuple[Int64Array, Int64Array, Int8Array]:
    """Channel ids, ascending, with their Wh and quality [channels, slots] in [from_slot, to_slot).

    The columns are sorted by channel and slot, as values are after validation, and hold no slot twice; a slot without
    a reading is 0 Wh of quality 0.
    """
    slots = to_slot - from_slot
    firsts = np.flatnonzero(np.diff(channel_id, prepend=channel_id[:1] - 1))
    ids = channel_id[firsts].astype(np.int64)
    shape = (len(ids), slots)
    if len(slot) == len(ids) * slots and (slot.reshape(shape) == np.arange(from_slot, to_slot)).all():
        # Every slot has its reading: the columns are the matrix already.
        return ids, wh.reshape(shape).astype(np.int64), quality.reshape(shape).astype(np.int8)
    inside = (slot >= from_slot) & (slot < to_slot)
    counts = np.diff(firsts, append=len(channel_id))
    places = (np.repeat(np.arange(len(ids)) * slots, counts) + slot - from_slot)[inside]
    dense, known = np.zeros(shape[0] * slots, np.int64), np.zeros(shape[0] * slots, np.int8)
    dense[places], known[places] = wh[inside], quality[inside]
    return ids, dense.reshape(shape), known.reshape(shape)


def dense_scores(wh: Int64Array, quality: Int8Array, sharing: SelfConsumption) -> Int64Array:
    """Model-1 scores [nWh] of channels over dense readings of 900 s, one channel a member, one period.

    Only measured readings (quality 1 or 3) count; the caller has left out those of too low a rank.  Raises Overflow.
    """
    if not (quality & 1).all():
        wh = wh * (quality & 1)
    meters = MeterMatrix(wh, np.arange(len(wh) + 1), sharing.slot_s // 900)
    scores: Int64Array = share_energy(meters, [0]).scores_nwh(sharing)[0]
    return scores
