"""The words of the domain as types; standard library only, imported by every package.

Energy is integer Wh, power integer W, tokens are integer base units, instants are unix seconds in UTC.
"""

from bisect import bisect_right
from dataclasses import dataclass
from enum import IntEnum
from typing import NewType

MemberId = NewType("MemberId", str)
DeviceId = NewType("DeviceId", str)
CommunityId = NewType("CommunityId", str)

DAY_S = 86_400


class Quality(IntEnum):
    """Quality of a reading (metering specification §1, LECN-1 §1)."""

    MISSING = 0
    ACTUAL = 1
    ESTIMATED = 2
    CORRECTED = 3
    SUBSTITUTED = 4

    @property
    def earns(self) -> bool:
        """Only measured readings earn tokens; estimates and substitutions never mint."""
        return self in (Quality.ACTUAL, Quality.CORRECTED)


class Direction(IntEnum):
    """Direction of a channel and its sign (ENEA report, Table 13)."""

    EXCHANGE = 0
    WITHDRAWAL = 1
    INJECTION = 2
    PRODUCTION = 3
    LOAD = 4
    STORAGE = 5


@dataclass(frozen=True, slots=True)
class LocalClock:
    """UTC offsets of a time zone over a range, so that no zone database is needed to group by local day.

    `points` holds (unix_s, offset_s), ascending; an offset holds from its instant to the next one, and the
    first one also before it.
    """

    points: tuple[tuple[int, int], ...]

    def offset_s(self, instant_s: int) -> int:
        """UTC offset [s] in force at `instant_s`."""
        at = bisect_right(self.points, (instant_s, 1 << 62)) - 1
        return self.points[max(at, 0)][1]

    def local_day(self, instant_s: int) -> int:
        """Number of the local day (days since 1970-01-01 on the local calendar) that holds `instant_s`."""
        return (instant_s + self.offset_s(instant_s)) // DAY_S

    def local_hour(self, instant_s: int) -> int:
        """Hour 0..23 on the local clock at `instant_s`."""
        return (instant_s + self.offset_s(instant_s)) % DAY_S // 3600


@dataclass(frozen=True, slots=True)
class SettlementPeriod:
    """A half-open range of whole local days [start_s, end_s) with the clock that groups it.

    The clock also covers the 28 local days before the start, which the percentile baseline reads.
    """

    start_s: int
    end_s: int
    clock: LocalClock
    timezone: str
