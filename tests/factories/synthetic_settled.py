"""One settlement of the synthetic community with everything a take-out or a verifier needs of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gettone.notary.commitments import SettlementCommitment, TotalsCommitment
from gettone.notary.payouts import Dues, PayoutPlan
from gettone.notary.verify.chain_view import Opening, Payment
from gettone.rewards.run import RewardRun
from gettone.types import SettlementPeriod
from tests.factories.synthetic_people import Readings


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
