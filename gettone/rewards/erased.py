"""Members whose readings were erased: they count as last computed, and nothing of theirs is computed again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gettone.rewards.calculation import MemberFigures
from gettone.rewards.inputs import Community, SlotTotal
from gettone.rewards.own import recompute_own, traces_of
from gettone.rewards.run import RewardRun


@dataclass(frozen=True, slots=True)
class Erased:
    """figures: scores as last computed, energies 0.  totals: their share [Wh] of each slot of the period, together.

    Without erased members both are empty.
    """

    figures: tuple[MemberFigures, ...] = ()
    totals: tuple[SlotTotal, ...] = ()

    def member_ids(self) -> frozenset[str]:
        """Who they are."""
        return frozenset(one.member_id for one in self.figures)


NOBODY_ERASED = Erased()


def erased_figures(member_id: str, scores: Mapping[str, int], rate_units: int) -> MemberFigures:
    """What an erased member brings to the allocation; `rate_units` is 0 in pool mode."""
    return MemberFigures(member_id, 0, 0, 0, 0, dict(scores), rate_units)


def with_share(totals: Sequence[SlotTotal], share: Sequence[SlotTotal]) -> tuple[SlotTotal, ...]:
    """Slot totals of the members that are there, with the share of those that are erased."""
    if not share:
        return tuple(totals)
    return tuple(
        SlotTotal(one.start_s, one.withdrawn_wh + own.withdrawn_wh, one.injected_wh + own.injected_wh)
        for one, own in zip(totals, share, strict=True)
    )


def traces_beside(community: Community, run: RewardRun, erased: Erased) -> dict[str, str]:
    """The trace of every member; empty for those that are erased."""
    gone = erased.member_ids()
    if not gone:
        return traces_of(community, run)
    return {
        one.member_id: ""
        if one.member_id in gone
        else recompute_own(
            own=community.of_member(one.member_id),
            member_id=one.member_id,
            position=position,
            model=run.model,
            period=run.period,
            slot_totals=run.slot_totals,
            allocations=run.allocations,
        ).trace
        for position, one in enumerate(run.members)
    }
