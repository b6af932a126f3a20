"""Registers to values: the readings of one batch and the stored bases of their flow, through rules V2 to V12.

Each register is rounded to Wh first and subtracted then.  Nothing is dropped: a reading ends a value, or is merged
into the chain as a base, or repeats another, or is missing after a reset, or is refused.
"""

from typing import NamedTuple

import numpy as np

from gettone.metering.codes import Code
from gettone.metering.exact import BoolArray
from gettone.metering.flow import ESTIMATE_RANK, FlowConfig
from gettone.metering.received import Int64Array, ReceivedRegisters, Rejected
from gettone.metering.registers.chain import Boundaries, Chain, bases_kept, boundaries_of, chain_of, inside_told
from gettone.metering.registers.readings import bases_of, joined, new_readings, register_rows, with_known
from gettone.metering.registry import SLOT_S, Registry
from gettone.metering.rules.alignment import weaker_quality
from gettone.metering.rules.bounds import NEVER_NEGATIVE, NEVER_POSITIVE, WH_LIMIT, exceeds
from gettone.metering.rules.judgement import Rows, Rule, refuse
from gettone.metering.rules.refusals import DEVICE_RULES
from gettone.metering.rules.rivals import Candidates
from gettone.metering.rules.tally import Tally
from gettone.metering.rules.validation import held_of, rank_table, values_of
from gettone.metering.values import HeldState, KnownGaps, RegisterBases, Validated, Values
from gettone.types import Quality

REGISTER_LIMIT_WH = 10**15


class Spans(NamedTuple):
    """What was counted between neighbouring boundaries of which the batch told at least one, columns of equal length.

    steps: how many native steps.  exact: both registers were read on their boundary.  told: earlier batches told the
    values inside.  row: position of the row that ends it, -1 for a stored base.  energy: signed Wh, with the slot it
    begins in.
    """

    steps: Int64Array
    exact: BoolArray
    told: BoolArray
    row: Int64Array
    energy: Candidates


def resolve_registers(
    received: ReceivedRegisters, registry: Registry, flow: FlowConfig, receipt_s: int, known: RegisterBases
) -> Validated:
    """Run the rules over the registers of one batch, received at `receipt_s` [unix s].

    known: the stored bases of the flow for at least the channels of the batch.

    Invariants: the result does not depend on the order of rows; the values of a file do not depend on how it is
    split into batches; rows = accepted + held + rejected + equal + merged + missing.
    """
    tally = Tally.of(received)
    rows = register_rows(received, registry, flow, receipt_s)
    rejected, good = refuse(rows, REGISTER_RULES)
    tally.reject(rejected)
    readings, replaced = with_known(new_readings(rows, good, tally), known, rows.table, tally)
    chain = chain_of(readings, rows.table, _sign(flow))
    boundaries = boundaries_of(chain)
    linked, kept = bases_kept(chain, boundaries)
    is_new, changed = readings.is_new, linked.joined != readings.joined
    after_reset = _note_links(chain, tally)
    spans = _spans(rows, chain, boundaries)
    return _outcome(
        rows,
        spans,
        tally,
        chained=int(is_new.sum()) - after_reset,
        bases=bases_of(linked.take(kept & (is_new | changed))),
        spent=bases_of(joined(readings.take(~is_new & (~kept | changed)), replaced)),
    )


def _note_links(chain: Chain, tally: Tally) -> int:
    """Count what lies between readings of which one is new; how many new ones follow a reset and are missing."""
    is_new = chain.readings.is_new
    touched = is_new.copy()
    touched[1:] |= is_new[:-1]
    for code, found in ((Code.R_ROLL, chain.rolled), (Code.R_CHANGE, chain.changed), (Code.R_RESET, chain.reset)):
        tally.note(code, int((found & touched).sum()))
    after_reset = int((chain.reset & is_new).sum())
    tally.missing += after_reset
    return after_reset


