"""The calculation of one member as text: every number between the readings and the reward, for an auditor.

CSV lines, the first word of a line names its kind; whole numbers only; lines end with one line feed.
"""

from collections.abc import Iterator, Sequence

from gettone.rewards.allocation import AllocationRecord
from gettone.rewards.calculation import MemberCalculation
from gettone.rewards.inputs import SlotTotal

HEADER = (
    "trace,gettone.rewards/1",
    "columns,slot,start_s,own_w_wh,own_j_wh,all_w_wh,all_j_wh,shared_wh,as_consumer_uwh,as_producer_uwh",
    "columns,day,local_day,expected,valid,energy_wh,limit_wh,over,eligible,merit_permille",
    "columns,day_score,local_day,score_nwh",
    "columns,score,of,score",
    "columns,allocation,of,budget_units,total_score,cut_remainder,cut_position",
)


def trace_text(
    calculation: MemberCalculation,
    totals: Sequence[SlotTotal],
    position: int,
    allocations: Sequence[AllocationRecord],
    reward_units: int,
) -> str:
    """The trace of one member; equal calculations give equal bytes."""
    lines = [
        *HEADER,
        *_slot_lines(calculation, totals),
        *_day_lines(calculation),
        *(f"score,{of},{score}" for of, score in sorted(calculation.figures.scores.items())),
        f"rate,{calculation.figures.rate_units}",
        f"position,{position}",
        *(
            f"allocation,{one.of},{one.budget_units},{one.total_score},{one.cut_remainder},{one.cut_position}"
            for one in allocations
        ),
        f"reward,{reward_units}",
    ]
    return "".join(f"{line}\n" for line in lines)


def _slot_lines(calculation: MemberCalculation, totals: Sequence[SlotTotal]) -> Iterator[str]:
    own = calculation.slots
    for total, withdrawn_wh, injected_wh, (as_consumer_uwh, as_producer_uwh) in zip(
        totals, own.withdrawn_wh, own.injected_wh, calculation.credits_uwh, strict=True
    ):
        yield (
            f"slot,{total.start_s},{withdrawn_wh},{injected_wh},{total.withdrawn_wh},{total.injected_wh}"
            f",{total.shared_wh},{as_consumer_uwh},{as_producer_uwh}"
        )


def _day_lines(calculation: MemberCalculation) -> Iterator[str]:
    for one in calculation.verdicts:
        yield (
            f"day,{one.day},{one.expected},{one.valid},{one.energy_wh},{one.limit_wh},{one.over}"
            f",{int(one.eligible)},{one.merit_permille}"
        )
    for day, score_nwh in calculation.day_scores_nwh.items():
        yield f"day_score,{day},{score_nwh}"
