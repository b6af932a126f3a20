"""The quality gate of §8: states, what blocks, what is waited for."""

from dataclasses import replace
from typing import Any

import pytest

from gettone.metering.gate.decision import Condition, Coverage, GateFacts, GateState, decide
from gettone.metering.gate.rules import GateRules
from gettone.types import DAY_S

pytestmark = pytest.mark.unit
START_S, END_S = 1_474_700_400, 1_475_305_200
RULES = GateRules()


def facts(valid: int = 720, expected: int = 720, days_later: float = 4, **changes: Any) -> GateFacts:
    """One member; the gate is asked some days after the period."""
    given: dict[str, Any] = {
        "period_start_s": START_S,
        "period_end_s": END_S,
        "now_s": END_S + int(days_later * DAY_S),
        "rules_at_s": START_S,
        "members": (Coverage("0a", expected, valid),),
    }
    return GateFacts(**(given | changes))


def state(*args: Any, **changes: Any) -> GateState:
    return decide(facts(*args, **changes), RULES).state


def conditions(found: GateFacts, rules: GateRules = RULES) -> list[Condition]:
    return [one.condition for one in decide(found, rules).findings]


@pytest.mark.parametrize(("valid", "permille"), [(601, 899), (602, 901)])
def test_permille__vector_8_1__is_rounded_down(valid: int, permille: int) -> None:
    assert Coverage("0a", 668, valid).permille == permille


@pytest.mark.parametrize(("valid", "complete"), [(601, False), (602, True)])
def test_decide__vector_8_1__member_is_complete_from_900(valid: int, complete: bool) -> None:
    lax = replace(RULES, community_permille=0)
    assert (decide(facts(valid, 668), lax).state is GateState.READY) is complete


@pytest.mark.parametrize(("valid", "expected"), [(12_692, GateState.READY), (12_691, GateState.COLLECTING)])
def test_decide__vector_8_2__community_passes_at_950(valid: int, expected: GateState) -> None:
    full, rest = divmod(valid, 20)
    members = tuple(Coverage(f"{i:02x}", 668, full + (i < rest)) for i in range(20))
    decision = decide(facts(members=members), RULES)
    assert decision.state is expected
    assert decision.community_permille == (950 if expected is GateState.READY else 949)


def test_decide__vector_8_2__plant_of_979_waits() -> None:
    plants = (Coverage("7", 668, 654),)
    decision = decide(facts(plants=plants), RULES)
    assert decision.state is GateState.COLLECTING
    assert [(one.condition, one.found) for one in decision.findings] == [(Condition.PLANT, 979)]


@pytest.mark.parametrize(("valid", "permille"), [(4_704 - 15 - 4 - 49, 985), (4_636, 985)])
def test_permille__vector_8_3__meter_after_its_rules(valid: int, permille: int) -> None:
    assert Coverage("ch9717902", 4_704, valid).permille == permille


def test_permille__vector_8_3__half_a_day() -> None:
    assert Coverage("ch9717902", 96, 47).permille == 489


def test_decide__period_running__is_open() -> None:
    assert state(days_later=-1) is GateState.OPEN


@pytest.mark.parametrize(("days", "expected"), [(2.99, GateState.COLLECTING), (3, GateState.READY)])
def test_decide__any_source__has_three_days_of_grace(days: float, expected: GateState) -> None:
    assert state(days_later=days) is expected


@pytest.mark.parametrize(
    ("rank", "days", "expected"),
    [(39, 3, GateState.READY), (40, 19.99, GateState.COLLECTING), (40, 20, GateState.READY)],
)
def test_decide__distributor_only__has_twenty_days_of_grace(rank: int, days: float, expected: GateState) -> None:
    rules = replace(RULES, settlement_min_rank=rank)
    assert decide(facts(days_later=days), rules).state is expected


@pytest.mark.parametrize(("days", "expected"), [(44.99, GateState.COLLECTING), (45, GateState.INCOMPLETE)])
def test_decide__too_few_readings__wait_for_the_deadline(days: float, expected: GateState) -> None:
    assert state(600, days_later=days) is expected


def test_decide__no_reading_at_all__does_not_block_for_ever() -> None:
    assert state(0) is GateState.COLLECTING
    assert state(0, days_later=45) is GateState.INCOMPLETE


def test_decide__no_slot_expected__is_ready_without_grace() -> None:
    assert state(0, 0, days_later=0) is GateState.READY
    assert decide(facts(members=(), days_later=0), RULES).state is GateState.READY


@pytest.mark.parametrize(
    ("change", "condition"),
    [
        ({"batches_waiting": (4, 9)}, Condition.BATCHES_WAITING),
        ({"devices_without_holder": (4,)}, Condition.DEVICE_WITHOUT_HOLDER),
        ({"devices_in_two_communities": (4,)}, Condition.DEVICE_IN_TWO_COMMUNITIES),
        ({"devices_with_overlapping_directions": (4,)}, Condition.DIRECTIONS_OVERLAP),
        ({"quarantined_slots": 4}, Condition.QUARANTINE),
        ({"plant_sum_channels": (4,)}, Condition.PLANT_SUM),
        ({"clock_flows": (4,)}, Condition.CLOCK),
        ({"rules_at_s": START_S + 1}, Condition.RULES_LATE),
    ],
)
def test_decide__hard_condition__blocks(change: dict[str, Any], condition: Condition) -> None:
    blocked = facts(**change)
    assert decide(blocked, RULES).state is GateState.BLOCKED
    assert conditions(blocked) == [condition]


@pytest.mark.parametrize("change", [{"batches_waiting": (4,)}, {"plant_sum_channels": (4,)}, {"clock_flows": (4,)}])
def test_decide__hard_condition_after_the_deadline__still_blocks(change: dict[str, Any]) -> None:
    assert state(days_later=400, **change) is GateState.BLOCKED


def test_decide__quarantine_of_5_permille__passes() -> None:
    assert state(717, quarantined_slots=3) is GateState.READY


def test_decide__quarantine_after_the_deadline__counts_as_missing() -> None:
    assert state(700, days_later=45, quarantined_slots=20) is GateState.READY
    assert state(600, days_later=45, quarantined_slots=120) is GateState.INCOMPLETE


def test_decide__few_complete_members__names_who_is_short() -> None:
    members = (Coverage("0a", 720, 720), Coverage("0b", 8, 0))
    decision = decide(facts(members=members), RULES)
    assert [(one.condition, one.found, one.which) for one in decision.findings] == [(Condition.MEMBERS, 500, ("0b",))]


@pytest.mark.parametrize(
    ("auto", "persons", "passes"),
    [
        (True, (), True),
        (False, (), False),
        (False, ("ada",), False),
        (False, ("ada", "ada"), False),
        (False, ("ada", "bob"), True),
    ],
)
def test_passes__incomplete__needs_two_persons_unless_automatic(
    auto: bool, persons: tuple[str, ...], passes: bool
) -> None:
    late, rules = facts(600, days_later=45, released_by=persons), replace(RULES, auto_release=auto)
    assert decide(late, rules).passes(late, rules) is passes


@pytest.mark.parametrize("change", [{"days_later": -1}, {"days_later": 1}, {"clock_flows": (4,)}])
def test_passes__open_collecting_or_blocked__never(change: dict[str, Any]) -> None:
    found = facts(released_by=("ada", "bob"), **change)
    assert not decide(found, RULES).passes(found, RULES)
