"""What a file of prices holds, whatever its layout: whole days that stand, and days that are refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Rejected
from gettone.metering.zonal_prices import KINDS, PriceDay
from oracle.payload.refusals import unusable

KIND_OPTION = "kind"


class RefusedDay(NamedTuple):
    """A day of which nothing is stored: its code and reason in words."""

    day: date
    code: Code
    reason: str


@dataclass(slots=True)
class PriceFile:
    """kind: actual, scenario or forecast.  ignored: names of zones and columns that nothing is read from.

    dropped: labels of a scenario that the clock never showed.  broken: rows that no day could be given, which
    then lacks them.
    """

    kind: str
    days: list[PriceDay] = field(default_factory=list)
    refused: list[RefusedDay] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    dropped: int = 0
    broken: list[Rejected] = field(default_factory=list)


Reader = Callable[[Path, FlowConfig], PriceFile]


def kind_of(flow: FlowConfig) -> str:
    """The kind of price that a flow carries; InputError F_SCHEMA where it states none."""
    kind = flow.option(KIND_OPTION)
    if kind not in KINDS:
        raise unusable(Code.F_SCHEMA, f"cannot be read: its flow states no kind of {', '.join(KINDS)}")
    return kind
