"""Model 3, combination of self-consumption and absence of peaks (specification §4)."""

from collections.abc import Mapping
from dataclasses import dataclass

ADDITIVE = "additive"
GATED = "gated"


@dataclass(frozen=True, slots=True)
class Combined:
    """Parameters of model 3, and its arithmetic.

    combination: "additive" adds two rewards, "gated" devalues the self-consumption of a day with peaks.
    self_consumption_weight_permille: weight of model 1 (additive).
    gate_permille: how much of a day's score its peaks can take away (gated).

    Invariants: the two budgets of a split sum to the budget; a gated score is never above the ungated one.

    >>> Combined(self_consumption_weight_permille=333).split_budget(1001, total_1=1500, total_2=4000)
    (333, 668)
    >>> Combined("gated", gate_permille=400).gated_score_nwh({0: 9 * 10**11}, {0: 500})
    720000000000
    """

    combination: str = ADDITIVE
    self_consumption_weight_permille: int = 0
    gate_permille: int = 0

    def split_budget(self, budget_units: int, total_1: int, total_2: int) -> tuple[int, int]:
        """Budgets [u] of the two sides; a side whose total score is 0 gives its own to the other."""
        first_units = budget_units * self.self_consumption_weight_permille // 1000
        if total_1 == 0 and total_2 > 0:
            first_units = 0
        elif total_2 == 0 and total_1 > 0:
            first_units = budget_units
        return first_units, budget_units - first_units

    def weighted_units_down(self, first_units: int, second_units: int) -> int:
        """Reward [u] of the additive combination in rate mode, rounded down once."""
        weight = self.self_consumption_weight_permille
        return (weight * first_units + (1000 - weight) * second_units) // 1000

    def gated_score_nwh(self, day_scores_nwh: Mapping[int, int], merits_permille: Mapping[int, int]) -> int:
        """Score [nWh] after the gate: day by day, rounded down; a day without merit has m = 0."""
        return sum(
            score_nwh * self._factor_permille(merits_permille.get(day, 0)) // 1000
            for day, score_nwh in day_scores_nwh.items()
        )

    def _factor_permille(self, merit_permille: int) -> int:
        return 1000 - self.gate_permille + self.gate_permille * merit_permille // 1000
