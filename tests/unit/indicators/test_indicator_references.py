"""The reference results of the specification (§5) on real readings that the product holds."""

from functools import cache

import numpy as np
import pytest

from gettone.metering.calendar.bands import band_numbers
from gettone.metering.calendar.slots import Resolution
from gettone.metering.indicators.band_shares import band_shares
from gettone.metering.indicators.community_totals import CommunityTotals, community_totals
from gettone.metering.indicators.energies import Energies
from gettone.metering.indicators.figures import Figures, figures_of
from gettone.metering.indicators.member_energies import member_energies
from gettone.metering.indicators.peaks import LoadShape, load_shapes
from tests.factories.real_energies import RealCommunity, fontana_september, konstanz_april

pytestmark = pytest.mark.unit


def energies_of(real: RealCommunity) -> Energies:
    return member_energies(real.readings, real.parts, len(real.names), real.calendar.step_s)


@cache
def fontana_totals() -> CommunityTotals:
    real = fontana_september()
    return community_totals(energies_of(real), real.calendar, Resolution.WHOLE, 3600)


def fontana() -> Figures:
    return figures_of(fontana_totals().community.cell(0, 0), 30, (1, 1, 1), is_community=True)


def home01() -> Figures:
    return figures_of(fontana_totals().members.cell(0, 0), 30, (1, 1, 1), is_community=False)


def shape_of(real: RealCommunity) -> LoadShape:
    whole = energies_of(real).community()
    return load_shapes(whole.load_wh, whole.known, whole.step_s)[0]


def test_fontana__september__has_720_hours_all_measured() -> None:
    assert len(fontana_september().calendar.starts_s) == 720
    assert (fontana().trust.coverage_bp, fontana().trust.measured_bp) == (10_000, 10_000)


def test_fontana__september__load_production_and_self_consumption() -> None:
    assert (fontana().load_wh, fontana().production_wh, fontana().self_wh) == (14_046_579, 8_262_370, 6_355_321)


def test_fontana__september__k5_k6_k7() -> None:
    one = fontana()
    assert (one.self_consumption_bp, one.self_sufficiency_bp, one.production_to_load_bp) == (7_692, 4_524, 5_882)


def test_fontana__september__withdrawn_injected_shared() -> None:
    assert (fontana().withdrawn_wh, fontana().injected_wh, fontana().shared_wh) == (9_149_226, 3_365_017, 1_457_968)


def test_fontana__september__shared_parts_of_injected_and_withdrawn() -> None:
    one = fontana()
    rates = [round(10_000 * one.shared_wh / flow) for flow in (one.injected_wh, one.withdrawn_wh)]
    assert rates == [4_333, 1_594]


def test_fontana__september__own_self_consumption_and_shared_energy_make_the_communitys() -> None:
    own_wh = int(fontana_totals().members.self_wh.sum())
    assert own_wh == 4_897_353
    assert own_wh + fontana().shared_wh == fontana().self_wh


def test_fontana__every_hour__own_and_shared_energy_make_the_communitys() -> None:
    members = energies_of(fontana_september())
    whole = members.community()
    shared = np.minimum(whole.withdrawn_wh, whole.injected_wh)
    assert np.array_equal(whole.self_wh[0], members.self_wh.sum(axis=0) + shared[0])


def test_fontana__september__peaks() -> None:
    shape = shape_of(fontana_september())
    assert (shape.peak_limit_wh, shape.peaks) == (36_610, 18)


def test_fontana__september__base() -> None:
    shape = shape_of(fontana_september())
    assert (shape.base_wh, shape.base_share_bp) == (7_862, 4_030)


def test_fontana__september__maximum_and_load_factor() -> None:
    shape = shape_of(fontana_september())
    assert (shape.max_w, shape.load_factor_bp) == (51_947, 3_756)


def test_fontana__home01__load_production_self_consumption() -> None:
    one = home01()
    assert (one.load_wh, one.production_wh, one.self_wh) == (1_024_414, 589_197, 321_981)
    assert (one.self_consumption_bp, one.self_sufficiency_bp) == (5_465, 3_143)


def test_fontana__members_shared_energy__is_short_of_the_whole_by_less_than_the_members() -> None:
    parts_uwh = int(fontana_totals().members.consumer_uwh.sum())
    assert 0 <= fontana().shared_wh * 10**6 - parts_uwh < 17 * 720


def test_konstanz__april__bands() -> None:
    real = konstanz_april()
    shares = band_shares(energies_of(real).load_wh, band_numbers(real.calendar))[0]
    assert shares.energy_wh == (128_375, 111_753, 156_067)
    assert shares.slots == (880, 720, 1_280)
    assert shares.share_bp == (3_240, 2_821, 3_939)
    assert shares.normalised_bp == (10_604, 11_283, 8_863)


def test_konstanz__april__peaks() -> None:
    shape = shape_of(konstanz_april())
    assert (shape.peak_limit_wh, shape.peaks, shape.peak_excess_wh) == (491, 72, 12_101)


def test_konstanz__april__base_and_load_factor() -> None:
    shape = shape_of(konstanz_april())
    assert (shape.base_wh, shape.base_share_bp, shape.load_factor_bp) == (70, 5_088, 1_144)
    assert shape.max_w == 4 * 1_202


def test_konstanz__without_a_plant_meter__load_is_what_was_withdrawn() -> None:
    energies = energies_of(konstanz_april())
    assert not energies.has_plant.any()
    assert int(energies.load_wh.sum()) == int(energies.withdrawn_wh.sum()) == 396_195
