"""Community files are read strictly and written back the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from gettone.chain.community_spec import load_spec, parse_spec
from gettone.chain.policy_values import Budgets, Fees, InitialPolicy, Rates
from gettone.chain.roles import Role
from gettone.chain.settlement_ledger import PeriodKind
from gettone.errors import InputError, MissingInput
from tests.factories.community import spec_of, throwaway_account

pytestmark = pytest.mark.unit


def test_parse_spec__its_own_document__the_same_spec() -> None:
    spec = spec_of()
    assert parse_spec(spec.to_document()) == spec
    assert parse_spec(json.loads(json.dumps(spec.to_document()))) == spec


def test_load_spec__toml__caps_above_64_bits_and_addresses_of_roles(tmp_path: Path) -> None:
    path = tmp_path / "community.toml"
    admin = throwaway_account("admin").address
    path.write_text(
        f"""
        community_id = "fontana"
        name = "Fontana"
        token_name = "Fontana token"
        token_symbol = "FON"
        period_kind = "week"
        period_cap_units = "100000000000000000000000"
        member_cap_units = 5000
        platform_admin = "{admin}"
        community_admin = "{admin}"
        token_admin = "{admin}"
        oracle_admin = "{admin}"
        oracle = ["{admin.lower()}"]
        """,
        encoding="utf-8",
    )
    spec = load_spec(path)
    assert spec.period_kind is PeriodKind.WEEK
    assert (spec.period_cap_units, spec.member_cap_units) == (10**23, 5000)
    assert spec.min_notice_s == 7 * 86_400
    assert spec.holders[Role.ORACLE] == (admin,)
    assert spec.holders[Role.GUARDIAN] == ()


def test_load_spec__policy_tables__what_they_name_and_else_zero(tmp_path: Path) -> None:
    document = spec_of().to_document() | {"policy": {}}
    lines = [f"{name} = {json.dumps(value)}" for name, value in document.items() if name != "policy"]
    lines += ["[policy.fees]", "service_citizen_to_citizen_bps = 30", "[policy.rates]", 'units_per_cent = "10"']
    path = tmp_path / "community.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    policy = load_spec(path).policy
    assert policy.fees == Fees(service_citizen_to_citizen_bps=30)
    assert policy.rates == Rates(units_per_cent=10)
    assert policy.budgets == Budgets()


def test_parse_spec__no_times_given__defaults_of_the_specification() -> None:
    document = spec_of().to_document()
    for name in ("replacement_delay_s", "confirmation_period_s", "policy"):
        del document[name]
    spec = parse_spec(document)
    assert (spec.replacement_delay_s, spec.confirmation_period_s) == (3 * 86_400, 7 * 86_400)
    assert spec.policy == InitialPolicy()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"period_kind": "year"}, "period_kind"),
        ({"min_notice_s": 3599}, "min_notice_s"),
        ({"period_cap_units": 2**96}, "period_cap_units"),
        ({"period_cap_units": 1.5}, "period_cap_units"),
        ({"token_admin": "0x12"}, "token_admin"),
        ({"oracle": []}, "oracle"),
        ({"oracle": ["0x" + "11" * 20, "0x" + "11" * 20]}, "oracle"),
        ({"required_signatures": 3}, "required_signatures"),
        ({"community_id": "x" * 65}, "community_id"),
        ({"treasury": "0x" + "11" * 20}, "treasury"),
        ({"min_notice_s": 731 * 86_400}, "min_notice_s"),
        ({"replacement_delay_s": 3599}, "replacement_delay_s"),
        ({"confirmation_period_s": 91 * 86_400}, "confirmation_period_s"),
        ({"policy": {"fees": {"assignment_to_citizen_bps": 2001}}}, "policy.fees.assignment_to_citizen_bps"),
        ({"policy": {"budgets": {"issue_per_year_units": "1e9"}}}, "policy.budgets.issue_per_year_units"),
        ({"policy": {"bonuses": {"birthday_units": 1}}}, "policy.bonuses.birthday_units"),
        ({"policy": {"gifts": {}}}, "policy.gifts"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_parse_spec__wrong_field__named(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_spec(spec_of().to_document() | changes)
    assert refusal.value.code == "community_file"
    assert named in refusal.value.message


def test_load_spec__absent_or_garbled__refused(tmp_path: Path) -> None:
    with pytest.raises(MissingInput):
        load_spec(tmp_path / "absent.toml")
    garbled = tmp_path / "garbled.json"
    garbled.write_text("{", encoding="utf-8")
    with pytest.raises(InputError):
        load_spec(garbled)
