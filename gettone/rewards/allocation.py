"""Largest remainder: a budget shared by score, exact to the unit (rewards specification §1).

Every member can check the own result with the budget, the total score and the cut alone: `own_units`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gettone.errors import CheckFailed

BUDGET_LIMIT = 2**128
SCORE_LIMIT = 2**127


@dataclass(frozen=True, slots=True)
class Cut:
    """Remainder and position of the last who got one of the units left over; (total, 0) if none was left."""

    remainder: int
    position: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """Units of every member, in the order of the scores, with what makes them checkable one by one."""

    budget_units: int
    total_score: int
    units: tuple[int, ...]
    cut: Cut


@dataclass(frozen=True, slots=True)
class AllocationRecord:
    """The published part of an allocation: `of` names the score it shares by."""

    of: str
    budget_units: int
    total_score: int
    cut_remainder: int
    cut_position: int


def largest_remainder(budget_units: int, scores: Sequence[int]) -> Allocation:
    """Share `budget_units` by `scores`, given in bytewise order of the member ids.

    Everybody gets the rounded-down share; the units left over go one each to the largest remainders, ties to
    the earlier position.  A total of 0 shares nothing out.  Raises CheckFailed where a number exceeds its
    limit (budget 2^128, scores 2^127) or the sum is not exact.

    >>> largest_remainder(7, [1, 1, 1])
    Allocation(budget_units=7, total_score=3, units=(3, 2, 2), cut=Cut(remainder=1, position=0))
    """
    _check_limits(budget_units, scores)
    total = sum(scores)
    if total == 0:
        return Allocation(budget_units, 0, (0,) * len(scores), Cut(0, 0))
    shares = [divmod(budget_units * score, total) for score in scores]
    left_over = budget_units - sum(quotient for quotient, _ in shares)
    units = [quotient for quotient, _ in shares]
    remainders = [remainder for _, remainder in shares]
    # A stable sort keeps equal remainders in order of position, in reverse too.
    lucky = sorted(range(len(shares)), key=remainders.__getitem__, reverse=True)[:left_over]
    for position in lucky:
        units[position] += 1
    if sum(units) != budget_units:
        raise CheckFailed("allocation_sum", f"an allocation of {budget_units} units sums to {sum(units)}")
    cut = Cut(remainders[lucky[-1]], lucky[-1]) if lucky else Cut(total, 0)
    return Allocation(budget_units, total, tuple(units), cut)


def own_units(budget_units: int, total_score: int, cut: Cut, score: int, position: int) -> int:
    """Units of one member, from published figures and the own score and position alone.

    >>> [own_units(7, 3, Cut(1, 0), 1, position) for position in range(3)]
    [3, 2, 2]
    """
    if total_score == 0:
        return 0
    quotient, remainder = divmod(budget_units * score, total_score)
    above = remainder > cut.remainder
    return quotient + (above or (remainder == cut.remainder and position <= cut.position))


def _check_limits(budget_units: int, scores: Sequence[int]) -> None:
    if not 0 <= budget_units < BUDGET_LIMIT:
        raise CheckFailed("budget_limit", f"a budget of {budget_units} units is outside 0..2^128-1")
    for score in scores:
        if not 0 <= score < SCORE_LIMIT:
            raise CheckFailed("score_limit", f"a score of {score} is outside 0..2^127-1")
