"""Gateway of TokenPolicy: fees, incentives, bonuses, rates and budgets, in force at any moment and scheduled."""

from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any, Self, TypeVar

from web3.types import BlockIdentifier

from gettone.chain.client import LATEST, ChainClient
from gettone.chain.consent import MemberClass
from gettone.chain.contract import Call, Contract, checksum_address
from gettone.chain.policy_values import Bonuses, Budgets, Fees, IncentiveRule, Rates, Scheduled

NAME = "TokenPolicy"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AssignmentFees:
    """Fees [bps] of payouts by the class of the member who receives them."""

    citizen_bps: int
    stakeholder_bps: int


@dataclass(frozen=True, slots=True)
class TokenPolicy:
    """Reads and calls of one community's TokenPolicy; moments are unix seconds, also past ones."""

    contract: Contract

    @classmethod
    def at(cls, client: ChainClient, address: str) -> Self:
        """The policy deployed at `address`."""
        return cls(Contract(client, NAME, checksum_address(address)))

    @property
    def address(self) -> str:
        """EIP-55 address of the policy."""
        return self.contract.address

    def fees_at(self, time_s: int, *, block_identifier: BlockIdentifier = LATEST) -> Fees:
        """All fees in force at a moment."""
        return Fees(*self.contract.read("feesAt", time_s, block_identifier=block_identifier))

    def assignment_fees_at(self, time_s: int, *, block_identifier: BlockIdentifier = LATEST) -> AssignmentFees:
        """Fees of payouts in force at a moment; a settlement uses those at its opening."""
        return AssignmentFees(*self.contract.read("assignmentFeesAt", time_s, block_identifier=block_identifier))

    def service_fee_bps_at(
        self,
        payer_class: MemberClass,
        receiver_class: MemberClass,
        time_s: int,
        *,
        block_identifier: BlockIdentifier = LATEST,
    ) -> int:
        """Fee [bps] of a service between two classes in force at a moment."""
        classes = (int(payer_class), int(receiver_class))
        return int(self.contract.read("serviceFeeBpsAt", *classes, time_s, block_identifier=block_identifier))

    def incentive_at(
        self, category: int, kind: int, time_s: int, *, block_identifier: BlockIdentifier = LATEST
    ) -> IncentiveRule:
        """Incentive of a category and kind of agreement in force at a moment."""
        values = self.contract.read("incentiveAt", category, kind, time_s, block_identifier=block_identifier)
        return IncentiveRule(*values)

    def bonuses_at(self, time_s: int, *, block_identifier: BlockIdentifier = LATEST) -> Bonuses:
        """Welcome and energy bonuses in force at a moment."""
        return Bonuses(*self.contract.read("bonusesAt", time_s, block_identifier=block_identifier))

    def rates_at(self, time_s: int, *, block_identifier: BlockIdentifier = LATEST) -> Rates:
        """Price of the sale and rate of the time bank in force at a moment."""
        return Rates(*self.contract.read("ratesAt", time_s, block_identifier=block_identifier))

    def budgets_at(self, time_s: int, *, block_identifier: BlockIdentifier = LATEST) -> Budgets:
        """Budgets in force at a moment."""
        return Budgets(*self.contract.read("budgetsAt", time_s, block_identifier=block_identifier))

    def scheduled_fees(self, *, block_identifier: BlockIdentifier = LATEST) -> Scheduled[Fees] | None:
        """The pending change of the fees, None without one."""
        return _scheduled(Fees, self.contract.read("scheduledFees", block_identifier=block_identifier))

    def scheduled_incentive(
        self, category: int, kind: int, *, block_identifier: BlockIdentifier = LATEST
    ) -> Scheduled[IncentiveRule] | None:
        """The pending change of one incentive, None without one."""
        values = self.contract.read("scheduledIncentive", category, kind, block_identifier=block_identifier)
        return _scheduled(IncentiveRule, values)

    def scheduled_bonuses(self, *, block_identifier: BlockIdentifier = LATEST) -> Scheduled[Bonuses] | None:
        """The pending change of the bonuses, None without one."""
        return _scheduled(Bonuses, self.contract.read("scheduledBonuses", block_identifier=block_identifier))

    def scheduled_rates(self, *, block_identifier: BlockIdentifier = LATEST) -> Scheduled[Rates] | None:
        """The pending change of the rates, None without one."""
        return _scheduled(Rates, self.contract.read("scheduledRates", block_identifier=block_identifier))

    def scheduled_budgets(self, *, block_identifier: BlockIdentifier = LATEST) -> Scheduled[Budgets] | None:
        """The pending change of the budgets, None without one."""
        return _scheduled(Budgets, self.contract.read("scheduledBudgets", block_identifier=block_identifier))

    def start_s(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Unix seconds of its deployment, from which months of 30 and years of 365 days are counted."""
        return int(self.contract.read("start", block_identifier=block_identifier))

    def min_notice_s(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Seconds between scheduling a change and the earliest moment it applies."""
        return int(self.contract.read("minNotice", block_identifier=block_identifier))

    def token(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Address of the token that is told the transfer fees."""
        return str(self.contract.read("token", block_identifier=block_identifier))

    def bind(self, token: str) -> Call:
        """Name the token, once, and tell it the fees in force (ADMIN_ROLE, in the wiring)."""
        return self.contract.call("bind", checksum_address(token))

    def schedule_fees(self, fees: Fees, valid_from_s: int) -> Call:
        """Schedule other fees (role TOKEN_ADMIN); a pending change is replaced."""
        return self.contract.call("scheduleFees", astuple(fees), valid_from_s)

    def schedule_incentive(self, category: int, kind: int, rule: IncentiveRule, valid_from_s: int) -> Call:
        """Schedule another incentive for a category and kind of agreement (role TOKEN_ADMIN)."""
        return self.contract.call("scheduleIncentive", category, kind, astuple(rule), valid_from_s)

    def schedule_bonuses(self, bonuses: Bonuses, valid_from_s: int) -> Call:
        """Schedule other bonuses (role TOKEN_ADMIN)."""
        return self.contract.call("scheduleBonuses", astuple(bonuses), valid_from_s)

    def schedule_rates(self, rates: Rates, valid_from_s: int) -> Call:
        """Schedule another price of the sale and rate of the time bank (role TOKEN_ADMIN)."""
        return self.contract.call("scheduleRates", astuple(rates), valid_from_s)

    def schedule_budgets(self, budgets: Budgets, valid_from_s: int) -> Call:
        """Schedule other budgets (role COMMUNITY_ADMIN)."""
        return self.contract.call("scheduleBudgets", astuple(budgets), valid_from_s)


def _scheduled(kind: Callable[..., T], values: Any) -> Scheduled[T] | None:
    value, valid_from_s = values
    return Scheduled(kind(*value), int(valid_from_s)) if valid_from_s else None
