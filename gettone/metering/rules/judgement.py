"""How rules judge the rows of a batch: each marks what breaks it, and only that is looked at row by row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gettone.metering.codes import Code
from gettone.metering.energy import Energies
from gettone.metering.exact import BoolArray
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Int32Array, Int64Array, Received, ReceivedRegisters, Rejected, decimal_text
from gettone.metering.registry import ChannelTable
from gettone.types import Direction


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a batch with what the rules need to know, columns of equal length.

    channel: position in `table`, or `NoChannel`.  start_s, end_s: what the row is about, UTC [unix s], as received;
    equal for registers.  length_s: of the interval [s], 0 for registers.  off_s: how far its start lies off a
    boundary, more than the flow snaps (0 where it does not).  energy, wh: exact, and rounded to Wh.
    """

    received: Received | ReceivedRegisters
    flow: FlowConfig
    receipt_s: int
    table: ChannelTable
    channel: Int32Array
    start_s: Int64Array
    end_s: Int64Array
    length_s: Int64Array
    off_s: Int64Array
    energy: Energies
    wh: Int64Array

    def direction_in(self, directions: tuple[Direction, ...]) -> BoolArray:
        """Rows whose channel has one of these directions."""
        chosen = np.isin(np.append(self.table.direction, -1), [int(one) for one in directions])
        return np.asarray(chosen[np.maximum(self.channel, -1)], np.bool_)

    def device_name(self, at: int) -> str:
        """The device of a row as the source wrote it: personal data."""
        return self.received.devices[int(self.received.device[at])]

    def number(self, at: int) -> str:
        """The number of a row as received."""
        return decimal_text(int(self.received.mantissa[at]), int(self.received.exponent[at]))


class Rule(NamedTuple):
    """What refuses a row: a code, our name of the column at fault, which rows break it, and why one does."""

    code: Code
    column: str
    broken: Callable[[Rows], BoolArray]
    reason: Callable[[Rows, int], str]


def refuse(rows: Rows, rules: tuple[Rule, ...]) -> tuple[list[Rejected], BoolArray]:
    """The rows that break a rule, each by the first it breaks, and the mask of the others."""
    good = np.ones(len(rows.wh), np.bool_)
    rejected: list[Rejected] = []
    for rule in rules:
        broken = rule.broken(rows) & good
        if broken.any():
            good &= ~broken
            rejected += _reject(rows, rule, broken)
    return rejected, good


def _reject(rows: Rows, rule: Rule, broken: BoolArray) -> Iterator[Rejected]:
    column = rows.flow.column(rule.column)
    for at in map(int, np.flatnonzero(broken)):
        yield Rejected(int(rows.received.row[at]), rule.code, column, rule.reason(rows, at))
