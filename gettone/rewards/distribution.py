"""From scores to rewards: budgets, caps and allocations, for the whole community and for one member alone."""

from collections.abc import Sequence

from gettone.errors import InputError
from gettone.rewards.allocation import AllocationRecord, Cut, largest_remainder, own_units
from gettone.rewards.calculation import OF_GATED, OF_NO_PEAKS, OF_SELF_CONSUMPTION, MemberFigures
from gettone.rewards.fields import UNITS_MAX
from gettone.rewards.model import COMBINED, POOL, Model

OF_CAP = "cap"


def budget_of(model: Model, carry_in_units: int, period_cap_units: int | None) -> int | None:
    """Budget [u] of a period: pool mode adds what was carried in; never above the cap of the chain.

    None is an uncapped rate.  What a cap cuts off a pool is not carried over.
    """
    if not 0 <= carry_in_units <= UNITS_MAX:
        raise InputError("carry_in", f"carry-in is {carry_in_units} units, and must be in 0..2^96-1")
    if carry_in_units and model.mode != POOL:
        raise InputError("carry_in", "carry-in belongs to mode pool: a model in mode rate carries nothing over")
    limits = [model.budget_units, period_cap_units]
    if model.budget_units is not None:
        limits[0] = model.budget_units + carry_in_units
    return min((limit for limit in limits if limit is not None), default=None)


def distribute(
    model: Model, figures: Sequence[MemberFigures], budget_units: int | None
) -> tuple[list[int], tuple[AllocationRecord, ...]]:
    """Rewards [u] in the order of `figures`, and the allocations that made them."""
    rewards = [0 if model.mode == POOL else one.rate_units for one in figures]
    records = []
    for of, units in _budgets(model, figures, budget_units):
        scores = rewards if of == OF_CAP else [one.scores[of] for one in figures]
        allocation = largest_remainder(units, scores)
        cut = allocation.cut
        records.append(AllocationRecord(of, units, allocation.total_score, cut.remainder, cut.position))
        earlier = [0] * len(rewards) if of == OF_CAP else rewards
        rewards = [before + units for before, units in zip(earlier, allocation.units, strict=True)]
    return rewards, tuple(records)


def own_reward_units(
    model: Model, figures: MemberFigures, position: int, allocations: Sequence[AllocationRecord]
) -> int:
    """Reward [u] of one member from the published allocations and the own scores alone."""
    names = tuple(record.of for record in allocations)
    expected = [pool_scores(model)] if model.mode == POOL else [(), (OF_CAP,)]
    if names not in expected:
        raise InputError(
            "allocations",
            f"the allocations are of {', '.join(names) or 'nothing'}, which a {model.kind} model in mode"
            f" {model.mode} does not make",
        )
    if not allocations:
        return figures.rate_units
    return sum(
        own_units(
            record.budget_units,
            record.total_score,
            Cut(record.cut_remainder, record.cut_position),
            figures.rate_units if record.of == OF_CAP else figures.scores[record.of],
            position,
        )
        for record in allocations
    )


def pool_scores(model: Model) -> tuple[str, ...]:
    """The scores by which a model in pool mode shares, in the order of its allocations."""
    if model.is_gated:
        return (OF_GATED,)
    return (OF_SELF_CONSUMPTION, OF_NO_PEAKS) if model.kind == COMBINED else (model.kind,)


def _budgets(model: Model, figures: Sequence[MemberFigures], budget_units: int | None) -> list[tuple[str, int]]:
    if budget_units is None:
        return []
    if model.mode != POOL:
        exceeds = sum(one.rate_units for one in figures) > budget_units
        return [(OF_CAP, budget_units)] if exceeds else []
    names = pool_scores(model)
    if len(names) == 1 or model.combined is None:
        return [(names[0], budget_units)]
    totals = [sum(one.scores[name] for one in figures) for name in names]
    return list(zip(names, model.combined.split_budget(budget_units, *totals), strict=True))
