"""The result of a reward calculation, and its JSON document (specification §7)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from gettone.rewards.allocation import AllocationRecord
from gettone.rewards.calculation import MemberFigures
from gettone.rewards.document import digest_hex
from gettone.rewards.inputs import SlotTotal
from gettone.rewards.model import Model
from gettone.types import SettlementPeriod

SCHEMA = "gettone.rewards/1"
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class MemberReward:
    """Energies [Wh], scores and reward [u] of one member in one period."""

    member_id: str
    withdrawn_wh: int
    injected_wh: int
    shared_withdrawn_wh: int
    shared_injected_wh: int
    scores: Mapping[str, int]
    reward_units: int


@dataclass(frozen=True, slots=True)
class RejectedReading:
    """A reading set aside as missing: its device, slot start in UTC, and the rule it broke."""

    device: str
    timestamp_utc: str
    rule: str


@dataclass(frozen=True, slots=True)
class RewardRun:
    """One period settled.

    members: in bytewise order of their ids, zeros included; the place in it is the position of the cuts.
    slot_totals: every slot of the period, at the model's slot length (3600 s without model 1).
    carried_over_units: budget [u] that a pool could not share out.
    """

    period: SettlementPeriod
    model: Model
    members: tuple[MemberReward, ...]
    slot_totals: tuple[SlotTotal, ...]
    allocations: tuple[AllocationRecord, ...]
    carried_over_units: int

    @property
    def withdrawn_wh(self) -> int:
        """Energy [Wh] withdrawn by all members."""
        return sum(total.withdrawn_wh for total in self.slot_totals)

    @property
    def injected_wh(self) -> int:
        """Energy [Wh] injected by all members."""
        return sum(total.injected_wh for total in self.slot_totals)

    @property
    def shared_wh(self) -> int:
        """Shared energy [Wh], slot by slot the smaller of both totals."""
        return sum(total.shared_wh for total in self.slot_totals)

    @property
    def total_units(self) -> int:
        """Rewards [u] of all members."""
        return sum(member.reward_units for member in self.members)

    def to_document(self, rejected: Sequence[RejectedReading] = ()) -> dict[str, Any]:
        """The output object with its `result_digest`; write it with `document.canonical`."""
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "period": period_document(self.period),
            "model": self.model.to_document(),
            "community": {
                "withdrawn_wh": self.withdrawn_wh,
                "injected_wh": self.injected_wh,
                "shared_wh": self.shared_wh,
                "total_units": self.total_units,
                "carried_over_units": self.carried_over_units,
            },
            "allocations": [asdict(record) for record in self.allocations],
            "members": [{**asdict(member), "scores": dict(member.scores)} for member in self.members],
            "rejected": [asdict(reading) for reading in rejected],
        }
        return document | {"result_digest": digest_hex(document)}


def period_document(period: SettlementPeriod) -> dict[str, str]:
    """The period as half-open local dates, with its time zone."""
    first_day = period.clock.local_day(period.start_s)
    last_day = period.clock.local_day(period.end_s - 1)
    return {
        "from": date.fromordinal(_EPOCH + first_day).isoformat(),
        "to": date.fromordinal(_EPOCH + last_day + 1).isoformat(),
        "timezone": period.timezone,
    }


def member_reward(figures: MemberFigures, reward_units: int) -> MemberReward:
    """The figures of a member with the reward [u] that the allocations made of them."""
    return MemberReward(
        figures.member_id,
        figures.withdrawn_wh,
        figures.injected_wh,
        figures.shared_withdrawn_wh,
        figures.shared_injected_wh,
        figures.scores,
        reward_units,
    )
