"""Sharing of the energy bonus paid by GSE: excess, costs, producers, consumers; cents, exact (specification §6).

The token bonus beside it is separate: no exchange rate ties these cents to tokens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gettone.errors import CheckFailed
from gettone.rewards.allocation import largest_remainder
from gettone.rewards.document import digest_hex
from gettone.rewards.gse_input import BonusInput, parse_bonus
from gettone.rewards.sharing_keys import SharingMember, key_weights

SCHEMA = "gettone.gse/1"


@dataclass(frozen=True, slots=True)
class MemberBonus:
    """Cents of one member: of the ring-fenced excess, as producer, as consumer."""

    member_id: str
    excess_cents: int
    producer_cents: int
    consumer_cents: int

    @property
    def total_cents(self) -> int:
        """All that the member receives."""
        return self.excess_cents + self.producer_cents + self.consumer_cents


@dataclass(frozen=True, slots=True)
class BonusShares:
    """The lines of one sharing; members in bytewise order of their ids.

    excess_cents X, costs_cents K, producers_cents Zp, consumers_cents Zc of the specification.
    social_fund_cents: the part of X that went to the fund.
    undistributed_cents: what a key without any weight left with the community.

    Invariants: members, costs, social fund and undistributed cents sum to premium + valorisation.
    """

    excess_cents: int
    costs_cents: int
    producers_cents: int
    consumers_cents: int
    social_fund_cents: int
    undistributed_cents: int
    members: tuple[MemberBonus, ...]

    @property
    def total_cents(self) -> int:
        """Sum of all lines."""
        paid_cents = sum(member.total_cents for member in self.members)
        return paid_cents + self.costs_cents + self.social_fund_cents + self.undistributed_cents


def share_bonus(bonus: BonusInput) -> BonusShares:
    """Share the bonus of one period; raises CheckFailed if the lines do not sum to what came in."""
    received_cents = bonus.premium_cents + bonus.valorisation_cents
    excess_cents = excess_of(bonus)
    ordinary_cents = received_cents - excess_cents
    percentage_cents = ordinary_cents * bonus.cost_permille // 1000
    costs_cents = min(ordinary_cents, bonus.fixed_cost_cents + percentage_cents)
    shared_cents = ordinary_cents - costs_cents
    producers_cents = shared_cents * bonus.producer_permille // 1000
    consumers_cents = shared_cents - producers_cents
    shares = _share_lines(bonus, excess_cents, costs_cents, producers_cents, consumers_cents)
    if shares.total_cents != received_cents:
        raise CheckFailed("bonus_sum", f"the lines sum to {shares.total_cents} cents, and {received_cents} came in")
    return shares


def excess_of(bonus: BonusInput) -> int:
    """Cents X above the threshold: GSE's own figure if given, else the premium on the shared energy beyond it."""
    if bonus.excess_cents is not None:
        return bonus.excess_cents
    shared_wh = bonus.incentivised_shared_wh
    if shared_wh == 0:
        return 0
    above = max(0, 1000 * shared_wh - bonus.threshold_permille * bonus.incentivised_injected_wh)
    return bonus.premium_cents * above // (1000 * shared_wh)


def share_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """From the input object of `gettone gse share` to its result object with `result_digest`."""
    shares = share_bonus(parse_bonus(document))
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "lines": {
            "excess_cents": shares.excess_cents,
            "costs_cents": shares.costs_cents,
            "producers_cents": shares.producers_cents,
            "consumers_cents": shares.consumers_cents,
            "social_fund_cents": shares.social_fund_cents,
            "undistributed_cents": shares.undistributed_cents,
            "total_cents": shares.total_cents,
        },
        "members": [asdict(one) | {"total_cents": one.total_cents} for one in shares.members],
    }
    return result | {"result_digest": digest_hex(result)}


def _share_lines(
    bonus: BonusInput, excess_cents: int, costs_cents: int, producers_cents: int, consumers_cents: int
) -> BonusShares:
    households = [one for one in bonus.members if one.is_consumer and not one.is_enterprise]
    producers = [one for one in bonus.members if one.is_producer]
    consumers = [one for one in bonus.members if one.is_consumer]
    to_fund = bonus.excess_to == "social_fund"
    excess = _share(bonus, households, 0 if to_fund else excess_cents, producers=False)
    as_producer = _share(bonus, producers, producers_cents, producers=True)
    as_consumer = _share(bonus, consumers, consumers_cents, producers=False)
    members = tuple(
        MemberBonus(one, excess.get(one, 0), as_producer.get(one, 0), as_consumer.get(one, 0))
        for one in (member.member_id for member in bonus.members)
    )
    # What is ring-fenced for households never flows back: without a household it goes to the social fund.
    fund_cents = excess_cents - sum(excess.values())
    left_cents = producers_cents + consumers_cents - sum(as_producer.values()) - sum(as_consumer.values())
    return BonusShares(excess_cents, costs_cents, producers_cents, consumers_cents, fund_cents, left_cents, members)


def _share(bonus: BonusInput, group: Sequence[SharingMember], cents: int, *, producers: bool) -> dict[str, int]:
    if cents == 0:
        return {}
    key = bonus.producer_key if producers else bonus.consumer_key
    everybody = [member.member_id for member in bonus.members]
    weights = key_weights(key, group, everybody, bonus.hours, producers=producers)
    ids = [member.member_id for member in group]
    return dict(zip(ids, largest_remainder(cents, weights).units, strict=True))
