"""Community files are read strictly and written back the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from gettone.chain.community_spec import load_spec, parse_spec
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
