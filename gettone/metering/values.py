"""What the rules V2 to V12 make of the rows of a batch, by column: the input of the merge (rule V13)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Self

import numpy as np

from gettone.metering.codes import Code
from gettone.metering.exact import BoolArray
from gettone.metering.received import Int8Array, Int16Array, Int32Array, Int64Array, Rejected


class HeldState(IntEnum):
    """Why a value waits for a person; its name in lower case is the state of the stored version."""

    QUARANTINED = 0
    CONFLICT = 1


@dataclass(frozen=True, slots=True)
class Values:
    """Values by column, sorted by (channel, slot): Wh (0 where missing), quality 0..4, rank."""

    channel_id: Int32Array
    slot: Int32Array
    wh: Int64Array
    quality: Int8Array
    rank: Int16Array

    def __len__(self) -> int:
        return len(self.slot)

    def __getitem__(self, chosen: Any) -> Self:
        """The values at positions, a mask or a slice."""
        return type(self)(
            self.channel_id[chosen], self.slot[chosen], self.wh[chosen], self.quality[chosen], self.rank[chosen]
        )

    def columns(self) -> tuple[Int32Array, Int32Array, Int64Array, Int8Array, Int16Array]:
        """The columns in their order: channel id, slot, Wh, quality, rank."""
        return self.channel_id, self.slot, self.wh, self.quality, self.rank

    @classmethod
    def empty(cls) -> Self:
        """No values."""
        return cls(
            np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int8),
            np.empty(0, np.int16),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class HeldValues:
    """Values in quarantine, several per slot where rows disagree; `state` by `HeldState`: V11 or V12.

    Sorted by channel, slot, Wh, rank, quality and state.
    """

    values: Values
    state: Int8Array

    def __len__(self) -> int:
        return len(self.state)

    @classmethod
    def empty(cls) -> Self:
        """No values."""
        return cls(Values.empty(), np.empty(0, np.int8))


@dataclass(frozen=True, slots=True)
class RegisterBases:
    """Registers that later readings are counted from, sorted by (channel, instant): UTC [unix s], Wh, quality.

    joined: whether every boundary between the base before and this one is told, so that what lay between could go.
    They belong to one flow, because two sources of a channel may count from different zeros: table `register_bases`
    with key (flow_id, channel_id, at_s).  Only the ends of runs without a gap are kept.
    """

    channel_id: Int32Array
    at_s: Int64Array
    wh: Int64Array
    quality: Int8Array
    joined: BoolArray

    def __len__(self) -> int:
        return len(self.at_s)

    @classmethod
    def empty(cls) -> Self:
        """No bases."""
        return cls(
            np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int8),
            np.empty(0, np.bool_),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownGaps:
    """Gaps whose energy a register tells (G_KNOWN), sorted: first slot, length in native steps, signed Wh.

    They say what all their slots together hold, not that each of them is still missing.
    """

    channel_id: Int32Array
    first_slot: Int32Array
    slots: Int32Array
    wh: Int64Array

    def __len__(self) -> int:
        return len(self.slots)

    @classmethod
    def empty(cls) -> Self:
        """No gaps."""
        return cls(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class Validated:
    """What became of the rows of a batch.

    rows: rows in; for registers each stored base that a late reading completes counts again, so that law 2 holds.
    accepted: one value per (channel, slot).  held: values in quarantine.  rejected: refused rows by number.
    equal: rows that repeat another.  merged: parts of a slot beside the first, and registers that make no value.
    missing: parts of slots that are not complete, and registers after a reset.  codes: how often each rule spoke.
    bases, spent_bases: registers to store for the flow, and before that those to delete; a changed one is in both.
    estimates: interpolated values (T_INTERP, quality 2), for table `estimates` only.
    gaps: known energy of slots without values.

    Invariant (law 2): rows = accepted + held + rejected + equal + merged + missing.
    """

    rows: int = 0
    accepted: Values = field(default_factory=Values.empty)
    held: HeldValues = field(default_factory=HeldValues.empty)
    rejected: tuple[Rejected, ...] = ()
    equal: int = 0
    merged: int = 0
    missing: int = 0
    codes: Mapping[Code, int] = field(default_factory=dict)
    bases: RegisterBases = field(default_factory=RegisterBases.empty)
    spent_bases: RegisterBases = field(default_factory=RegisterBases.empty)
    estimates: Values = field(default_factory=Values.empty)
    gaps: KnownGaps = field(default_factory=KnownGaps.empty)

    @property
    def accounted(self) -> int:
        """Rows that are accounted for; law 2: equal to `rows`."""
        return len(self.accepted) + len(self.held) + len(self.rejected) + self.equal + self.merged + self.missing

    @property
    def permille_rejected(self) -> int:
        """Rejected rows in permille, rounded up, of all but those of unknown devices: these are parked (§3.1)."""
        parked = sum(one.code is Code.R_UNKNOWN for one in self.rejected)
        refused, counted = len(self.rejected) - parked, self.rows - parked
        return -(-1000 * refused // counted) if counted else 0
