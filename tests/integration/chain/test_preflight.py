"""Keys without a right and clocks that are off are refused before a settlement signs or sends anything."""

import pytest

from gettone.chain.preflight import require_clock, require_oracles
from gettone.chain.settlement_ledger import PeriodKind
from gettone.errors import Conflict, Refused
from tests.factories.community import TestCommunity, throwaway_account

pytestmark = pytest.mark.chain


def test_require_oracles__key_without_the_role__named_with_the_command_that_mends_it(
    deployed_community: TestCommunity,
) -> None:
    oracles = [throwaway_account(name).address for name in ("oracle", "second_oracle")]
    require_oracles(deployed_community.contracts, oracles)
    stranger = throwaway_account("stranger").address
    with pytest.raises(Refused) as refusal:
        require_oracles(deployed_community.contracts, [*oracles, stranger])
    assert refusal.value.code == "oracle_without_role"
    assert stranger in refusal.value.message
    assert "AccessManager.grantRole" in refusal.value.message


@pytest.mark.parametrize("missing", [("oracle",), ("oracle", "second_oracle")])
def test_require_oracles__key_of_another_is_not_here__is_named_as_the_old_one(
    deployed_community: TestCommunity, missing: tuple[str, ...]
) -> None:
    here = [throwaway_account(name).address for name in ("oracle", "second_oracle") if name not in missing]
    others = sorted(throwaway_account(name).address for name in missing)
    stranger = throwaway_account("stranger").address
    with pytest.raises(Refused) as refusal:
        require_oracles(deployed_community.contracts, [*here, stranger])
    command = "gettone keys rotate --community fontana --role oracle"
    assert f"{command} --old {others[0]} --new {stranger}" in refusal.value.message
    assert all(one in refusal.value.message for one in others)


@pytest.mark.parametrize(
    ("off_s", "kind"),
    [
        (24 * 3_600, PeriodKind.DAY),
        (-24 * 3_600, PeriodKind.DAY),
        (8 * 86_400, PeriodKind.WEEK),
        (32 * 86_400, PeriodKind.MONTH),
    ],
)
def test_require_clock__a_period_off__refused_with_how_far(
    deployed_community: TestCommunity, off_s: int, kind: PeriodKind
) -> None:
    client = deployed_community.client
    require_clock(client, kind, client.now_s() + off_s // 2)
    with pytest.raises(Conflict) as refusal:
        require_clock(client, kind, client.now_s() + off_s)
    assert refusal.value.code == "clock_off"
    assert str(abs(off_s)) in refusal.value.message