def _spans(rows: Rows, chain: Chain, boundaries: Boundaries) -> Spans:
    readings, is_new = chain.readings, chain.readings.is_new
    told_new = is_new[boundaries.before] | is_new[boundaries.after]
    segment = chain.segment[boundaries.after]
    # Between two stored bases everything was said when they came.
    end = np.flatnonzero((segment[1:] == segment[:-1]) & (told_new[1:] | told_new[:-1])) + 1
    start = end - 1
    last, first = boundaries.after[end], boundaries.before[start]
    wh = _sign(rows.flow) * (boundaries.counted_wh[end] - boundaries.counted_wh[start])
    quality = weaker_quality(readings.quality[first], readings.quality[last])
    teller = np.maximum(readings.at[last], np.maximum(readings.at[first], readings.at[boundaries.after[start]]))
    classes = rows.received.source_class
    rank = rank_table(rows.flow)[0 if classes is None else classes[teller], quality]
    on_boundary = boundaries.before == boundaries.after
    return Spans(
        (boundaries.at_s[end] - boundaries.at_s[start]) // readings.step_s[last],
        on_boundary[end] & on_boundary[start],
        inside_told(readings)[last],
        readings.at[last],
        Candidates(readings.channel[last], boundaries.at_s[start] // SLOT_S, wh, quality, rank),
    )


def _outcome(
    rows: Rows, spans: Spans, tally: Tally, *, chained: int, bases: RegisterBases, spent: RegisterBases
) -> Validated:
    """Values, estimates and gaps of the spans; `chained` new readings are accounted for by them."""
    energy, single = spans.energy, spans.steps == 1
    wrong = _impossible(rows, energy)
    above = exceeds(rows.table, energy.channel, energy.slot, np.where(single & ~wrong, energy.wh, 0))
    value, estimate = single & spans.exact & ~wrong, single & ~spans.exact & ~wrong & ~above
    refused = _refuse(rows, spans, single & spans.exact & wrong, tally)
    # A stored base was counted when it came: where a late reading completes it, it counts once more.
    completed = int((value & (spans.row < 0)).sum())
    tally.merged += chained - refused - (int(value.sum()) - completed)
    held = energy.take(value & above)
    tally.note(Code.P_BOUND, len(held))
    return Validated(
        rows=rows.received.rows_in + completed,
        accepted=values_of(energy.take(value & ~above), rows.table),
        held=held_of(values_of(held, rows.table), np.full(len(held), HeldState.QUARANTINED, np.int8)),
        estimates=_estimates(rows, energy.take(estimate), tally),
        gaps=_gaps(rows, spans, tally),
        rejected=tally.sorted_rejects(),
        equal=tally.equal,
        merged=tally.merged,
        missing=tally.missing,
        codes=dict(tally.codes),
        bases=bases,
        spent_bases=spent,
    )


def _impossible(rows: Rows, energy: Candidates) -> BoolArray:
    """V9 and the range of V11 on differences."""
    direction = rows.table.direction[energy.channel]
    negative = (energy.wh < 0) & np.isin(direction, [int(one) for one in NEVER_NEGATIVE])
    positive = (energy.wh > 0) & np.isin(direction, [int(one) for one in NEVER_POSITIVE])
    return np.asarray(negative | positive | (np.abs(energy.wh) >= WH_LIMIT), np.bool_)


def _refuse(rows: Rows, spans: Spans, wrong: BoolArray, tally: Tally) -> int:
    """Refuse the rows that end an impossible difference; how many there are."""
    column = rows.flow.column("value")
    found = np.flatnonzero(wrong & (spans.row >= 0))
    for at in found:
        wh, row = int(spans.energy.wh[at]), int(rows.received.row[spans.row[at]])
        sign = Code.N_NEGATIVE if wh < 0 else Code.N_POSITIVE
        code = Code.R_RANGE if abs(wh) >= WH_LIMIT else sign
        tally.reject([Rejected(row, code, column, f"the register moved by {wh} Wh, which its channel cannot")])
    return len(found)


def _estimates(rows: Rows, found: Candidates, tally: Tally) -> Values:
    """V7: energy between boundaries that were not read but lie on a line."""
    tally.note(Code.T_INTERP, len(found))
    values = values_of(found, rows.table)
    quality = np.full(len(found), Quality.ESTIMATED, np.int8)
    return Values(values.channel_id, values.slot, values.wh, quality, np.full(len(found), ESTIMATE_RANK, np.int16))


def _gaps(rows: Rows, spans: Spans, tally: Tally) -> KnownGaps:
    """V10: over several steps only the energy of all together is known."""
    several = (spans.steps > 1) & ~spans.told
    found, steps = spans.energy.take(several), spans.steps[several]
    tally.note(Code.G_KNOWN, len(steps))
    channel_id = rows.table.channel_id[found.channel]
    return KnownGaps(channel_id, found.slot.astype(np.int32), steps.astype(np.int32), found.wh)


def _sign(flow: FlowConfig) -> int:
    return -1 if flow.sign == "flip" else 1


def _beyond_registers(rows: Rows) -> BoolArray:
    return np.asarray(np.abs(rows.wh) >= REGISTER_LIMIT_WH, np.bool_)


def _say_beyond_registers(rows: Rows, at: int) -> str:
    return f"{rows.number(at)} is beyond any register"


REGISTER_RULES = (*DEVICE_RULES, Rule(Code.R_RANGE, "value", _beyond_registers, _say_beyond_registers))
"""What refuses a reading of a register, in the order of the rules."""
