"""Rule V12: several values for one channel and slot in one batch are one if they agree, and all held back if not."""

from dataclasses import dataclass

import numpy as np

from gettone.metering.codes import Code
from gettone.metering.exact import BoolArray
from gettone.metering.received import Int8Array, Int16Array, Int32Array, Int64Array
from gettone.metering.registry import ChannelTable
from gettone.metering.rules.tally import Tally


@dataclass(frozen=True, slots=True)
class Candidates:
    """Values that want to become readings, columns of equal length: channel (by position), slot, Wh, quality, rank."""

    channel: Int32Array
    slot: Int64Array
    wh: Int64Array
    quality: Int8Array
    rank: Int16Array

    def __len__(self) -> int:
        return len(self.slot)

    def take(self, chosen: BoolArray | Int64Array) -> "Candidates":
        """The candidates at positions or under a mask."""
        return Candidates(
            self.channel[chosen], self.slot[chosen], self.wh[chosen], self.quality[chosen], self.rank[chosen]
        )

    def joined(self, other: "Candidates") -> "Candidates":
        """These candidates, then the others."""
        return Candidates(
            np.concatenate((self.channel, other.channel)),
            np.concatenate((self.slot, other.slot)),
            np.concatenate((self.wh, other.wh)),
            np.concatenate((self.quality, other.quality)),
            np.concatenate((self.rank, other.rank)),
        )


def settle_rivals(candidates: Candidates, table: ChannelTable, tally: Tally) -> tuple[Candidates, Candidates]:
    """One candidate per channel and slot, sorted by channel id and slot; and all those that contradict another.

    Those that agree count with the best rank among them.
    """
    key = (table.channel_id[candidates.channel].astype(np.int64) << 32) | candidates.slot
    step = np.diff(key)
    if not (step > 0).all():
        order = np.lexsort((-candidates.rank, key))
        candidates, key = candidates.take(order), key[order]
        step = np.diff(key)
    repeated = step == 0
    if not repeated.any():
        return candidates, candidates.take(np.empty(0, np.int64))
    starts = np.flatnonzero(np.append(True, ~repeated))
    sizes = np.diff(np.append(starts, len(key)))
    first = np.repeat(starts, sizes)
    same = (candidates.wh == candidates.wh[first]) & (candidates.quality == candidates.quality[first])
    agreed = np.logical_and.reduceat(same, starts)
    conflicting = ~np.repeat(agreed, sizes)
    tally.repeat(int((sizes - 1)[agreed].sum()))
    tally.note(Code.D_CONFLICT, int(conflicting.sum()))
    return candidates.take(starts[agreed]), candidates.take(conflicting)
