"""Which rows of a table cannot be read, and why: the first reason of each row counts."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gettone.metering.codes import Code
from gettone.metering.received import Int64Array, Rejected

BoolArray = NDArray[np.bool_]
Reason = Callable[[int], str]


class _Finding(NamedTuple):
    code: Code
    field: str
    reason: Reason


class RefusedRows:
    """Refusals of the rows of one table by position; a refused row keeps its first reason."""

    def __init__(self, count: int) -> None:
        self._found = np.full(count, -1, np.int16)
        self._findings: list[_Finding] = []

    def refuse(self, wrong: BoolArray, code: Code, field: str, reason: Reason) -> None:
        """Refuse the rows of a mask; `reason` says in words what is wrong at a position."""
        fresh = wrong & (self._found < 0)
        if fresh.any():
            self._found[fresh] = len(self._findings)
            self._findings.append(_Finding(code, field, reason))

    @property
    def passed(self) -> BoolArray:
        """The rows that nothing was said against."""
        return self._found < 0

    def positions(self) -> Int64Array:
        """Positions of the refused rows, ascending."""
        return np.flatnonzero(self._found >= 0)

    def rejected(self, row: Int64Array) -> list[Rejected]:
        """The refused rows with their numbers in the source."""
        findings = ((int(at), self._findings[self._found[at]]) for at in self.positions())
        return [Rejected(int(row[at]), one.code, one.field, one.reason(at)) for at, one in findings]
