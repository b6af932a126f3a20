"""A member's own amount, recomputed without seeing anybody else's readings."""

from collections.abc import Sequence
from dataclasses import dataclass

from gettone.errors import InputError
from gettone.rewards.allocation import AllocationRecord
from gettone.rewards.calculation import calculate_member
from gettone.rewards.checks import check_inputs
from gettone.rewards.distribution import own_reward_units
from gettone.rewards.inputs import Community, SlotTotal
from gettone.rewards.member_slots import member_slots
from gettone.rewards.model import Model
from gettone.rewards.run import MemberReward, RewardRun, member_reward
from gettone.rewards.trace import trace_text
from gettone.types import SettlementPeriod


@dataclass(frozen=True, slots=True)
class OwnReward:
    """The member's figures and the text of the calculation, both equal to those of the engine."""

    member: MemberReward
    trace: str


def recompute_own(
    *,
    own: Community,
    member_id: str,
    position: int,
    model: Model,
    period: SettlementPeriod,
    slot_totals: Sequence[SlotTotal],
    allocations: Sequence[AllocationRecord],
) -> OwnReward:
    """Reward of one member from the own readings and the published figures alone (specification §1).

    own: the series and memberships of this member.  position: place, from 0, in bytewise order of all ids.
    slot_totals: every slot of the period, in order.  allocations: total score and cut of every allocation.
    Raises InputError where the published figures do not fit the model or the period.
    """
    check_inputs(own, model, period)
    slot_s = model.sharing.slot_s
    if [total.start_s for total in slot_totals] != list(range(period.start_s, period.end_s, slot_s)):
        raise InputError("slot_totals", f"the slot totals are not those of the period in slots of {slot_s} s")
    slots = member_slots(own, period.start_s, period.end_s, slot_s)
    calculation = calculate_member(member_id, own, slots, slot_totals, model, period)
    reward_units = own_reward_units(model, calculation.figures, position, allocations)
    member = member_reward(calculation.figures, reward_units)
    return OwnReward(member, trace_text(calculation, slot_totals, position, allocations, reward_units))


def traces_of(community: Community, run: RewardRun) -> dict[str, str]:
    """The trace of every member as the engine's run knows it: the same bytes as the member's own."""
    traces = {}
    for position, (member_id, own) in enumerate(community.by_member().items()):
        slots = member_slots(own, run.period.start_s, run.period.end_s, run.model.sharing.slot_s)
        calculation = calculate_member(member_id, own, slots, run.slot_totals, run.model, run.period)
        reward_units = run.members[position].reward_units
        traces[member_id] = trace_text(calculation, run.slot_totals, position, run.allocations, reward_units)
    return traces
