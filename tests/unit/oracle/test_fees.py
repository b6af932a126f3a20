"""The fee that will hold at the opening: certain for an hour, since no notice is shorter."""

from dataclasses import dataclass
from typing import Any, cast

import pytest

from gettone.chain.contract_set import CommunityContracts
from gettone.chain.policy_values import Fees, Scheduled
from gettone.chain.token_policy import AssignmentFees
from gettone.errors import Held
from oracle.settle.fees import fees_in_force, require_certain_fees

pytestmark = pytest.mark.unit

NOW_S = 1_467_331_200
CHANGED = AssignmentFees(3, 4)


@dataclass
class Policy:
    """A token policy without a chain: fees (1, 2) until `change_s`, (3, 4) from then on."""

    change_s: int
    after: AssignmentFees = CHANGED

    def assignment_fees_at(self, time_s: int) -> AssignmentFees:
        return self.after if time_s >= self.change_s else AssignmentFees(1, 2)

    def scheduled_fees(self) -> Scheduled[Fees]:
        return Scheduled(Fees(), self.change_s)


class Clock:
    def now_s(self) -> int:
        return NOW_S


@dataclass
class Contracts:
    """The two gateways that fees are read from."""

    policy: Policy
    client: Any


def contracts(change_s: int, **changes: Any) -> CommunityContracts:
    return cast(CommunityContracts, Contracts(Policy(change_s, **changes), Clock()))


def test_fees_in_force__no_instant__those_of_now_by_class() -> None:
    assert fees_in_force(contracts(NOW_S + 1)) == {1: 1, 2: 2}


def test_fees_in_force__instant__those_of_then() -> None:
    assert fees_in_force(contracts(NOW_S + 1), NOW_S + 1) == {1: 3, 2: 4}


@pytest.mark.parametrize("change_s", [NOW_S + 1, NOW_S + 3_600])
def test_require_certain_fees__change_within_the_hour__held_and_both_named(change_s: int) -> None:
    with pytest.raises(Held) as held:
        require_certain_fees(contracts(change_s))
    assert held.value.code == "fee_changes_soon"
    assert "from 1 bps (citizen) and 2 bps (stakeholder) to 3 bps (citizen) and 4 bps" in held.value.message


@pytest.mark.parametrize("change_s", [NOW_S, NOW_S + 3_601])
def test_require_certain_fees__change_past_or_later_than_an_hour__holds_nothing(change_s: int) -> None:
    require_certain_fees(contracts(change_s))


def test_require_certain_fees__change_of_other_fees_alone__holds_nothing() -> None:
    require_certain_fees(contracts(NOW_S + 1, after=AssignmentFees(1, 2)))
