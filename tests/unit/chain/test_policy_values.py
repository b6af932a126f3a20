"""The rules of the token refuse what the contract refuses, with the same limits."""

from typing import Any

import pytest

from gettone.chain.contract import load_artifact
from gettone.chain.policy_values import Bonuses, Budgets, Fees, IncentiveRule, InitialPolicy, Rates
from gettone.errors import InputError

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("kind", "values", "named"),
    [
        (Fees, {"assignment_to_citizen_bps": 2_001}, "assignment_to_citizen_bps"),
        (Fees, {"transfer_citizen_to_citizen_bps": -1}, "transfer_citizen_to_citizen_bps"),
        (Fees, {"transfer_citizen_to_citizen_bps": 1.5}, "transfer_citizen_to_citizen_bps"),
        (Fees, {"transfer_citizen_to_citizen_bps": True}, "transfer_citizen_to_citizen_bps"),
        (Bonuses, {"welcome_citizen_units": 2**96}, "welcome_citizen_units"),
        (Rates, {"units_per_cent": 2**96}, "units_per_cent"),
        (Budgets, {"issue_per_year_units": 2**96}, "issue_per_year_units"),
        (IncentiveRule, {"fixed_units": 11, "cap_units": 10}, "fixed_units"),
        (IncentiveRule, {"price_bps": 1}, "cap_units"),
        (IncentiveRule, {"price_bps": 10_001, "cap_units": 1}, "price_bps"),
        (IncentiveRule, {"provider_permille": 1_001}, "provider_permille"),
        (IncentiveRule, {"required_checks": 4}, "required_checks"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_values__outside_their_range__refused_by_name(kind: Any, values: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError) as refusal:
        kind(**values)
    assert refusal.value.code == "policy_value"
    assert refusal.value.message.startswith(named)


@pytest.mark.parametrize("kind", [Fees, Bonuses, Rates, Budgets], ids=lambda kind: kind.__name__)
def test_values__fields__as_many_and_in_the_order_of_the_contracts_struct(kind: Any) -> None:
    constructor = next(one for one in load_artifact("TokenPolicy")["abi"] if one["type"] == "constructor")
    struct = next(one for one in constructor["inputs"] if one["name"].startswith("initial"))
    part = next(one for one in struct["components"] if one["name"] == kind.__name__.lower())
    suffix = "_bps" if kind is Fees else ""
    ours = [name.removesuffix(suffix).replace("_", "") for name in kind.__dataclass_fields__]
    assert ours == [one["name"].lower() for one in part["components"]]


def test_to_chain__initial_policy__four_tuples() -> None:
    assert [len(part) for part in InitialPolicy().to_chain()] == [10, 5, 2, 4]
