"""Parameters of changes: every one stated, each in its range, and one digest for what is approved."""

from dataclasses import asdict
from typing import Any

import pytest

from gettone.chain.policy_values import Bonuses, Budgets, Fees, IncentiveRule, Rates
from gettone.errors import InputError
from gettone.metering.gate.rules import GateRules
from gettone.rule_changes import ACTIONS, ChangeKind, change_digest, checked_parameters, rule_of, shown_parameters

pytestmark = pytest.mark.unit

WHOLE: dict[ChangeKind, dict[str, Any]] = {
    ChangeKind.MODEL: {"kind": "self_consumption", "mode": "pool", "budget_units": "100"},
    ChangeKind.FEE: asdict(Fees()),
    ChangeKind.INCENTIVE: {"category": 1, "kind": 0, **asdict(IncentiveRule(cap_units=5))},
    ChangeKind.BONUS: asdict(Bonuses()),
    ChangeKind.FACTOR: asdict(Rates(units_per_cent=7)),
    ChangeKind.BUDGET: asdict(Budgets()),
    ChangeKind.CAP: {"period_units": "100", "member_units": 10},
    ChangeKind.SETTINGS: asdict(GateRules()),
}
WRONG = [
    (ChangeKind.MODEL, {"budget_units": -1}),
    (ChangeKind.FEE, {"service_citizen_to_citizen_bps": 2001}),
    (ChangeKind.INCENTIVE, {"provider_permille": 1001}),
    (ChangeKind.INCENTIVE, {"category": 6}),
    (ChangeKind.INCENTIVE, {"category": 1, "kind": 4}),
    (ChangeKind.BONUS, {"welcome_citizen_units": 2**96}),
    (ChangeKind.FACTOR, {"units_per_cent": -1}),
    (ChangeKind.BUDGET, {"issue_per_year_units": 1.5}),
    (ChangeKind.CAP, {"period_units": "1e3"}),
    (ChangeKind.SETTINGS, {"settlement_min_rank": 5}),
    (ChangeKind.SETTINGS, {"auto_release": "yes"}),
]


def test_kinds__each__has_an_action_and_parameters() -> None:
    assert set(ACTIONS) == set(WHOLE) == set(ChangeKind)


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_checked_parameters__whole__are_taken_and_read_again(kind: ChangeKind) -> None:
    checked = checked_parameters(kind, WHOLE[kind])
    assert checked_parameters(kind, shown_parameters(checked)) == checked


@pytest.mark.parametrize("kind", [one for one in ChangeKind if one is not ChangeKind.MODEL])
def test_checked_parameters__one_missing__are_refused(kind: ChangeKind) -> None:
    for name in WHOLE[kind]:
        with pytest.raises(InputError, match=name) as refusal:
            checked_parameters(kind, {one: value for one, value in WHOLE[kind].items() if one != name})
        assert refusal.value.code == "out_of_range"


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_checked_parameters__unknown_name__is_refused(kind: ChangeKind) -> None:
    with pytest.raises(InputError, match="surprise"):
        checked_parameters(kind, WHOLE[kind] | {"surprise": 1})


@pytest.mark.parametrize(("kind", "wrong"), WRONG)
def test_checked_parameters__out_of_range__are_refused(kind: ChangeKind, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refusal:
        checked_parameters(kind, WHOLE[kind] | wrong)
    assert refusal.value.code == "out_of_range"


def test_rule_of__settings__are_thresholds_of_the_gate() -> None:
    assert rule_of(ChangeKind.SETTINGS, WHOLE[ChangeKind.SETTINGS] | {"deadline_days": 60}).deadline_days == 60


def test_shown_parameters__base_units__are_decimal_text() -> None:
    assert shown_parameters({"units_per_cent": 2**60, "deadline_days": 3, "no_peaks": {"rate_units_per_day": 5}}) == {
        "units_per_cent": str(2**60),
        "deadline_days": 3,
        "no_peaks": {"rate_units_per_day": "5"},
    }


@pytest.mark.parametrize(
    "other",
    [
        ("other", ChangeKind.CAP, {"a": 1}, 5),
        ("fontana", ChangeKind.BUDGET, {"a": 1}, 5),
        ("fontana", ChangeKind.CAP, {"a": 2}, 5),
        ("fontana", ChangeKind.CAP, {"a": 1}, 6),
    ],
)
def test_change_digest__anything_else__gives_another(other: tuple[str, ChangeKind, dict[str, int], int]) -> None:
    assert change_digest("fontana", ChangeKind.CAP, {"a": 1}, 5) != change_digest(*other)
