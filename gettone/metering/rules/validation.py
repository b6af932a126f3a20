"""The interval rows of one batch through rules V2 to V12, by column, down to one value per channel and slot.

Nothing is dropped: every row ends as an accepted value or a part of one, as equal to another, as missing, in
quarantine, or among the rejects (law 2 of the metering specification §1).
"""

import numpy as np

from gettone.metering.codes import Code
from gettone.metering.energy import energies
from gettone.metering.exact import BoolArray
from gettone.metering.flow import POWER_SAMPLE, RANK_OF_CLASS, FlowConfig
from gettone.metering.received import (
    NO_DIRECTION,
    Int8Array,
    Int16Array,
    Int64Array,
    Received,
    ReceivedRegisters,
    Rejected,
)
from gettone.metering.registry import SLOT_S, ChannelTable, Registry
from gettone.metering.rules.alignment import Parts, assemble, snap
from gettone.metering.rules.bounds import WH_LIMIT, exceeds
from gettone.metering.rules.judgement import Rows, refuse
from gettone.metering.rules.refusals import INTERVAL_RULES
from gettone.metering.rules.rivals import Candidates, settle_rivals
from gettone.metering.rules.tally import Tally
from gettone.metering.values import HeldState, HeldValues, Validated, Values
from gettone.types import Quality


def validate(received: Received, registry: Registry, flow: FlowConfig, receipt_s: int) -> Validated:
    """Run the rules over the interval rows of one batch, received at `receipt_s` [unix s].

    Invariants: the result does not depend on the order of rows; one accepted value per channel and slot;
    rows = accepted + held + rejected + equal + merged + missing.
    """
    tally = Tally.of(received)
    rows = interval_rows(received, registry, flow, receipt_s)
    rejected, good = refuse(rows, INTERVAL_RULES)
    tally.reject(rejected)
    quality = _noted_quality(rows, good, tally)
    candidates = _candidates(rows, good, quality, tally)
    accepted, conflicting = settle_rivals(candidates, rows.table, tally)
    above = exceeds(rows.table, accepted.channel, accepted.slot, accepted.wh)
    tally.note(Code.P_BOUND, int(above.sum()))
    held = accepted.take(above).joined(conflicting)
    state = np.repeat(np.array([HeldState.QUARANTINED, HeldState.CONFLICT], np.int8), [above.sum(), len(conflicting)])
    return Validated(
        rows=received.rows_in,
        accepted=values_of(accepted.take(~above) if above.any() else accepted, rows.table),
        held=held_of(values_of(held, rows.table), state),
        rejected=tally.sorted_rejects(),
        equal=tally.equal,
        merged=tally.merged,
        missing=tally.missing,
        codes=dict(tally.codes),
    )


def interval_rows(received: Received, registry: Registry, flow: FlowConfig, receipt_s: int) -> Rows:
    """The rows with their channels, boundaries and energies, for the rules to judge."""
    table = ChannelTable.of(received.devices, registry)
    length_s = received.interval_s.astype(np.int64)
    _, off_s = snap(received.start_s, np.maximum(length_s, 1), flow.snap_s)
    energy = energies(received, flow)
    if not received.quality.all():
        energy = energy._replace(numerator=np.where(received.quality == Quality.MISSING, 0, energy.numerator))
    return Rows(
        received=received,
        flow=flow,
        receipt_s=receipt_s,
        table=table,
        channel=table.find(received.device, received.interval_s, stated_direction(received, flow)),
        start_s=received.start_s,
        end_s=received.start_s + length_s,
        length_s=length_s,
        off_s=off_s,
        energy=energy,
        wh=energy.to_wh(),
    )


def stated_direction(received: Received | ReceivedRegisters, flow: FlowConfig) -> Int8Array:
    """Direction of each row: its own, else that of the flow, else NO_DIRECTION."""
    if flow.direction is None:
        return received.direction
    return np.where(received.direction == NO_DIRECTION, np.int8(flow.direction), received.direction)


