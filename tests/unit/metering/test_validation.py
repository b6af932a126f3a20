"""The rows of a batch through V2 to V12: nothing dropped, one value per slot, order of rows without effect."""

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Rejected
from gettone.metering.rules.validation import validate
from gettone.metering.values import HeldState, Validated
from gettone.types import Quality
from tests.factories.received import RECEIPT_S, REGISTRY, Row, judge, received_of, tuples_of, wh_of

pytestmark = pytest.mark.unit


def test_validate__no_rows__is_nothing() -> None:
    result = judge()
    assert (result.rows, result.accounted, len(result.accepted), result.permille_rejected) == (0, 0, 0, 0)


def test_validate__vector_12_1_equal__is_one_value() -> None:
    result = judge(Row("187"), Row("187.0"))
    assert tuples_of(result.accepted) == [(1, 0, 187, Quality.ACTUAL, 10)]
    assert (result.equal, result.codes) == (1, {Code.D_EQUAL: 1})


def test_validate__vector_12_1_different__is_none_and_both_wait() -> None:
    result = judge(Row("190"), Row("187"), Row("1", at_s=900))
    assert wh_of(result) == [1]
    assert result.held.values.wh.tolist() == [187, 190]
    assert result.held.state.tolist() == [HeldState.CONFLICT] * 2
    assert result.codes == {Code.D_CONFLICT: 2}


def test_validate__two_of_three_agree__all_wait() -> None:
    assert judge(Row("1"), Row("1"), Row("2")).held.values.wh.tolist() == [1, 1, 2]


def test_validate__value_and_declared_gap__contradict() -> None:
    result = judge(Row("0"), Row(None))
    assert result.held.values.quality.tolist() == [0, 1]


def test_validate__value_called_estimate_and_actual__contradict() -> None:
    assert len(judge(Row("5"), Row("5", quality=2)).held) == 2


def test_validate__same_value_of_two_classes__counts_with_the_better_rank() -> None:
    result = judge(Row("5", source_class=2), Row("5", source_class=1), Row("6", at_s=900))
    assert tuples_of(result.accepted) == [(1, 0, 5, Quality.ACTUAL, 50), (1, 1, 6, Quality.ACTUAL, 10)]


def test_validate__above_the_bound__waits_for_a_person() -> None:
    result = judge(Row("1237"), Row("1238", at_s=900))
    assert wh_of(result) == [1_237]
    assert tuples_of(result.held.values) == [(1, 1, 1_238, Quality.ACTUAL, 10)]
    assert (result.held.state.tolist(), result.codes) == ([HeldState.QUARANTINED], {Code.P_BOUND: 1})


def test_validate__declared_gap__is_a_value_of_quality_0() -> None:
    result = judge(Row(None))
    assert tuples_of(result.accepted) == [(1, 0, 0, Quality.MISSING, 10)]
    assert result.codes == {Code.M_DECLARED: 1}


@pytest.mark.parametrize(("off_s", "snapped"), [(7, True), (-30, True), (30, True), (31, False), (-31, False)])
def test_validate__vectors_5_1_and_5_2__near_labels_snap(off_s: int, snapped: bool) -> None:
    result = judge(Row("5", at_s=9000 + off_s), flow=FlowConfig(snap_s=30))
    assert [slot for _, slot, *_ in tuples_of(result.accepted)] == ([10] if snapped else [])
    assert result.codes == {Code.T_SNAPPED if snapped else Code.T_MISALIGNED: 1}


def test_validate__snap_wider_than_half_a_part__keeps_to_the_nearest_boundary() -> None:
    rows = [Row("1", at_s=60 * part + (29 if part % 2 else 0), interval_s=60) for part in range(15)]
    assert wh_of(judge(*rows, flow=FlowConfig(snap_s=100))) == [15]
    assert len(judge(Row("1", at_s=30, interval_s=60), flow=FlowConfig(snap_s=100)).rejected) == 1


def test_validate__three_parts__are_summed_and_two_are_missing() -> None:
    result = judge(*(Row(str(100 + part), at_s=300 * part, interval_s=300) for part in range(5)))
    assert tuples_of(result.accepted) == [(1, 0, 303, Quality.ACTUAL, 10)]
    assert (result.merged, result.missing, result.codes) == (2, 2, {Code.T_PARTIAL: 2})


def test_validate__parts_with_a_declared_gap__are_missing() -> None:
    values = ["1", None, "1"]
    result = judge(*(Row(value, at_s=300 * part, interval_s=300) for part, value in enumerate(values)))
    assert (len(result.accepted), result.missing) == (0, 3)
    assert result.codes == {Code.T_PARTIAL: 3, Code.M_DECLARED: 1}


def test_validate__parts_of_two_lengths__are_missing() -> None:
    rows = [Row("1", interval_s=300), Row("1", at_s=300, interval_s=300), Row("1", at_s=600, interval_s=150)]
    assert judge(*rows, Row("1", at_s=750, interval_s=150)).missing == 4


def test_validate__parts_that_disagree__are_refused() -> None:
    rows = [Row("1", at_s=300 * part, interval_s=300) for part in range(3)]
    result = judge(*rows, Row("1.1", interval_s=300))
    assert [(one.row, one.code) for one in result.rejected] == [(1, Code.D_CONFLICT), (4, Code.D_CONFLICT)]
    assert (len(result.accepted), result.missing) == (0, 2)


def test_validate__part_given_twice__counts_once() -> None:
    rows = [Row("0.5", at_s=300 * part, interval_s=300) for part in range(3)]
    result = judge(*rows, Row("0.50", interval_s=300))
    assert (wh_of(result), result.equal, result.merged) == ([2], 1, 2)


