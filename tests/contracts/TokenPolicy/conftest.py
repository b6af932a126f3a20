"""The five subjects of the policy, each with another value than the one in force from deployment."""

from dataclasses import dataclass

import clock
import deployment
import policies
import pytest

RULE = {"fixedUnits": 2, "priceBps": 1000, "capUnits": 50, "providerPermille": 600, "requiredChecks": 3}
NOTICE_S = deployment.MIN_NOTICE_S


@dataclass(frozen=True)
class Subject:
    """How one subject is scheduled and read; `key` are category and kind of an incentive rule."""

    name: str
    first: tuple  # in force from deployment
    other: tuple
    holder: str  # fixture of who may schedule it
    key: tuple[int, ...] = ()

    def schedule(self, policy, value: tuple, valid_from: int, sender):
        """Schedule a value; returns the receipt."""
        return getattr(policy, f"schedule{self.name}")(*self.key, value, valid_from, {"from": sender})

    def at(self, policy, time: int) -> tuple:
        """The value in force at a time."""
        singular = self.name[0].lower() + self.name[1:]
        return tuple(getattr(policy, f"{singular}At")(*self.key, time))

    def scheduled(self, policy) -> tuple:
        """The pending value and its moment."""
        value, valid_from = getattr(policy, f"scheduled{self.name}")(*self.key)
        return tuple(value), valid_from


def _other(fields: dict) -> tuple:
    return tuple(value + 1 for value in fields.values())


SUBJECTS = [
    Subject("Fees", policies.struct(policies.NO_FEES), policies.struct(policies.TEN_FEES), "token_admin"),
    Subject("Incentive", policies.struct(policies.NO_INCENTIVE), policies.struct(RULE), "token_admin", key=(2, 0)),
    Subject("Bonuses", policies.struct(policies.BONUSES), _other(policies.BONUSES), "token_admin"),
    Subject("Rates", policies.struct(policies.RATES), _other(policies.RATES), "token_admin"),
    Subject("Budgets", policies.struct(policies.BUDGETS), _other(policies.BUDGETS), "community_admin"),
]


@pytest.fixture(params=SUBJECTS, ids=lambda subject: subject.name)
def subject(request):
    """Each of the five."""
    return request.param


@pytest.fixture
def holder(request, subject):
    """Who may schedule the subject."""
    return request.getfixturevalue(subject.holder)


@pytest.fixture
def now(policy):
    """Time of the next block, a minute after the last."""
    instant = clock.now_s() + 60
    clock.next_block_at(instant)
    return instant
