"""The reference engine: one settlement period of one community, in plain integers."""

from collections.abc import Iterable, Sequence

from gettone.rewards.calculation import MemberFigures, calculate_member
from gettone.rewards.checks import check_inputs
from gettone.rewards.distribution import budget_of, distribute
from gettone.rewards.erased import NOBODY_ERASED, Erased, with_share
from gettone.rewards.inputs import Community, MemberSlots, SlotTotal
from gettone.rewards.member_slots import member_slots
from gettone.rewards.model import POOL, Model
from gettone.rewards.run import RewardRun, member_reward
from gettone.types import SettlementPeriod


def compute(
    community: Community,
    model: Model,
    period: SettlementPeriod,
    *,
    carry_in_units: int = 0,
    period_cap_units: int | None = None,
    erased: Erased = NOBODY_ERASED,
) -> RewardRun:
    """Rewards of every member of `community` in `period` (rewards specification §1-§5, §7).

    carry_in_units: what the pool of the period before carried over [u], at most 2^96 - 1.
    period_cap_units: cap [u] of the chain on this period; None where no chain limits it.
    erased: members whose readings are gone, who keep scores and share of the totals as last computed.
    Raises InputError for inputs the rules refuse.

    Invariants: independent of the order of memberships and readings; in pool mode rewards and carried-over
    units sum to the budget; a member's reward follows from the own readings, slot totals and allocations alone.
    """
    check_inputs(community, model, period)
    slot_s = model.sharing.slot_s
    owned = community.by_member()
    slots = {member_id: member_slots(own, period.start_s, period.end_s, slot_s) for member_id, own in owned.items()}
    totals = with_share(slot_totals(slots.values(), range(period.start_s, period.end_s, slot_s)), erased.totals)
    figures = [
        calculate_member(member_id, own, slots[member_id], totals, model, period).figures
        for member_id, own in owned.items()
    ]
    budget_units = budget_of(model, carry_in_units, period_cap_units)
    everybody = sorted((*figures, *erased.figures), key=lambda one: one.member_id.encode())
    return settle_figures(model, period, everybody, totals, budget_units)


def slot_totals(members: Iterable[MemberSlots], starts: range) -> tuple[SlotTotal, ...]:
    """Energies [Wh] of the community in every slot that begins at one of `starts`."""
    withdrawn_wh, injected_wh = [0] * len(starts), [0] * len(starts)
    for member in members:
        for at, (own_withdrawn_wh, own_injected_wh) in enumerate(
            zip(member.withdrawn_wh, member.injected_wh, strict=True)
        ):
            withdrawn_wh[at] += own_withdrawn_wh
            injected_wh[at] += own_injected_wh
    return tuple(map(SlotTotal, starts, withdrawn_wh, injected_wh))


def settle_figures(
    model: Model,
    period: SettlementPeriod,
    figures: Sequence[MemberFigures],
    totals: tuple[SlotTotal, ...],
    budget_units: int | None,
) -> RewardRun:
    """The run that follows from the figures of all members, in bytewise order of their ids."""
    rewards, allocations = distribute(model, figures, budget_units)
    members = tuple(map(member_reward, figures, rewards))
    carried_over_units = budget_units - sum(rewards) if model.mode == POOL and budget_units is not None else 0
    return RewardRun(period, model, members, totals, allocations, carried_over_units)
