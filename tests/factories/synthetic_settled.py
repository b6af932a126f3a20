"""One settlement of the synthetic community with everything a take-out or a verifier needs of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gettone.notary.commitments import SettlementCommitment, TotalsCommitment
from gettone.notary.payouts import Dues, PayoutPlan, assignment_fee
from gettone.notary.verify.chain_view import STATE_PAID, Credit, Opening, Payment
from gettone.rewards.run import RewardRun
from gettone.types import SettlementPeriod
from tests.factories.synthetic_people import PEOPLE, TREASURY, Readings, class_of, throw_away


@dataclass
class Settled:
    """One settlement with everything a take-out or a verifier needs of it."""

    key: tuple[int, int]
    period: SettlementPeriod
    run: RewardRun
    values: Mapping[int, Readings]
    first: Mapping[int, tuple[int | None, int | None]]
    dues: dict[bytes, Dues]
    inputs: dict[bytes, dict[str, Any]]
    traces: dict[bytes, str]
    model: dict[str, Any]
    params: dict[str, Any]
    totals: TotalsCommitment
    commitment: SettlementCommitment
    payouts: PayoutPlan
    opening: Opening
    payment: Payment


def payment_of(
    key: tuple[int, int],
    when: SettlementPeriod,
    dues: Mapping[bytes, Dues],
    skips: frozenset[int],
    fees_bps: Mapping[int, int],
    stakeholders: frozenset[int],
) -> Payment:
    """What the token does with the payouts: net to each wallet, all fees to the Treasury, skips whole."""
    transaction, credits_ = throw_away(f"pay {key}"), []
    for one in sorted(PEOPLE, key=lambda one: one.wallet):
        payout, is_skipped = dues[one.member_id].payout_units, one.number in skips
        fee = 0 if is_skipped else assignment_fee(payout, fees_bps[class_of(one, stakeholders)])
        if payout:
            credits_.append(Credit(one.wallet, payout - fee, is_skipped, transaction, fee))
    skipped = sum(credit.amount_units for credit in credits_ if credit.is_skipped)
    paid = sum(credit.amount_units + credit.fee_units for credit in credits_) - skipped
    if fees := sum(credit.fee_units for credit in credits_):
        credits_.append(Credit(TREASURY, fees, False, transaction))
    return Payment(STATE_PAID, paid, skipped, when.end_s + 3600, tuple(credits_), fees_bps)
