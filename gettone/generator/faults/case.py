"""What a fault is made from, and what it states about itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from gettone.errors import InputError
from gettone.generator.community import Home
from gettone.generator.draws import draw_below
from gettone.metering.flow import FlowConfig
from gettone.periods import midnight_s, utc_text
from gettone.types import Direction

SLOT_S = 900
DONE, REJECTED = "done", "rejected"
ROWS = FlowConfig(source_class=7, direction=int(Direction.WITHDRAWAL))


@dataclass(frozen=True, slots=True)
class Case:
    """A home with true readings of withdrawal [Wh] over whole local days; faults are put into copies of them.

    bound_wh: the most that its contract lets pass in a slot (rule V11).
    """

    seed: str
    fault: str
    home: Home
    first: date
    zone: ZoneInfo
    wh: tuple[int, ...]
    bound_wh: int

    @property
    def start_s(self) -> int:
        """Start of the first slot [unix s]."""
        return midnight_s(self.first, self.zone)

    @property
    def rows(self) -> list[tuple[int, int]]:
        """(start [unix s], Wh) of every slot."""
        return [(self.start_s + SLOT_S * slot, wh) for slot, wh in enumerate(self.wh)]

    def drawn(self, number: int, limit: int) -> int:
        """A draw of this fault below `limit`."""
        return draw_below(self.seed, f"fault/{self.fault}", number, limit)

    def changeover(self, quarters: int) -> date:
        """The day of 92 or 100 quarters in the year before; InputError for a zone that never changes its clock."""
        day = date(self.first.year - 1, 1, 1)
        while day.year < self.first.year:
            following = day + timedelta(days=1)
            if midnight_s(following, self.zone) - midnight_s(day, self.zone) == quarters * SLOT_S:
                return day
            day = following
        raise InputError("no_changeover", f"{self.zone} has no day of {quarters} quarters: choose another time zone")


@dataclass(frozen=True, slots=True)
class FaultFile:
    """A file, the state its batch must reach, how often each code must be counted, and the counters that tell."""

    name: str
    text: str
    state: str = DONE
    codes: Mapping[str, int] = field(default_factory=dict)
    counters: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault with its files in the order in which they are to be imported.

    rule: the rule of §4 that finds it.  after: codes that the checks after the merge must leave, with their count.
    digits, meter_changes: what must be registered about the register.
    """

    rule: str
    config: FlowConfig
    files: tuple[FaultFile, ...]
    after: Mapping[str, int] = field(default_factory=dict)
    digits: int | None = None
    meter_changes: tuple[tuple[Direction, datetime, int, int], ...] = ()


def profile(case: Case, rows: Iterable[tuple[int, int]]) -> str:
    """Rows (start [unix s], Wh) in the built-in profile."""
    lines = [f"{case.home.pod},{utc_text(start_s)},{SLOT_S},{wh}\n" for start_s, wh in rows]
    return "device,timestamp_utc,interval_s,energy_wh\n" + "".join(lines)


def table(case: Case, rows: Iterable[tuple[str, str]], extra: Sequence[tuple[str, str]] = ()) -> str:
    """Rows (label, number as text) with semicolons; `extra` are further columns with the same value everywhere."""
    head = ";".join(["device", "timestamp", "value", *(name for name, _ in extra)])
    tail = "".join(f";{value}" for _, value in extra)
    return head + "\n" + "".join(f"{case.home.pod};{label};{number}{tail}\n" for label, number in rows)


def table_flow(**changes: object) -> FlowConfig:
    """The flow that reads `table`: quarters of withdrawal in kWh, with a decimal point, labels in UTC."""
    values: dict[str, object] = {
        "source_class": 7,
        "direction": int(Direction.WITHDRAWAL),
        "syntax": "csv",
        "separator": ";",
        "unit": "kWh",
        "step_s": SLOT_S,
    }
    return FlowConfig(**(values | changes))  # type: ignore[arg-type]  # FlowConfig checks every value itself


def instant(at_s: int) -> datetime:
    """An instant [unix s] as a time in UTC."""
    return datetime.fromtimestamp(at_s, UTC)
