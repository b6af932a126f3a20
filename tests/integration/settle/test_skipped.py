"""A wallet replaced after the oracles signed: its payout is skipped, stays a claim, and goes to the new wallet."""

import pytest

from gettone.db.repositories.settlement_rows import SettlementMemberRow, SettlementRow
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.settlements import Settlements
from oracle.settle.job import run_settlement
from tests.factories.community import member_id_of
from tests.factories.village import BUDGET_UNITS, COMMUNITY, FIRST_DAY, POOL, Village
from tests.integration.settle.changes import replace_wallet
from tests.integration.settle.conftest import MakeVillage
from tests.integration.settle.test_fees import CITIZEN_BPS, POLICY, verdict

pytestmark = pytest.mark.chain

SECOND_DAY = "2016-07-02"
MEMBER = 2


def line_of(village: Village, settlement: SettlementRow, member: int = MEMBER) -> SettlementMemberRow:
    with village.database.read() as connection:
        line = Settlements(connection).line(settlement.settlement_id, member_id_of(member))
    assert line is not None
    return line


@pytest.fixture(params=[SettlementState.ATTESTED, SettlementState.OPEN])
def skipped(request: pytest.FixtureRequest, new_village: MakeVillage) -> Village:
    """With fees; the wallet of MEMBER is replaced when the settlement is signed, or open, and then paid."""
    village = new_village(policy=POLICY)
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=request.param)
    replace_wallet(village.on_chain, MEMBER)
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    return village


def test_run_settlement__wallet_replaced_before_paying__is_paid_to_nobody(skipped: Village) -> None:
    settlement = run_settlement(skipped.context(), COMMUNITY, FIRST_DAY)
    payout = line_of(skipped, settlement).computed.payout_units
    token, new = skipped.on_chain.contracts.token, skipped.on_chain.members[member_id_of(MEMBER)]
    assert settlement.state is SettlementState.CLOSED
    assert (settlement.credited_units, settlement.skipped_units) == (BUDGET_UNITS - payout, payout)
    assert (token.total_supply(), token.balance_of(new.address)) == (BUDGET_UNITS - payout, 0)
    assert payout > 0


def test_run_settlement__next_period__pays_the_claim_to_the_new_wallet_less_the_fee(skipped: Village) -> None:
    first = run_settlement(skipped.context(), COMMUNITY, FIRST_DAY)
    skipped.import_day(SECOND_DAY)
    second = run_settlement(skipped.context(), COMMUNITY, SECOND_DAY)
    claim, line = line_of(skipped, first).computed.payout_units, line_of(skipped, second).computed
    new = skipped.on_chain.members[member_id_of(MEMBER)].address
    assert (line.wallet, line.skipped_units, line.payout_units) == (new, claim, line.entitlement_units + claim)
    net = line.payout_units - line.payout_units * CITIZEN_BPS // 10_000
    assert skipped.on_chain.contracts.token.balance_of(new) == net
    assert skipped.on_chain.contracts.token.total_supply() == 2 * BUDGET_UNITS


def test_run_settlement__claim_paid__is_not_paid_again(skipped: Village) -> None:
    for day in (SECOND_DAY, "2016-07-03"):
        skipped.import_day(day)
        settlement = run_settlement(skipped.context(), COMMUNITY, day)
    assert line_of(skipped, settlement).computed.skipped_units == 0
    assert skipped.on_chain.contracts.token.total_supply() == 3 * BUDGET_UNITS


def test_export__skipped_and_claimed__both_periods_verify(skipped: Village) -> None:
    found, details = verdict(skipped, MEMBER)
    assert found == "OK"
    assert "skipped, a claim on a later settlement" in details[0]
    skipped.import_day(SECOND_DAY)
    run_settlement(skipped.context(), COMMUNITY, SECOND_DAY)
    assert verdict(skipped, MEMBER, SECOND_DAY)[0] == "OK"
