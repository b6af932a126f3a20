"""Rules V14 and V16 to V19 together over one block."""

from dataclasses import replace

import numpy as np
import pytest

from gettone.metering.checks.block import Block, Bounds
from gettone.metering.checks.examination import Examination, KnownEnergy, examine
from gettone.metering.checks.gaps import STATES
from gettone.types import Direction

pytestmark = pytest.mark.unit
ZERO = np.array([0])


def block(wh: list[int | None], *, direction: Direction = Direction.WITHDRAWAL, step_s: int = 900) -> Block:
    """One channel over one day, None is missing; bounds 4,125 Wh in, 1,000 Wh out."""
    values = np.array([[value or 0 for value in wh]], dtype=np.int64)
    quality = np.array([[value is not None for value in wh]], dtype=np.int8)
    nothing = np.zeros(values.shape, dtype=bool)
    bounds = Bounds(ZERO, ZERO, np.array([4125]), np.array([1000]))
    received = quality == 1
    return Block(
        np.array([7]), np.array([int(direction)], dtype=np.int8), step_s, 4000, values, quality, received, nothing,
        ~nothing, ZERO, bounds,
    )  # fmt: skip


def hold(one: Block, column: int, wh: int) -> Block:
    """A value beyond the bound waits at a column where nothing is current."""
    values, received, held = one.wh.copy(), one.received.copy(), one.held.copy()
    values[0, column], received[0, column], held[0, column] = wh, True, True
    return replace(one, wh=values, received=received, held=held)


def known(*spans: tuple[int, int, int]) -> KnownEnergy:
    first, length, wh = (np.array(column, dtype=np.int64) for column in zip(*spans, strict=True))
    return KnownEnergy(np.zeros_like(first), first, length, wh)


def gap_states(found: Examination) -> list[str]:
    return [STATES[state].value for state in found.state]


def test_examine__stuck_values__are_missing_for_the_other_rules() -> None:
    found = examine(block([50, *[999] * 24, 60]))
    assert (found.days.quarantined[0, 0], found.days.actual[0, 0], gap_states(found)) == (24, 2, ["long"])


def test_examine__stuck_value_waiting_already__still_belongs_to_the_run() -> None:
    found = examine(hold(block([50, *[999] * 20, None, *[999] * 3, 60]), 21, 999))
    assert found.stuck.length.tolist() == [24]


def test_examine__accepted_values__are_not_stuck() -> None:
    one = block([50, *[999] * 24, 60])
    assert not examine(replace(one, received=np.zeros_like(one.received))).stuck.row.size


def test_examine__short_gap__is_estimated_and_counted() -> None:
    found = examine(block([200, None, None, None, None, 100]), known((1, 4, 600)))
    assert (found.wh[0].tolist(), found.quality[0].tolist()) == ([200, 188, 163, 137, 112, 100], [1, 2, 2, 2, 2, 1])


def test_examine__short_gap__leaves_the_block_as_it_was() -> None:
    one = block([200, None, None, None, None, 100])
    examine(one)
    assert one.quality[0].tolist() == [1, 0, 0, 0, 0, 1]


def test_examine__two_spans_that_fill_a_gap__give_it_their_sum() -> None:
    found = examine(block([200, None, None, None, None, 100]), known((1, 1, 150), (2, 3, 450)))
    assert found.gaps.energy_wh.tolist() == [600]


def test_examine__span_filled_in_part__leaves_its_rest() -> None:
    found = examine(block([200, 150, None, None, 140, 100]), known((1, 4, 600)))
    assert found.gaps.energy_wh.tolist() == [310]


def test_examine__two_gaps_within_a_span__are_of_unknown_energy() -> None:
    found = examine(block([200, None, 150, None, 140, 100]), known((1, 4, 600)))
    assert found.estimates.known.tolist() == [False, False]


def test_examine__span_over_part_of_a_gap__says_nothing_of_the_gap() -> None:
    found = examine(block([200, None, None, None, 100]), known((1, 2, 600)))
    assert found.estimates.known.tolist() == [False, False, False]


def test_examine__known_energy_beyond_the_bound_of_the_direction__is_implausible() -> None:
    inward = examine(block([200, None, 100]), known((1, 1, 1001)))
    outward = examine(block([-200, None, -100], direction=Direction.EXCHANGE), known((1, 1, -1001)))
    assert (gap_states(inward), gap_states(outward)) == (["estimated"], ["implausible"])


@pytest.mark.parametrize(("before", "wh", "found"), [(0, 5000, True), (9, 5000, False), (None, 5000, True)])
def test_examine__waiting_value_beyond_the_bound__catches_up_after_silence(
    before: int | None, wh: int, found: bool
) -> None:
    one = hold(block([5, before, None, 7]), 2, wh)
    assert examine(one).catch_up[1].tolist() == ([2] if found else [])


def test_examine__waiting_value_within_the_bound__does_not_catch_up() -> None:
    assert not examine(hold(block([5, 0, None, 7]), 2, 4125)).catch_up[0].size


def test_bounds_at__contract_that_changes__holds_from_its_column() -> None:
    bounds = Bounds(np.array([0, 0, 1]), np.array([0, 10, 0]), np.array([1, 2, 3]), np.array([4, 5, 6]))
    row, column, outward = np.array([0, 0, 0, 1]), np.array([9, 10, 99, 5]), np.array([False, False, True, True])
    assert bounds.at(row, column, outward).tolist() == [1, 2, 5, 6]
