"""The rules a TokenPolicy holds: fees, incentives, bonuses, rates and budgets (contracts.md §2, §8).

All are whole numbers with their unit in the name; each class is one struct of the contract, field by field, and
refuses what the contract would refuse.
"""

from dataclasses import astuple, dataclass, field, fields
from typing import Any, Generic, TypeVar

from gettone.errors import InputError
from gettone.rewards.fields import UNITS_MAX

FEE_LIMIT_BPS = 2_000
"""No fee is ever above 20 %, whatever a policy says (contracts.md §5)."""
PRICE_LIMIT_BPS = 10_000
CHECK_SUSTAINABILITY = 1
CHECK_SOCIAL_VALUE = 2
CHECKS_ALL = CHECK_SUSTAINABILITY | CHECK_SOCIAL_VALUE

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scheduled(Generic[T]):
    """A change that is public and not yet in force; `valid_from_s` unix seconds."""

    value: T
    valid_from_s: int


@dataclass(frozen=True, slots=True)
class Fees:
    """Fees [bps, at most 2,000] by flow, class of the payer and class of the receiver (contracts.md §5)."""

    transfer_citizen_to_citizen_bps: int = 0
    transfer_citizen_to_stakeholder_bps: int = 0
    transfer_stakeholder_to_citizen_bps: int = 0
    transfer_stakeholder_to_stakeholder_bps: int = 0
    service_citizen_to_citizen_bps: int = 0
    service_citizen_to_stakeholder_bps: int = 0
    service_stakeholder_to_citizen_bps: int = 0
    service_stakeholder_to_stakeholder_bps: int = 0
    assignment_to_citizen_bps: int = 0
    assignment_to_stakeholder_bps: int = 0

    def __post_init__(self) -> None:
        _require_all(self, FEE_LIMIT_BPS)


@dataclass(frozen=True, slots=True)
class IncentiveRule:
    """What a settled agreement of one category and kind earns: fixed + share of the price, at most the cap.

    `provider_permille` of it go to the provider, the rest to the payer; `required_checks` are the bits of the
    checks that must be positive (1 sustainability, 2 social value).  A share of the price needs a cap.
    """

    fixed_units: int = 0
    price_bps: int = 0
    cap_units: int = 0
    provider_permille: int = 0
    required_checks: int = 0

    def __post_init__(self) -> None:
        require_whole("price_bps", self.price_bps, 0, PRICE_LIMIT_BPS)
        require_whole("cap_units", self.cap_units, min(self.price_bps, 1), UNITS_MAX)
        require_whole("fixed_units", self.fixed_units, 0, self.cap_units)
        require_whole("provider_permille", self.provider_permille, 0, 1_000)
        require_whole("required_checks", self.required_checks, 0, CHECKS_ALL)


@dataclass(frozen=True, slots=True)
class Bonuses:
    """Welcome bonus by class and energy bonus by profile, base units each (contracts.md §8)."""

    welcome_citizen_units: int = 0
    welcome_stakeholder_units: int = 0
    energy_consumer_units: int = 0
    energy_prosumer_units: int = 0
    energy_prosumer_with_storage_units: int = 0

    def __post_init__(self) -> None:
        _require_all(self, UNITS_MAX)


@dataclass(frozen=True, slots=True)
class Rates:
    """Base units sold for one euro cent, and paid for one hour of the time bank (contracts.md §8, §9)."""

    units_per_cent: int = 0
    units_per_hour: int = 0

    def __post_init__(self) -> None:
        _require_all(self, UNITS_MAX)


@dataclass(frozen=True, slots=True)
class Budgets:
    """Limits [base units] of incentives per month of 30 days and of issue per year of 365 days (contracts.md §8)."""

    incentives_per_month_units: int = 0
    member_per_month_units: int = 0
    pair_per_month_units: int = 0
    issue_per_year_units: int = 0

    def __post_init__(self) -> None:
        _require_all(self, UNITS_MAX)


@dataclass(frozen=True, slots=True)
class InitialPolicy:
    """What is in force from the deployment of a policy on."""

    fees: Fees = field(default_factory=Fees)
    bonuses: Bonuses = field(default_factory=Bonuses)
    rates: Rates = field(default_factory=Rates)
    budgets: Budgets = field(default_factory=Budgets)

    def to_chain(self) -> tuple[Any, ...]:
        """The Initial struct of the contract, as the ABI encodes it."""
        return astuple(self)


def require_whole(name: str, value: object, low: int, high: int) -> None:
    """InputError `policy_value` with the name and the range unless `value` is a whole number in low..high."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError("policy_value", f"{name} is {value!r}, and must be a whole number")
    if not low <= value <= high:
        raise InputError("policy_value", f"{name} is {value}, and must be in {low}..{high}")


def _require_all(values: Any, high: int) -> None:
    for one in fields(values):
        require_whole(one.name, getattr(values, one.name), 0, high)
