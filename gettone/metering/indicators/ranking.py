"""K19: members in order of their monthly means, and where one stands among them."""

from collections.abc import Mapping

from gettone.metering.indicators.arithmetic import ratio_bp, rhe


def monthly_mean_wh(load_wh: int, months: int) -> int:
    """Mean energy of a month [Wh]."""
    return rhe(load_wh, months)


def ranked(means_wh: Mapping[str, int]) -> list[tuple[str, int]]:
    """Pseudonym and mean [Wh], the least first; equal ones in order of the pseudonym.

    >>> ranked({"b": 5, "a": 5, "c": 1})
    [('c', 1), ('a', 5), ('b', 5)]
    """
    return sorted(means_wh.items(), key=lambda one: (one[1], one[0]))


def own_percentile_bp(means_wh: Mapping[str, int], own: str) -> int | None:
    """Part of the other members whose mean is below the own one, in basis points; None without others.

    >>> own_percentile_bp({"a": 1, "b": 5, "c": 9}, "b"), own_percentile_bp({"a": 1}, "a")
    (5000, None)
    """
    return ratio_bp(sum(value < means_wh[own] for value in means_wh.values()), len(means_wh) - 1)
