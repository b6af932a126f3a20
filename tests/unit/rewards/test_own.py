"""What a member is told must fit the model and the period; and the trace is fixed text."""

from dataclasses import replace
from typing import Any

import pytest

from gettone.errors import CheckFailed, InputError
from gettone.rewards.allocation import AllocationRecord, largest_remainder
from gettone.rewards.engine import compute
from gettone.rewards.model import parse_model
from gettone.rewards.own import OwnReward, recompute_own
from tests.unit.rewards.communities import DAY, one_slot

pytestmark = pytest.mark.unit

COMMUNITY = one_slot({"A": 1200, "B": 800}, {"C": 1500})
MODEL = parse_model({"kind": "self_consumption", "mode": "pool", "budget_units": 1001})
RUN = compute(COMMUNITY, MODEL, DAY)


def own_of_a(**changes: Any) -> OwnReward:
    told: dict[str, Any] = {
        "own": COMMUNITY.of_member("A"),
        "member_id": "A",
        "position": 0,
        "model": MODEL,
        "period": DAY,
        "slot_totals": RUN.slot_totals,
        "allocations": RUN.allocations,
    }
    return recompute_own(**(told | changes))


def test_trace__of_a_small_period__is_this_text() -> None:
    lines = own_of_a().trace.splitlines()
    assert lines[0] == "trace,gettone.rewards/1"
    assert f"slot,{DAY.start_s},1200,0,2000,1500,1500,900000000,0" in lines
    assert len([line for line in lines if line.startswith("slot,")]) == 24
    assert lines[-5:] == [
        "score,self_consumption,900000000000",
        "rate,0",
        "position,0",
        "allocation,self_consumption,1001,1500000000000,900000000000,0",
        "reward,601",
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"slot_totals": RUN.slot_totals[1:]}, "slot_totals"),
        ({"slot_totals": RUN.slot_totals[::-1]}, "slot_totals"),
        ({"allocations": ()}, "allocations"),
        ({"allocations": (AllocationRecord("cap", 1, 1, 1, 0),)}, "allocations"),
        ({"allocations": RUN.allocations * 2}, "allocations"),
    ],
)
def test_recompute_own__figures_of_another_shape__are_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as refusal:
        own_of_a(**changes)
    assert refusal.value.code == code


def test_recompute_own__one_reading_changed__another_reward() -> None:
    changed = one_slot({"A": 1100}, {})
    assert own_of_a(own=changed).member.reward_units != RUN.members[0].reward_units


def test_recompute_own__other_totals__another_score() -> None:
    totals = (replace(RUN.slot_totals[0], withdrawn_wh=2001), *RUN.slot_totals[1:])
    assert own_of_a(slot_totals=totals).member.scores != RUN.members[0].scores


@pytest.mark.parametrize(("budget", "scores"), [(2**128, [1]), (-1, [1]), (1, [2**127]), (1, [-1, 2])])
def test_largest_remainder__beyond_the_limits__is_refused(budget: int, scores: list[int]) -> None:
    with pytest.raises(CheckFailed, match="is outside"):
        largest_remainder(budget, scores)


def test_document__of_a_run__has_the_fields_of_the_specification() -> None:
    document = RUN.to_document()
    assert set(document) == {
        "schema", "period", "model", "community", "allocations", "members", "rejected", "result_digest",
    }  # fmt: skip
    assert document["schema"] == "gettone.rewards/1"
    assert document["period"] == {"from": "2026-01-15", "to": "2026-01-16", "timezone": "UTC"}
    assert document["allocations"] == [
        {
            "of": "self_consumption",
            "budget_units": 1001,
            "total_score": 15 * 10**11,
            "cut_remainder": 9 * 10**11,
            "cut_position": 0,
        }
    ]
