"""From channels to load, production, withdrawn and injected energy."""

import numpy as np
import pytest

from gettone.metering.indicators.energies import Energies
from gettone.metering.indicators.member_energies import Part, Readings, member_energies
from gettone.types import Direction

pytestmark = pytest.mark.unit

FROM = 1_963_584
LOAD, PLANT, EXCHANGE = Direction.LOAD, Direction.PRODUCTION, Direction.EXCHANGE
WITHDRAWAL, INJECTION, STORAGE = Direction.WITHDRAWAL, Direction.INJECTION, Direction.STORAGE


def readings(*rows: list[int | None], quality: int = 1) -> Readings:
    wh = np.array([[value or 0 for value in row] for row in rows], np.int64)
    held = np.array([[0 if value is None else quality for value in row] for row in rows], np.int8)
    return Readings(FROM, wh, held)


def part(channel: int, direction: Direction, *, member: int = 0, point: int | None = None, step_s: int = 900) -> Part:
    return Part(channel, member, channel if point is None else point, direction, step_s, 0, 2**31 - 1)


def one_member(table: Readings, *parts: Part, step_s: int = 900) -> Energies:
    return member_energies(table, parts, 1, step_s)


def flows(energies: Energies) -> list[list[int]]:
    arrays = (energies.load_wh, energies.production_wh, energies.withdrawn_wh, energies.injected_wh)
    return [one[0].tolist() for one in arrays]


def test_load_and_plant__one_connection_point__is_netted() -> None:
    energies = one_member(readings([5, 8, 3, 4], [0, -6, -9, -1]), part(0, LOAD), part(1, PLANT))
    assert flows(energies) == [[5, 8, 3, 4], [0, 6, 9, 1], [5, 2, 0, 3], [0, 0, 6, 0]]
    assert energies.self_wh[0].tolist() == [0, 6, 3, 1]


def test_exchange_alone__basis_grid__load_is_withdrawn_and_production_injected() -> None:
    energies = one_member(readings([7, -3]), part(0, EXCHANGE))
    assert flows(energies) == [[7, 0], [0, 3], [7, 0], [0, 3]]
    assert not energies.has_plant[0]


def test_two_registers__not_netted__keeps_both_of_one_slot() -> None:
    energies = one_member(readings([7], [-3]), part(0, WITHDRAWAL), part(1, INJECTION))
    assert flows(energies)[2:] == [[7], [3]]


def test_two_registers__of_one_point__are_netted_with_sign() -> None:
    energies = one_member(readings([7], [-3]), part(0, WITHDRAWAL, point=9), part(1, INJECTION, point=9))
    assert flows(energies)[2:] == [[4], [0]]


def test_exchange_and_plant__load_is_what_is_left() -> None:
    energies = one_member(readings([4, -5], [-6, -9]), part(0, EXCHANGE), part(1, PLANT))
    assert flows(energies) == [[10, 4], [6, 9], [4, 0], [0, 5]]


def test_storage__behind_an_exchange_meter__is_neither_load_nor_production() -> None:
    energies = one_member(readings([4], [-6], [2]), part(0, EXCHANGE), part(1, PLANT), part(2, STORAGE))
    assert flows(energies)[0] == [8]


def test_two_points_of_one_member__are_summed_not_netted() -> None:
    energies = one_member(readings([5], [-3]), part(0, EXCHANGE), part(1, EXCHANGE))
    assert flows(energies)[2:] == [[5], [3]]


def test_three_channels_of_one_direction__are_all_added() -> None:
    energies = one_member(readings([1], [2], [4]), part(0, LOAD), part(1, LOAD), part(2, LOAD))
    assert flows(energies)[0] == [7]


def test_missing__in_one_channel__takes_the_whole_member_slot_out() -> None:
    energies = one_member(readings([5, 8], [-2, None]), part(0, LOAD), part(1, PLANT))
    assert flows(energies)[0] == [5, 0]
    assert (energies.expected[0].tolist(), energies.covered[0].tolist()) == ([1, 1], [1, 0])


@pytest.mark.parametrize(("quality", "measured"), [(1, 1), (2, 0), (3, 1), (4, 0)])
def test_qualities__all_but_missing__are_covered_and_1_and_3_measured(quality: int, measured: int) -> None:
    energies = one_member(readings([5], quality=quality), part(0, LOAD))
    assert (energies.covered[0].tolist(), energies.measured[0].tolist()) == ([1], [measured])


def test_holding__outside_it__nothing_is_expected_and_nothing_counts() -> None:
    held = Part(0, 0, 0, LOAD, 900, FROM + 1, FROM + 3)
    energies = one_member(readings([5, 6, 7, 8]), held)
    assert (energies.load_wh[0].tolist(), energies.expected[0].tolist()) == ([0, 6, 7, 0], [0, 1, 1, 0])


def test_holding__that_cuts_an_hour__holds_no_part_of_it() -> None:
    held = Part(0, 0, 0, LOAD, 3600, FROM + 1, FROM + 8)
    energies = one_member(readings([5, 0, 0, 0, 6, 0, 0, 0]), held, step_s=3600)
    assert energies.load_wh[0].tolist() == [0, 6]


def test_a_device_that_changes_hands__counts_for_each_holder_in_turn() -> None:
    parts = [Part(0, 0, 0, LOAD, 900, 0, FROM + 1), Part(0, 1, 0, LOAD, 900, FROM + 1, 2**31)]
    energies = member_energies(readings([5, 6]), parts, 2, 900)
    assert energies.load_wh.tolist() == [[5, 0], [0, 6]]


def test_hourly_channel_beside_quarters__is_netted_at_the_hour() -> None:
    table = readings([100, 100, 100, 100], [-300, None, None, None])
    energies = one_member(table, part(0, LOAD), part(1, PLANT, step_s=3600), step_s=3600)
    assert flows(energies) == [[400], [300], [100], [0]]
    assert (energies.expected[0].tolist(), energies.covered[0].tolist()) == ([4], [4])


def test_quarters_summed_to_an_hour__count_each_quarter_by_itself() -> None:
    energies = one_member(readings([100, None, 100, 100]), part(0, LOAD), step_s=3600)
    assert (energies.load_wh[0].tolist(), energies.covered[0].tolist()) == ([300], [3])


def test_a_member_without_channels__has_no_expectation() -> None:
    energies = member_energies(readings([5]), [part(0, LOAD, member=1)], 2, 900)
    assert (energies.expected.tolist(), energies.load_wh.tolist()) == ([[0], [1]], [[0], [5]])
