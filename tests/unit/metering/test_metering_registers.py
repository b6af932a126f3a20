"""Registers to values: rules V7 and V10 with their vectors, bases that come and go, and any way to split a file."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Unit
from gettone.metering.registers.resolution import resolve_registers
from gettone.metering.registry import Contract, MeterChange, RegisteredChannel, RegisteredDevice
from gettone.metering.values import HeldState, RegisterBases, Validated
from gettone.types import Direction, Quality
from tests.factories.received import RECEIPT_S, SLOT, START_S, Row, metered, registers_of, tuples_of, wh_of

pytestmark = pytest.mark.unit

CHANNEL = RegisteredChannel(1, Direction.WITHDRAWAL, 900, digits=6)
TEN_KW = Contract(0, None, 10_000, None, None)
FLOW = FlowConfig(source_class=3, kind="register", unit="kWh")


def resolve(
    rows: Sequence[Row],
    *,
    known: RegisterBases | None = None,
    device: RegisteredDevice | None = None,
    flow: FlowConfig = FLOW,
) -> Validated:
    registry = {"meter": device or metered(CHANNEL, TEN_KW)}
    result = resolve_registers(registers_of(rows), registry, flow, RECEIPT_S, known or RegisterBases.empty())
    assert result.accounted == result.rows
    return result


def read(kwh: str | None, minute: float, **changes: object) -> Row:
    row = Row(kwh, at_s=round(minute * 60), device="meter", unit=Unit.KWH)
    return replace(row, **changes)  # type: ignore[arg-type]


def bases(*readings: tuple[int, int], quality: int = 1) -> RegisterBases:
    """Stored bases of channel 1: minutes after the start, Wh."""
    return RegisterBases(
        np.ones(len(readings), np.int32),
        np.array([START_S + 60 * minute for minute, _ in readings], np.int64),
        np.array([wh for _, wh in readings], np.int64),
        np.full(len(readings), quality, np.int8),
        np.array([at > 0 and minute - readings[at - 1][0] <= 15 for at, (minute, _) in enumerate(readings)], np.bool_),
    )


def minutes_of(found: RegisterBases) -> list[tuple[float, int]]:
    return [((at_s - START_S) / 60, wh) for at_s, wh in zip(found.at_s.tolist(), found.wh.tolist(), strict=True)]


def stored_after(known: RegisterBases, result: Validated) -> RegisterBases:
    """What the database holds after a batch: the spent bases gone, the new ones there."""
    spent = {*zip(result.spent_bases.channel_id.tolist(), result.spent_bases.at_s.tolist(), strict=True)}
    kept = [key not in spent for key in zip(known.channel_id.tolist(), known.at_s.tolist(), strict=True)]
    columns = [
        np.concatenate((getattr(known, name)[kept], getattr(result.bases, name))) for name in RegisterBases.__slots__
    ]
    order = np.lexsort((columns[1], columns[0]))
    return RegisterBases(*(column[order] for column in columns))


def test_resolve__registers_on_boundaries__become_their_differences() -> None:
    result = resolve([read("0.1004", 0), read("0.2876", 15), read("0.2876", 30)])
    assert tuples_of(result.accepted) == [(1, 0, 188, Quality.ACTUAL, 30), (1, 1, 0, Quality.ACTUAL, 30)]
    assert (result.merged, result.codes) == (1, {})


def test_resolve__rounding__is_of_each_register_before_it_is_subtracted() -> None:
    assert wh_of(resolve([read("1.0005", 0), read("1.0014", 15), read("1.0025", 30)])) == [1, 1]


def test_resolve__vector_5_3__lies_on_the_line_between_its_neighbours() -> None:
    result = resolve([read("1.000", 7), read("1.180", 22), read("1.400", 37)])
    # 1,096 Wh at minute 15 and 1,180 + 220 * 8 / 15 = 1,297 Wh at minute 30.
    assert tuples_of(result.estimates) == [(1, 1, 201, Quality.ESTIMATED, 5)]
    assert (len(result.accepted), result.merged, result.codes) == (0, 3, {Code.T_INTERP: 1})


def test_resolve__interpolated_beside_exact__is_an_estimate() -> None:
    result = resolve([read("1.000", 7), read("1.180", 22), read("1.296", 30)])
    assert tuples_of(result.estimates) == [(1, 1, 200, Quality.ESTIMATED, 5)]


def test_resolve__reading_900_s_from_a_boundary__tells_nothing_about_it() -> None:
    result = resolve([read("1.000", 7), read("1.180", 30.1), read("1.300", 45)])
    assert (len(result.estimates), len(result.accepted), result.merged) == (0, 0, 3)
    assert minutes_of(result.bases) == [(7, 1_000), (30.1, 1_180), (45, 1_300)]


def test_resolve__near_a_boundary__snaps_onto_it() -> None:
    flow = replace(FLOW, snap_s=30)
    result = resolve([read("1", 0.1), read("1.5", 14.9)], flow=flow)
    assert (wh_of(result), result.codes) == ([500], {Code.T_SNAPPED: 2})


def test_resolve__vector_10_1__rolls_over() -> None:
    result = resolve([read("999999.750", 0), read("0.125", 15)])
    assert (wh_of(result), result.codes) == ([375], {Code.R_ROLL: 1})


def test_resolve__roll_over_beyond_the_bound__is_a_reset() -> None:
    result = resolve([read("999995.000", 0), read("0.126", 15)])
    assert (wh_of(result), result.missing, result.codes) == ([], 1, {Code.R_RESET: 1})


def test_resolve__roll_over_of_unknown_digits__is_a_reset() -> None:
    result = resolve([read("999999.750", 0), read("0.125", 15)], device=metered(replace(CHANNEL, digits=None)))
    assert result.codes == {Code.R_RESET: 1}


def test_resolve__vector_10_2__counts_over_the_recorded_change() -> None:
    change = MeterChange(START_S + 300, 12_345_750, 10)
    rows = [read("12345.600", 0), read("0.090", 15)]
    result = resolve(rows, device=metered(CHANNEL, changes=(change,)))
    assert (wh_of(result), result.codes) == ([230], {Code.R_CHANGE: 1})


def test_resolve__change_to_a_higher_register__counts_over_it_too() -> None:
    changes = (MeterChange(START_S + 300, 100_050, 500_000), MeterChange(START_S + 600, 500_020, 700_000))
    result = resolve([read("100", 0), read("700.030", 15)], device=metered(CHANNEL, changes=changes))
    assert wh_of(result) == [50 + 20 + 30]


def test_resolve__change_that_does_not_fit__is_a_reset() -> None:
    change = MeterChange(START_S + 300, 99_000, 0)
    result = resolve([read("100", 0), read("0.1", 15)], device=metered(CHANNEL, changes=(change,)))
    assert (wh_of(result), result.codes) == ([], {Code.R_RESET: 1})


def test_resolve__vector_10_3__is_missing_and_counts_on_from_a_new_base() -> None:
    result = resolve([read("12345.600", 0), read("3.200", 15), read("3.300", 30)])
    assert (tuples_of(result.accepted), result.missing) == ([(1, 1, 100, Quality.ACTUAL, 30)], 1)
    assert result.codes == {Code.R_RESET: 1}
    assert minutes_of(result.bases) == [(0, 12_345_600), (15, 3_200), (30, 3_300)]


def test_resolve__several_steps__are_a_gap_of_known_energy() -> None:
    result = resolve([read("1", 0), read("1.1", 15), read("1.7", 60), read("1.8", 75)])
    assert [one[:3] for one in tuples_of(result.accepted)] == [(1, 0, 100), (1, 4, 100)]
    gaps = result.gaps
    assert (gaps.channel_id.tolist(), gaps.first_slot.tolist()) == ([1], [SLOT + 1])
    assert (gaps.slots.tolist(), gaps.wh.tolist()) == ([3], [600])
    assert (result.merged, result.codes) == (2, {Code.G_KNOWN: 1})
    assert minutes_of(result.bases) == [(0, 1_000), (15, 1_100), (60, 1_700), (75, 1_800)]


def test_resolve__hourly_channel__counts_hours() -> None:
    hourly = metered(replace(CHANNEL, step_s=3600), TEN_KW)
    result = resolve([read("1", 0), read("1.3", 20), read("2", 60), read("4", 180)], device=hourly)
    assert [one[:3] for one in tuples_of(result.accepted)] == [(1, 0, 1_000)]
    assert (result.gaps.first_slot.tolist(), result.gaps.slots.tolist()) == ([SLOT + 4], [2])


def test_resolve__injection__has_the_sign_of_its_channel() -> None:
    plant = metered(replace(CHANNEL, direction=Direction.INJECTION))
    rows = [read("1", 0), read("1.5", 15), read("2", 45)]
    flipped = resolve(rows, device=plant, flow=replace(FLOW, sign="flip"))
    assert (wh_of(flipped), flipped.gaps.wh.tolist()) == ([-500], [-500])
    as_is = resolve(rows, device=plant)
    assert [(one.row, one.code) for one in as_is.rejected] == [(2, Code.N_POSITIVE)]


def test_resolve__above_the_bound__waits_for_a_person() -> None:
    result = resolve([read("0", 0), read("4.126", 15), read("8.251", 30)])
    assert [one[:3] for one in tuples_of(result.held.values)] == [(1, 0, 4_126)]
    assert (result.held.state.tolist(), wh_of(result)) == ([HeldState.QUARANTINED], [4_125])


def test_resolve__jump_beyond_any_meter__is_refused() -> None:
    result = resolve([read("0", 0), read("3000000", 15), read("1e13", 30)])
    assert [(one.row, one.code) for one in result.rejected] == [(2, Code.R_RANGE), (3, Code.R_RANGE)]


def test_resolve__same_register_twice__is_one_and_another_is_a_conflict() -> None:
    result = resolve([read("1", 0), read("1.000", 0), read("1.1", 15)])
    assert (wh_of(result), result.equal) == ([100], 1)
    result = resolve([read("1", 0), read("2", 0), read("2.1", 15)])
    assert [(one.row, one.code) for one in result.rejected] == [(1, Code.D_CONFLICT), (2, Code.D_CONFLICT)]
    assert wh_of(result) == []


def test_resolve__declared_gap__is_missing_and_the_energy_stays_known() -> None:
    result = resolve([read("1", 0), read(None, 15), read("1.4", 30)])
    assert (result.missing, result.gaps.wh.tolist()) == (1, [400])
    assert result.codes == {Code.M_DECLARED: 1, Code.G_KNOWN: 1}


def test_resolve__estimated_register__makes_both_its_differences_estimates() -> None:
    result = resolve([read("1", 0), read("1.1", 15, quality=2), read("1.2", 30), read("1.3", 45)])
    assert [one[3:] for one in tuples_of(result.accepted)] == [
        (Quality.ESTIMATED, 5), (Quality.ESTIMATED, 5), (Quality.ACTUAL, 30),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (read("1", 15, device="stranger"), Code.R_UNKNOWN),
        (read("1", 15, direction=2), Code.R_DIRECTION),
        (read("1", 15, unit=Unit.W), Code.U_UNKNOWN),
        (read("1", 15, k="40"), Code.U_MULTIPLIER),
        (read("1", 60 * 24 * 365), Code.T_FUTURE),
        (read("1", -60 * 24 * 365 * 6), Code.T_TOO_OLD),
        (read("1e12", 15), Code.R_RANGE),
    ],
)
def test_resolve__wrong_row__is_refused_with_its_code(wrong: Row, code: Code) -> None:
    result = resolve([wrong, read("2", 15)])
    assert [(one.row, one.code) for one in result.rejected] == [(1, code)]
    assert minutes_of(result.bases) == [(15, 2_000)]


def test_resolve__stored_base__is_what_the_first_reading_is_counted_from() -> None:
    result = resolve([read("1.1", 15)], known=bases((0, 1_000)))
    assert (wh_of(result), result.rows, result.merged) == ([100], 1, 0)
    assert minutes_of(result.bases) == [(15, 1_100)]
    assert minutes_of(result.spent_bases) == []


def test_resolve__base_within_a_run__is_spent() -> None:
    result = resolve([read("1.2", 30)], known=bases((0, 1_000), (15, 1_100)))
    assert (wh_of(result), minutes_of(result.bases), minutes_of(result.spent_bases)) == (
        [100], [(30, 1_200)], [(15, 1_100)],
    )  # fmt: skip


def test_resolve__late_reading__completes_the_stored_base_behind_it() -> None:
    result = resolve([read("1.1", 15)], known=bases((0, 1_000), (30, 1_250)))
    assert wh_of(result) == [100, 150]
    # The stored base was merged when it came; it makes a value now and counts as a row again.
    assert (result.rows, result.accounted, result.merged) == (2, 2, 0)
    assert minutes_of(result.spent_bases) == minutes_of(result.bases) == [(30, 1_250)]
    assert result.bases.joined.tolist() == [True]


def test_resolve__stored_base_sent_again__adds_nothing() -> None:
    result = resolve([read("1", 0)], known=bases((0, 1_000), (15, 1_100)))
    assert (wh_of(result), result.equal, minutes_of(result.bases)) == ([], 1, [])


def test_resolve__other_register_at_a_stored_base__replaces_it() -> None:
    result = resolve([read("1.05", 0), read("1.1", 15)], known=bases((0, 1_000)))
    assert (wh_of(result), minutes_of(result.spent_bases)) == ([50], [(0, 1_000)])
    assert minutes_of(result.bases) == [(0, 1_050), (15, 1_100)]


def test_resolve__base_that_was_an_estimate__makes_an_estimate() -> None:
    result = resolve([read("1.1", 15)], known=bases((0, 1_000), quality=2))
    assert [one[3:] for one in tuples_of(result.accepted)] == [(Quality.ESTIMATED, 5)]


def test_resolve__base_of_another_channel__is_left_alone() -> None:
    other = bases((0, 1_000))
    known = replace(other, channel_id=other.channel_id + 1)
    result = resolve([read("1.1", 15)], known=known)
    assert (wh_of(result), minutes_of(result.bases), len(result.spent_bases)) == ([], [(15, 1_100)], 0)


def test_resolve__nothing__is_nothing() -> None:
    result = resolve([], known=bases((0, 1_000)))
    assert (result.rows, len(result.accepted), len(result.spent_bases)) == (0, 0, 0)


# A register that mostly counts on, read on boundaries and beside them.
steps = st.lists(
    st.tuples(st.sampled_from([1, 5, 7, 10, 15, 15, 15, 30, 60]), st.integers(0, 900)), min_size=1, max_size=14
)


def walk(found: list[tuple[int, int]]) -> list[Row]:
    minute, wh, rows = 0, 5_000, []
    for minutes, energy_wh in found:
        rows.append(read(str(wh / 1000), minute))
        minute, wh = minute + minutes, wh + energy_wh
    return rows


@settings(max_examples=30, deadline=None)
@given(steps, st.randoms(use_true_random=False))
def test_resolve__any_order_of_rows__gives_the_same(found: list[tuple[int, int]], random: object) -> None:
    rows = walk(found)
    shuffled = rows.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = resolve(rows), resolve(shuffled)
    assert tuples_of(one.accepted) == tuples_of(other.accepted)
    assert tuples_of(one.estimates) == tuples_of(other.estimates)
    assert minutes_of(one.bases) == minutes_of(other.bases)
    assert (one.merged, one.codes) == (other.merged, other.codes)


@settings(max_examples=30, deadline=None)
@given(steps, st.lists(st.integers(0, 2), min_size=14, max_size=14), st.permutations([0, 1, 2]))
def test_resolve__file_split_into_batches_in_any_order__gives_the_same_values(
    found: list[tuple[int, int]], parts: list[int], order: list[int]
) -> None:
    rows = walk(found)
    whole = resolve(rows)
    stored, values, told = RegisterBases.empty(), set(), 0
    for part in order:
        chosen = [row for row, of in zip(rows, parts, strict=False) if of == part]
        result = resolve(chosen, known=stored)
        stored = stored_after(stored, result)
        values |= {*tuples_of(result.accepted)}
        told += len(result.accepted)
    assert values == {*tuples_of(whole.accepted)}
    assert told == len(values)


@settings(max_examples=30, deadline=None)
@given(steps)
def test_resolve__one_reading_a_batch__gives_values_estimates_and_bases_of_the_whole(
    found: list[tuple[int, int]],
) -> None:
    rows, stored, values, estimates = walk(found), RegisterBases.empty(), [], []
    for row in rows:
        result = resolve([row], known=stored)
        stored = stored_after(stored, result)
        values += tuples_of(result.accepted)
        estimates += tuples_of(result.estimates)
    whole = resolve(rows)
    assert values == tuples_of(whole.accepted)
    assert estimates == tuples_of(whole.estimates)
    assert minutes_of(stored) == minutes_of(whole.bases)
    assert stored.joined.tolist() == whole.bases.joined.tolist()


def test_resolve__one_reading_a_batch__keeps_the_two_ends_of_a_run() -> None:
    stored = RegisterBases.empty()
    for row in walk([(15, 100)] * 12):
        stored = stored_after(stored, resolve([row], known=stored))
    assert minutes_of(stored) == [(0, 5_000), (165, 6_100)]
    assert stored.joined.tolist() == [False, True]


def test_resolve__reading_inside_a_joined_run__tells_nothing_new() -> None:
    known = replace(bases((0, 5_000), (165, 6_100)), joined=np.array([False, True]))
    result = resolve(walk([(15, 100)] * 12)[4:6], known=known)
    assert [one[1:3] for one in tuples_of(result.accepted)] == [(4, 100)]
    assert (minutes_of(result.bases), minutes_of(result.spent_bases)) == ([], [])
    assert (len(result.gaps), result.merged) == (0, 1)
