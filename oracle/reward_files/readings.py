"""The readings file of a reward calculation: the built-in profile, of which every row must be sound, as series."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gettone.engine.json_files import refusals_naming
from gettone.errors import InputError
from gettone.metering.codes import Code
from gettone.metering.exact import BoolArray
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Int64Array, Received
from gettone.metering.rules.bounds import NEVER_NEGATIVE, NEVER_POSITIVE
from gettone.periods import utc_text
from gettone.rewards.inputs import Community, Membership, Series
from gettone.rewards.local_days import baseline_start_s
from gettone.rewards.model import Model
from gettone.rewards.run import RejectedReading
from gettone.types import Quality, SettlementPeriod
from oracle.formats import profile
from oracle.reward_files.soundness import refuse_first

_EARNS = [int(quality) for quality in Quality if quality.earns]


@dataclass(frozen=True, slots=True)
class FileInputs:
    """What the files hold for one calculation; `rejected` in order of device and time."""

    community: Community
    rejected: tuple[RejectedReading, ...]


@dataclass(frozen=True, slots=True)
class _Slots:
    """One row for each device and slot of a file, sorted by both.

    bounds: position of the first row of each device in order of its number, and the end.  counts: the readings that
    may earn.  wrong: the rows that rule V9 sets aside.
    """

    received: Received
    order: Int64Array
    bounds: Int64Array
    counts: BoolArray
    wrong: BoolArray


def read_community(
    readings: Path, memberships: Sequence[Membership], model: Model, period: SettlementPeriod, netting: str
) -> FileInputs:
    """The community of a readings file and its members.

    Raises InputError, with file, row and reason, for a row against the format, an unknown device, an interval
    longer than the model's slot, a slot with two different values, and a period without any reading; with the F code
    of rule V1 for a file that is no table of readings.
    """
    with refusals_naming(readings):
        received = profile.read(readings, FlowConfig())
    if not isinstance(received, Received):
        raise TypeError("the built-in profile holds intervals")
    wrong = _wrong_sign(received)
    counts = np.isin(received.quality, _EARNS) & ~wrong
    order = np.lexsort((received.start_s, received.device))
    refuse_first(readings, received, counts, order, {one.device for one in memberships}, model.sharing.slot_s)
    if not ((received.start_s >= period.start_s) & (received.start_s < period.end_s)).any():
        raise InputError("period_without_readings", f"{readings} holds no reading inside the period asked for")
    slots = _slots(received, order, counts, wrong)
    community = Community(_series(slots, memberships), tuple(memberships), netting)
    return FileInputs(community, _rejected(slots, model, period))


def _wrong_sign(received: Received) -> BoolArray:
    """Rows of a one-way register with a sign it cannot show (rule V9): such a reading counts as missing."""
    negative = np.isin(received.direction, NEVER_NEGATIVE) & (received.mantissa < 0)
    positive = np.isin(received.direction, NEVER_POSITIVE) & (received.mantissa > 0)
    return np.asarray(negative | positive, np.bool_)


def _slots(received: Received, order: Int64Array, counts: BoolArray, wrong: BoolArray) -> _Slots:
    device, start_s = received.device[order], received.start_s[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (device[1:] != device[:-1]) | (start_s[1:] != start_s[:-1])
    kept = order[first]
    bounds = np.searchsorted(received.device[kept], np.arange(len(received.devices) + 1))
    return _Slots(received, kept, bounds, counts, wrong)


def _series(slots: _Slots, memberships: Sequence[Membership]) -> dict[str, Series]:
    received = slots.received
    found = {}
    for number, name in enumerate(received.devices):
        own = slots.order[slots.bounds[number] : slots.bounds[number + 1]]
        if len(own):
            counted = own[slots.counts[own]]
            readings = dict(zip(received.start_s[counted].tolist(), received.mantissa[counted].tolist(), strict=True))
            found[name] = Series(name, int(received.interval_s[own[0]]), readings)
    # A device nobody read still has expected slots: it takes the coarsest interval of the community.
    coarsest_s = max(series.interval_s for series in found.values())
    return {one.device: found.get(one.device, Series(one.device, coarsest_s, {})) for one in memberships}


def _rejected(slots: _Slots, model: Model, period: SettlementPeriod) -> tuple[RejectedReading, ...]:
    received = slots.received
    reads_past = model.no_peaks is not None and model.no_peaks.limit_mode == "percentile"
    from_s = baseline_start_s(period, model.sharing.slot_s) if reads_past else period.start_s
    wrong = slots.order[slots.wrong[slots.order]]
    inside = wrong[(received.start_s[wrong] >= from_s) & (received.start_s[wrong] < period.end_s)]
    by_device = sorted(inside.tolist(), key=lambda at: received.devices[received.device[at]].encode())
    return tuple(
        RejectedReading(
            received.devices[received.device[at]],
            utc_text(int(received.start_s[at])),
            Code.N_NEGATIVE if received.mantissa[at] < 0 else Code.N_POSITIVE,
        )
        for at in by_device
    )
