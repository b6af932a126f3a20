"""The values of a batch against the current ones of their slots, by column (rule V13); pure."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gettone.metering.exact import BoolArray
from gettone.metering.received import Int8Array, Int16Array, Int32Array
from gettone.metering.values import Values
from gettone.types import Quality


class BatchStamp(NamedTuple):
    """What a batch gives its values: id, receipt [unix ms] and digest."""

    batch_id: int
    received_at: int
    sha256: bytes

    @property
    def order(self) -> tuple[int, bytes]:
        """Of two values of one rank, the one whose batch has the greater order is current."""
        return self.received_at, self.sha256


@dataclass(frozen=True, slots=True)
class Rivals:
    """Received values beside the current value of the same slot, row by row.

    version: number of the current value.  last_version: the highest number kept beside it, 0 for none.
    newer: whether the received batch comes after the batch of the current value (receipt, then digest).
    """

    received: Values
    current: Values
    version: Int16Array
    last_version: Int16Array
    batch_id: Int32Array
    newer: BoolArray

    def next_version(self) -> Int16Array:
        """The number a received value gets."""
        following: Int16Array = (np.maximum(self.version, self.last_version) + 1).astype(np.int16)
        return following


@dataclass(frozen=True, slots=True)
class Decisions:
    """V13 for each received value; exactly one of equal, confirms, changes and older holds.

    equal adds nothing; confirms and changes make it current with `quality`; older keeps it beside.
    """

    equal: BoolArray
    confirms: BoolArray
    changes: BoolArray
    older: BoolArray
    quality: Int8Array


def decide_columns(rivals: Rivals) -> Decisions:
    """Rule V13 by column: what `decide` says of one value.

    An actual value that replaces another measured one is a correction (quality 3).
    """
    received, current = rivals.received, rivals.current
    missing = np.int8(Quality.MISSING)
    same = (received.wh == current.wh) & ((received.quality == missing) == (current.quality == missing))
    earns, earned = measured(received.quality), measured(current.quality)
    better = (received.rank > current.rank) | (earns & ~earned)
    greater = (received.rank > current.rank) | ((received.rank == current.rank) & rivals.newer)
    changes = ~same & greater
    corrected = changes & earns & earned
    return Decisions(
        equal=same & ~better,
        confirms=same & better,
        changes=changes,
        older=~same & ~greater,
        quality=np.where(corrected, np.int8(Quality.CORRECTED), received.quality),
    )


def measured(quality: Int8Array) -> BoolArray:
    """Where a value was measured: only these earn (`Quality.earns`)."""
    found: BoolArray = (quality == Quality.ACTUAL) | (quality == Quality.CORRECTED)
    return found
