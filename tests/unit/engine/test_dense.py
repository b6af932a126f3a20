"""The dense engine takes arrays where they hold every number, and the plain path where they do not."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gettone.engine import dense
from gettone.engine.meter_matrix import MeterMatrix, Overflow, share_energy
from gettone.rewards import engine
from gettone.rewards.inputs import Community
from gettone.rewards.model import parse_model
from tests.unit.rewards.communities import DAY, community_of, device, one_slot

pytestmark = pytest.mark.unit

MODEL = parse_model({"kind": "self_consumption", "mode": "pool", "budget_units": 10**21, "slot_s": 3600})


def test_compute__ordinary_energies__never_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    community = one_slot({"A": 1200, "B": 800}, {"C": 1500})
    expected = engine.compute(community, MODEL, DAY)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the plain engine was asked")

    monkeypatch.setattr(engine, "compute", refuse)
    assert dense.compute(community, MODEL, DAY) == expected


@pytest.mark.parametrize("wh", [2**31, 2**40, 2**61, 2**62 - 1, 2**70])
def test_compute__energies_beyond_int64_products__equals_the_plain_engine(wh: int) -> None:
    community = one_slot({"A": wh, "B": wh // 3}, {"C": wh // 2})
    with pytest.raises(Overflow):
        share_energy(dense.meter_matrix(community.by_member(), MODEL, DAY), [0])
    assert dense.compute(community, MODEL, DAY) == engine.compute(community, MODEL, DAY)


def test_share_energy__one_meter__leaves_the_readings_alone() -> None:
    energy = np.array([[5, -6]], np.int64)
    share_energy(MeterMatrix(energy, np.arange(2)), [0])
    assert energy.tolist() == [[5, -6]]


@given(
    st.lists(st.lists(st.integers(-(10**4), 10**4), min_size=24, max_size=24), min_size=1, max_size=6),
    st.sampled_from(["pool", "rate"]),
    st.sampled_from([0, 1, 999, 10**21]),
)
def test_reward_meters__any_matrix__equals_the_plain_engine(rows: list[list[int]], mode: str, budget: int) -> None:
    model = parse_model(
        {"kind": "self_consumption", "mode": mode, "budget_units": budget, "rate_units_per_kwh": 10**9}
        | {"consumer_share_permille": 700}
    )
    meters = MeterMatrix(np.array(rows, np.int64), np.arange(len(rows) + 1))
    result = dense.reward_meters(meters, model, budget)
    plain = engine.compute(_community(rows), model, DAY)
    assert result.reward_units == [one.reward_units for one in plain.members]
    assert result.scores_nwh == [one.scores["self_consumption"] for one in plain.members]
    assert result.sums.total_withdrawn_wh.tolist() == [one.withdrawn_wh for one in plain.slot_totals]


def test_share_energy__many_blocks__equal_one_block(monkeypatch: pytest.MonkeyPatch) -> None:
    energy = np.random.default_rng(7).integers(-500, 500, (61, 48))
    first_point = np.array([0, 0, 3, 4, 30, 30, 61], np.int64)
    meters = MeterMatrix(energy, first_point, slots_per_total=4)
    whole = share_energy(meters, [0, 5])
    monkeypatch.setattr("gettone.engine.meter_matrix._BLOCK_BYTES", 8 * 48 * 11)
    for one, other in zip(_columns(whole), _columns(share_energy(meters, [0, 5])), strict=True):
        assert np.array_equal(one, other)
    assert whole.withdrawn_wh.tolist() == [
        int(np.maximum(energy[first:last], 0).sum()) for first, last in pairwise(first_point)
    ]


def _columns(sums: object) -> list[object]:
    return [getattr(sums, name) for name in sums.__slots__]


def _community(rows: list[list[int]]) -> Community:
    devices = [
        device(
            chr(65 + number),
            f"d{number}",
            dict(zip(range(DAY.start_s, DAY.end_s, 3600), row, strict=True)),
            interval_s=3600,
        )
        for number, row in enumerate(rows)
    ]
    return community_of(*devices)