def ranks_of(received: Received | ReceivedRegisters, quality: Int8Array, flow: FlowConfig) -> Int16Array:
    """Rank of each row by its quality and the class of its source."""
    classes = 0 if received.source_class is None else received.source_class
    return np.asarray(rank_table(flow)[classes, quality], np.int16)


def rank_table(flow: FlowConfig) -> Int16Array:
    """Ranks by class of source, 0 for that of the flow, and quality."""
    return np.array([[flow.rank_of(one, source) for one in Quality] for source in (0, *RANK_OF_CLASS)], np.int16)


def values_of(found: Candidates, table: ChannelTable) -> Values:
    """Candidates as values of their channels."""
    return Values(table.channel_id[found.channel], found.slot.astype(np.int32), found.wh, found.quality, found.rank)


def held_of(values: Values, state: Int8Array) -> HeldValues:
    """Values in quarantine in an order that does not depend on that of the rows."""
    order = np.lexsort((state, values.quality, values.rank, values.wh, values.slot, values.channel_id))
    return HeldValues(values[order], state[order])


def _noted_quality(rows: Rows, good: BoolArray, tally: Tally) -> Int8Array:
    """The quality of each row; a sampled power is an estimate (V4), and declared gaps are counted (V2)."""
    quality = rows.received.quality
    tally.note(Code.T_SNAPPED, _count_snapped(rows, good))
    tally.note(Code.M_DECLARED, int((good & (quality == Quality.MISSING)).sum()))
    if rows.flow.kind != POWER_SAMPLE:
        return quality
    measured = (quality == Quality.ACTUAL) | (quality == Quality.CORRECTED)
    tally.note(Code.U_SAMPLE, int((good & (quality != Quality.MISSING)).sum()))
    return np.where(measured, np.int8(Quality.ESTIMATED), quality)


def _count_snapped(rows: Rows, good: BoolArray) -> int:
    return int((good & (rows.start_s % np.maximum(rows.length_s, 1) != 0)).sum()) if rows.flow.snap_s else 0


def _candidates(rows: Rows, good: BoolArray, quality: Int8Array, tally: Tally) -> Candidates:
    """One candidate per whole interval and per complete quarter of an hour of parts (V8)."""
    start_s = (
        snap(rows.start_s, np.maximum(rows.length_s, 1), rows.flow.snap_s)[0] if rows.flow.snap_s else rows.start_s
    )
    is_part = good & (rows.length_s < SLOT_S)
    whole = good & ~is_part if is_part.any() else good
    chosen: Int64Array | slice = slice(None) if whole.all() else np.flatnonzero(whole)
    rank = ranks_of(rows.received, quality, rows.flow)
    found = Candidates(rows.channel[chosen], start_s[chosen] // SLOT_S, rows.wh[chosen], quality[chosen], rank[chosen])
    at = np.flatnonzero(is_part)
    if len(at) == 0:
        return found
    parts = Parts(at, rows.channel[at], start_s[at], rows.length_s[at], rows.energy.take(at), quality[at], rank[at])
    return found.joined(_assembled(rows, parts, tally))


def _assembled(rows: Rows, parts: Parts, tally: Tally) -> Candidates:
    sums = assemble(parts)
    reason = "other rows of the batch give this part of a slot another value"
    tally.reject(_rejects(rows, sums.conflicting, Code.D_CONFLICT, reason))
    fitting = np.abs(sums.wh) < WH_LIMIT
    beyond = sums.member[~fitting[sums.member_of]]
    tally.reject(_rejects(rows, beyond, Code.R_RANGE, "the parts of this slot add up to more than any meter counts"))
    tally.repeat(sums.equal)
    tally.missing += len(sums.partial)
    tally.note(Code.T_PARTIAL, len(sums.partial))
    tally.merged += len(sums.member) - len(beyond) - int(fitting.sum())
    return Candidates(sums.channel, sums.slot, sums.wh, sums.quality, sums.rank).take(fitting)


def _rejects(rows: Rows, at: Int64Array, code: Code, reason: str) -> list[Rejected]:
    column = rows.flow.column("value")
    return [Rejected(int(row), code, column, reason) for row in rows.received.row[at]]