def test_validate__sum_with_an_estimated_part__is_an_estimate() -> None:
    rows = [Row("1", at_s=300 * part, interval_s=300, quality=2 if part == 1 else 3) for part in range(3)]
    assert [one[3:] for one in tuples_of(judge(*rows).accepted)] == [(Quality.ESTIMATED, 5)]
    rows = [replace(one, quality=3 if at else 1) for at, one in enumerate(rows)]
    assert [one[3:] for one in tuples_of(judge(*rows).accepted)] == [(Quality.CORRECTED, 10)]


def test_validate__whole_beside_its_parts__agrees_or_waits() -> None:
    parts = [Row("1", at_s=300 * part, interval_s=300) for part in range(3)]
    agreed = judge(*parts, Row("3"))
    assert (wh_of(agreed), agreed.equal, agreed.merged) == ([3], 1, 2)
    differing = judge(*parts, Row("4"))
    assert (differing.held.values.wh.tolist(), differing.merged) == ([3, 4], 2)
    incomplete = judge(*parts[:2], Row("4"))
    assert (wh_of(incomplete), incomplete.missing) == ([4], 2)


def test_validate__native_hour__is_never_split() -> None:
    result = judge(Row("400", device="hour", interval_s=3600))
    assert tuples_of(result.accepted) == [(2, 0, 400, Quality.ACTUAL, 10)]


def test_validate__direction_of_row_or_flow__chooses_the_channel() -> None:
    rows = [Row("5", device="both", direction=1), Row("-6", device="both", direction=2)]
    assert tuples_of(judge(*rows).accepted) == [(4, 0, 5, Quality.ACTUAL, 10), (5, 0, -6, Quality.ACTUAL, 10)]
    assert [one[0] for one in tuples_of(judge(Row("5", device="both"), flow=FlowConfig(direction=1)).accepted)] == [4]


def test_validate__what_the_format_said__is_counted_too() -> None:
    broken = (Rejected(7, Code.R_SYNTAX, "energy_wh", "no number"),)
    received = replace(received_of([Row("5")]), broken=broken, notes={Code.T_ORDER: 4})
    result = validate(received, REGISTRY, FlowConfig(), RECEIPT_S)
    assert (result.rows, result.accounted, result.rejected) == (2, 2, broken)
    assert result.codes == {Code.T_ORDER: 4, Code.R_SYNTAX: 1}


def test_permille_rejected__parked_rows__do_not_count() -> None:
    good = [Row("1", at_s=900 * slot) for slot in range(4)]
    assert judge(Row("-1"), *good).permille_rejected == 200
    assert judge(Row("-1"), *good[:2]).permille_rejected == 334
    strangers = [Row("1", device="stranger", at_s=900 * slot) for slot in range(5)]
    assert judge(*strangers, Row("-1"), *good).permille_rejected == 200
    assert judge(*strangers).permille_rejected == 0


# Shuffled, these collide in every way: same slots, parts and wholes, gaps, wrong signs and strangers.
rows_of_a_batch = st.lists(
    st.builds(
        Row,
        st.sampled_from([None, "0", "1", "1.0", "2", "-1", "0.4", "2000"]),
        st.integers(0, 12).map(lambda part: part * 300),
        st.sampled_from(["quarter", "quarter", "hour", "panels", "stranger"]),
        st.sampled_from([300, 900, 900, 3600]),
        st.sampled_from([1, 1, 2, 3]),
        source_class=st.sampled_from([0, 0, 1]),
    ),
    max_size=30,
)


def comparable(result: Validated) -> tuple[object, ...]:
    held = [*zip(tuples_of(result.held.values), result.held.state.tolist(), strict=True)]
    counters = (result.rows, result.equal, result.merged, result.missing)
    return tuples_of(result.accepted), held, result.rejected, counters, dict(result.codes)


@settings(max_examples=70, deadline=None)
@given(rows_of_a_batch, st.randoms(use_true_random=False))
def test_validate__any_rows_in_any_order__drop_nothing_and_agree(rows: list[Row], shuffle: random.Random) -> None:
    result = judge(*rows)
    assert result.accounted == result.rows == len(rows)
    keys = [one[:2] for one in tuples_of(result.accepted)]
    assert keys == sorted(set(keys))
    assert result.codes == +Counter(result.codes)
    order = list(range(len(rows)))
    shuffle.shuffle(order)
    shuffled = received_of([rows[at] for at in order], [at + 1 for at in order])
    assert comparable(validate(shuffled, REGISTRY, FlowConfig(), RECEIPT_S)) == comparable(result)


@settings(max_examples=50, deadline=None)
@given(rows_of_a_batch)
def test_validate__any_rows__equal_rows_change_nothing_but_counters(rows: list[Row]) -> None:
    once, twice = judge(*rows), judge(*rows, *rows)
    assert tuples_of(once.accepted) == tuples_of(twice.accepted)
    assert {*tuples_of(once.held.values)} == {*tuples_of(twice.held.values)}
    assert twice.accounted == twice.rows == 2 * once.rows


def test_validate__many_good_rows__come_out_sorted() -> None:
    rows = [Row(str(slot), at_s=900 * slot, device=device) for slot in range(50) for device in ("quarter", "both")]
    result = judge(*(replace(one, direction=1) for one in reversed(rows)))
    assert np.array_equal(result.accepted.channel_id, np.repeat([1, 4], 50))
    assert wh_of(result) == [*range(50), *range(50)]
