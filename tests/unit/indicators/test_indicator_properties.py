"""What holds for every reading: sums merge, the identity of shared energy, and plain arithmetic gives the same."""

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gettone.metering.calendar.slots import Resolution, SlotCalendar
from gettone.metering.indicators.arithmetic import percentiles, rank_of
from gettone.metering.indicators.community_totals import community_totals
from gettone.metering.indicators.energies import Energies
from gettone.metering.indicators.member_energies import Part, Readings, member_energies
from gettone.metering.indicators.shared_energy import _share_plainly, share
from gettone.types import Direction

pytestmark = pytest.mark.unit

# Saturday 28 March 2026 00:00 in Rome: the second day has 92 quarters.
FROM = 1_774_652_400 // 900
DAYS = SlotCalendar(FROM, FROM + 96 + 92 + 96, 900, "Europe/Rome")
SLOTS = DAYS.to_slot - DAYS.from_slot


def netted_homes(seed: int, homes: int) -> Energies:
    """Homes with load and plant meters at one connection point, with gaps and every quality."""
    rng = np.random.default_rng(seed)
    wh = rng.integers(0, 900, (2 * homes, SLOTS))
    wh[1::2] *= -1
    quality = rng.choice(np.array([0, 1, 2, 3, 4], np.int8), (2 * homes, SLOTS), p=[0.1, 0.6, 0.1, 0.1, 0.1])
    wh[quality == 0] = 0
    parts = [
        Part(row, row // 2, row // 2, Direction.PRODUCTION if row % 2 else Direction.LOAD, 900, 0, 2**31)
        for row in range(2 * homes)
    ]
    return member_energies(Readings(FROM, wh, quality), parts, homes, 900)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 6))
def test_identity__one_netted_point_a_member__holds_in_every_slot(seed: int, homes: int) -> None:
    members = netted_homes(seed, homes)
    whole = members.community()
    shared = np.minimum(whole.withdrawn_wh, whole.injected_wh)[0]
    assert np.array_equal(whole.self_wh[0], members.self_wh.sum(axis=0) + shared)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 5))
def test_totals__days_merged__are_those_of_the_whole_range(seed: int, homes: int) -> None:
    members = netted_homes(seed, homes)
    by_day = community_totals(members, DAYS, Resolution.DAY, 3600)
    at_once = community_totals(members, DAYS, Resolution.WHOLE, 3600)
    for merged, whole in ((by_day.members, at_once.members), (by_day.community, at_once.community)):
        for one, other in zip(astuple(merged.merged(np.array([0]))), astuple(whole), strict=True):
            assert np.array_equal(one, other)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 5), st.sampled_from([900, 3600]))
def test_sharing__in_arrays_and_in_plain_numbers__is_equal(seed: int, homes: int, settle_slot_s: int) -> None:
    members = netted_homes(seed, homes)
    fast = share(members, settle_slot_s)
    plain = _share_plainly(members, settle_slot_s // 900, [0])
    assert all(np.array_equal(one, other) for one, other in zip(astuple(fast), astuple(plain), strict=True))


def test_sharing__products_beyond_int64__takes_the_plain_way() -> None:
    flow = np.array([[10**12], [10**12]], np.int64)
    energies = Energies(900, flow, flow, flow, flow, flow, flow, flow, np.array([False, False]))
    assert share(energies, 900).consumed_wh() == [10**12, 10**12]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1000), st.booleans()), min_size=1, max_size=60), st.integers(1, 1000))
def test_percentile__of_known_values__is_the_one_of_the_sorted_list(
    values: list[tuple[int, bool]], permille: int
) -> None:
    wh = np.array([[value for value, _ in values]], np.int64)
    known = np.array([[mark for _, mark in values]])
    held = sorted(value for value, mark in values if mark)
    expected = [(held[rank_of(len(held), permille) - 1],)] if held else [None]
    assert percentiles(wh, known, permille) == expected


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_members__in_another_order__have_the_same_figures(seed: int) -> None:
    members = netted_homes(seed, 4)
    order = np.random.default_rng(seed).permutation(4)
    turned = Energies(900, *(one[order] for one in astuple(members)[1:]))
    figures = [community_totals(one, DAYS, Resolution.DAY, 3600).members.load_wh for one in (members, turned)]
    assert np.array_equal(figures[0][order], figures[1])
