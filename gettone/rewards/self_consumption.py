"""Model 1, self-consumption: shared energy, credited to those who made it (specification §2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gettone.rewards.inputs import MemberSlots, SlotTotal

UWH_PER_WH = 10**6
NWH_PER_KWH = 10**12


@dataclass(frozen=True, slots=True)
class SelfConsumption:
    """Parameters of model 1, and its arithmetic.

    slot_s: length [s] of the slots in which energy counts as shared, 3600 (the Italian rule) or 900.
    basis: "grid" compares energies at the connection points, "physical" production with load.
    consumer_share_permille: part of the shared energy credited to consumers; producers get the rest.
    rate_units_per_kwh: token units [u] per shared kWh in rate mode.

    Invariants: a score depends on the own slots and on the totals of the community alone; the scores of all
    members together are at most 10^9 times the shared energy [Wh].

    >>> model = SelfConsumption(consumer_share_permille=500)
    >>> model.credit(SlotTotal(0, withdrawn_wh=2000, injected_wh=1500), withdrawn_wh=1200, injected_wh=0)
    (900000000, 0)
    >>> model.score_nwh(900_000_000, 0)
    450000000000
    """

    slot_s: int = 3600
    basis: str = "grid"
    consumer_share_permille: int = 1000
    rate_units_per_kwh: int = 0

    def credit(self, total: SlotTotal, withdrawn_wh: int, injected_wh: int) -> tuple[int, int]:
        """Shared energy [µWh] of one member in one slot, as consumer and as producer, both rounded down."""
        shared_uwh = UWH_PER_WH * total.shared_wh
        as_consumer = shared_uwh * withdrawn_wh // total.withdrawn_wh if total.withdrawn_wh else 0
        as_producer = shared_uwh * injected_wh // total.injected_wh if total.injected_wh else 0
        return as_consumer, as_producer

    def credits(self, own: MemberSlots, totals: Sequence[SlotTotal]) -> Iterator[tuple[int, int]]:
        """`credit` for every slot of the period, in order."""
        for total, withdrawn_wh, injected_wh in zip(totals, own.withdrawn_wh, own.injected_wh, strict=True):
            yield self.credit(total, withdrawn_wh, injected_wh)

    def score_nwh(self, as_consumer_uwh: int, as_producer_uwh: int) -> int:
        """Score [nWh] of credited energies [µWh]; linear, so that it may be taken of a slot or of a sum."""
        share = self.consumer_share_permille
        return share * as_consumer_uwh + (1000 - share) * as_producer_uwh

    def reward_units_down(self, score_nwh: int) -> int:
        """Reward [u] of a score in rate mode, rounded down."""
        return score_nwh * self.rate_units_per_kwh // NWH_PER_KWH
