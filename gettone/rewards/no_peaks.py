"""Model 2, absence of load peaks: merit for every local day below a limit (specification §3)."""

from collections.abc import Sequence
from dataclasses import dataclass

MIN_BASELINE_DAYS = 14
FULL_MERIT = 1000


@dataclass(frozen=True, slots=True)
class DayLoad:
    """One local day of one member, as metered.

    day: number of the local day.  expected: slots in which a device was in membership (inside the window).
    withdrawn_wh: energies [Wh] of the valid slots, those in which every device has a counted reading.
    contract_power_w: sum [W] over the devices in membership in at least one slot of the day.
    """

    day: int
    expected: int
    withdrawn_wh: tuple[int, ...]
    contract_power_w: int


@dataclass(frozen=True, slots=True)
class DayVerdict:
    """What one local day earned; `merit_permille` is m of the specification, 0 if it is not eligible."""

    day: int
    expected: int
    valid: int
    energy_wh: int
    limit_wh: int
    over: int
    eligible: bool
    merit_permille: int


@dataclass(frozen=True, slots=True)
class NoPeaks:
    """Parameters of model 2, and its arithmetic.

    limit_mode: "contract" (a part of the contract power) or "percentile" (of the member's own past).
    threshold_permille: limit as part of the contract power.  percentile_permille: rank in the baseline.
    limit_min_w: floor [W] of a percentile limit.  penalty_permille: merit lost per slot over the limit.
    completeness_permille: part of the expected slots that must be valid.
    min_expected_slots: slots a day must have in membership; None is half a day of 24 h, or of its window.
    min_day_wh: energy [Wh] a day must reach, so that empty homes earn nothing.
    window_hours: half-open local hours in which slots count, ascending; empty is the whole day.
    rate_units_per_day: token units [u] per peak-free day in rate mode.

    Invariants: a verdict depends on the member's own slots alone; merit is 0..1000; a slot at the limit is
    no peak.

    >>> model = NoPeaks(min_expected_slots=3)
    >>> day = DayLoad(day=0, expected=4, withdrawn_wh=(100, 650, 720, 600), contract_power_w=3000)
    >>> [verdict.merit_permille for verdict in model.judge([day], baseline=[], interval_s=900)]
    [500]
    """

    limit_mode: str = "contract"
    threshold_permille: int = 800
    percentile_permille: int = 975
    limit_min_w: int = 1000
    penalty_permille: int = 250
    completeness_permille: int = 900
    min_expected_slots: int | None = None
    min_day_wh: int = 0
    window_hours: tuple[tuple[int, int], ...] = ()
    rate_units_per_day: int = 0

    def judge(self, days: Sequence[DayLoad], baseline: Sequence[DayLoad], interval_s: int) -> tuple[DayVerdict, ...]:
        """The verdict on every day; `baseline` is read in percentile mode, slots are interval_s [s] long."""
        own_limit_wh = self.percentile_limit_wh(baseline, interval_s)
        return tuple(self._judge_day(day, own_limit_wh, interval_s) for day in days)

    def percentile_limit_wh(self, baseline: Sequence[DayLoad], interval_s: int) -> int | None:
        """Limit [Wh a slot] by nearest rank, or None where contract mode applies: too few complete days."""
        complete = [day for day in baseline if self._is_complete(day, interval_s)]
        past_wh = sorted(energy_wh for day in complete for energy_wh in day.withdrawn_wh)
        if self.limit_mode != "percentile" or len(complete) < MIN_BASELINE_DAYS or not past_wh:
            return None
        rank = -(-self.percentile_permille * len(past_wh) // 1000)
        return max(past_wh[rank - 1], self.limit_min_w * interval_s // 3600)

    def contract_limit_wh(self, contract_power_w: int, interval_s: int) -> int:
        """Limit [Wh a slot] from the contract power [W], rounded down."""
        return contract_power_w * self.threshold_permille * interval_s // 3_600_000

    def in_window(self, hour: int) -> bool:
        """Whether slots that start in this local hour count."""
        return not self.window_hours or any(first <= hour < last for first, last in self.window_hours)

    def expected_slots_min(self, interval_s: int) -> int:
        """Slots a day must have in membership; by default half of its 24 h or window, rounded up."""
        if self.min_expected_slots is not None:
            return self.min_expected_slots
        hours = sum(last - first for first, last in self.window_hours) or 24
        return (hours * 3600 // interval_s + 1) // 2

    def reward_units_down(self, merits_permille: Sequence[int]) -> int:
        """Reward [u] in rate mode: every day by itself, rounded down."""
        return sum(self.rate_units_per_day * merit // FULL_MERIT for merit in merits_permille)

    def _judge_day(self, load: DayLoad, own_limit_wh: int | None, interval_s: int) -> DayVerdict:
        by_contract_wh = self.contract_limit_wh(load.contract_power_w, interval_s)
        limit_wh = by_contract_wh if own_limit_wh is None else own_limit_wh
        over = sum(energy_wh > limit_wh for energy_wh in load.withdrawn_wh)
        energy_wh = sum(load.withdrawn_wh)
        eligible = self._is_complete(load, interval_s) and energy_wh >= self.min_day_wh
        merit = max(0, FULL_MERIT - self.penalty_permille * over) if eligible else 0
        valid = len(load.withdrawn_wh)
        return DayVerdict(load.day, load.expected, valid, energy_wh, limit_wh, over, eligible, merit)

    def _is_complete(self, load: DayLoad, interval_s: int) -> bool:
        enough_valid = len(load.withdrawn_wh) * 1000 >= self.completeness_permille * load.expected
        return enough_valid and load.expected >= self.expected_slots_min(interval_s)
