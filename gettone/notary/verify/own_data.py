"""Gathers what the rules read of one member from the opened files of a take-out."""

from collections.abc import Mapping
from typing import Any

from gettone.notary.bundle import BundleSettlement
from gettone.notary.digests import SettlementParams
from gettone.notary.leaves import AssignmentLeaf
from gettone.notary.verify.case import Case, label_of
from gettone.notary.verify.chain_view import Opening
from gettone.notary.verify.documents import read_inputs
from gettone.notary.verify.reward_rules import OwnData, Readings

_COUNTED_QUALITIES = (1, 3)

Register = tuple[int, str]
"""Direction and POD: what ties series of different periods and years."""


def own_data(
    case: Case,
    one: BundleSettlement,
    leaf: AssignmentLeaf,
    params: SettlementParams,
    parameters: Mapping[str, Any],
    baseline_start_s: int | None,
) -> OwnData | None:
    """All that the model reads of the member; None, with the reason recorded, if inputs and series disagree."""
    inputs, series = read_inputs(one.inputs), _registers(case, one)
    table, aggregates = one.totals, one.aggregates
    if inputs is None or series is None or table is None or aggregates is None or aggregates.withdrawn is None:
        case.report.fail(
            7, "inputs", f"{label_of(one)}: inputs and committed series do not agree", period=label_of(one)
        )
        return None
    if baseline_start_s is not None:
        for earlier in _baseline_settlements(case, one, baseline_start_s, leaf.period_start_s):
            _extend(series, _registers(case, earlier) or {}, baseline_start_s)
    header = aggregates.withdrawn.header
    rows = zip(table.slots, table.first, table.second, strict=True)
    totals = tuple((header.period_start_s + slot * header.slot_s, w, j) for slot, w, j in rows)
    return OwnData(
        leaf.leaf_index,
        leaf.period_start_s,
        leaf.period_end_s,
        params,
        parameters,
        inputs.devices,
        series,
        totals,
    )


def _registers(case: Case, one: BundleSettlement) -> dict[Register, tuple[int, Readings]] | None:
    """Counted readings of one settlement by direction and POD; None unless inputs and leaf name the same series."""
    inputs = read_inputs(one.inputs)
    named = [each for device in inputs.devices for each in device.series] if inputs else []
    references = {each.series_pid: each.first_revision for each in one.series}
    if {pid for _, _, pid in named} != set(references):
        return None
    registers: dict[Register, tuple[int, Readings]] = {}
    pids: dict[Register, bytes] = {}
    for direction, pod, pid in named:
        place = (pid, one.key[0], references[pid])
        tree, table = case.bundle.series.get(place), case.bundle.readings.get(place)
        agrees = pids.setdefault((direction, pod), pid) == pid
        if tree is None or table is None or tree.header.direction != direction or not agrees:
            return None
        start_s, slot_s = tree.header.period_start_s, tree.header.slot_s
        rows = zip(table.slots, table.first, table.second, strict=True)
        counted = {start_s + slot * slot_s: wh for slot, wh, quality in rows if quality in _COUNTED_QUALITIES}
        registers[(direction, pod)] = (slot_s, counted)
    return registers


def _extend(
    series: dict[Register, tuple[int, Readings]], earlier: dict[Register, tuple[int, Readings]], from_s: int
) -> None:
    """Add baseline readings of registers that the period itself has, with slots of the same length."""
    for register, (slot_s, readings) in earlier.items():
        if register in series and series[register][0] == slot_s:
            baseline = {start_s: wh for start_s, wh in readings.items() if start_s >= from_s}
            series[register] = (slot_s, series[register][1] | baseline)


def _baseline_settlements(case: Case, one: BundleSettlement, from_s: int, to_s: int) -> list[BundleSettlement]:
    held = case.bundle.settlements
    if case.opening(one) is not None:
        openings = baseline_openings(case, one, from_s, to_s)
        return [held[opening.key] for opening in openings if opening.key in held]
    # Without the chain only the bundle can say in which order the settlements were opened.
    latest: dict[int, BundleSettlement] = {}
    for earlier in sorted(case.settlements(), key=_stated_block):
        bounds = case.bounds(earlier)
        if bounds and from_s < bounds[1] <= to_s and _stated_block(earlier) <= _stated_block(one):
            latest[earlier.key[0]] = earlier
    return list(latest.values())


def _stated_block(one: BundleSettlement) -> int:
    return one.chain.block_number if one.chain else 0


def baseline_openings(case: Case, one: BundleSettlement, from_s: int | None, to_s: int) -> list[Opening]:
    """The revision last opened before this settlement, of every period that reaches into [from_s, to_s)."""
    evidence = case.evidence
    if evidence is None or from_s is None or case.opening(one) is None:
        return []
    latest: dict[int, Opening] = {}
    for opening in evidence.openings[: evidence.place(one.key)]:
        if from_s < opening.proposal.period_end_s <= to_s:
            latest[opening.key[0]] = opening
    return list(latest.values())


def was_member(one: BundleSettlement, opening: Opening) -> bool:
    """Whether a device of the member was in membership before the end of an earlier period."""
    inputs = read_inputs(one.inputs)
    devices = inputs.devices if inputs else ()
    return any(device.from_s is None or device.from_s < opening.proposal.period_end_s for device in devices)
