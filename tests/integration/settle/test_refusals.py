"""What a settlement refuses before anything is sent: one sentence that names the thing and the command to mend it."""

from dataclasses import replace
from pathlib import Path

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from gettone.chain.settlement_ledger import Caps
from gettone.db.repositories.settlement_heads import SettlementHeads
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed, Conflict, GettoneError, Held
from oracle.settle.job import run_settlement
from oracle.settle.resume import resume
from oracle.settle.revise import approve, speak_for_revision
from tests.factories.community import member_id_of
from tests.factories.deployed_community import deploy_test_community
from tests.factories.village import BUDGET_UNITS, COMMUNITY, FIRST_DAY, POOL, Village, synthetic_wh
from tests.integration.settle.conftest import MakeVillage

pytestmark = pytest.mark.chain
SECOND_DAY = "2016-07-02"


def sent_before_and_after(village: Village, code: str, error: type[GettoneError], day: str = FIRST_DAY) -> str:
    """The refusal of a run, which sends nothing."""
    block = village.on_chain.client.block_number()
    with pytest.raises(error) as refusal:
        run_settlement(village.context(), COMMUNITY, day)
    assert (refusal.value.code, village.on_chain.client.block_number()) == (code, block)
    return refusal.value.message


def test_run_settlement__model_from_after_the_period__is_refused(new_village: MakeVillage) -> None:
    village = new_village()
    village.schedule(POOL, SECOND_DAY)
    village.import_day(FIRST_DAY)
    assert "`RewardModels.schedule`" in sent_before_and_after(village, "no_model", Conflict)


def test_run_settlement__corrections_above_the_cap__are_refused_and_go_on_under_a_higher_one(
    new_village: MakeVillage,
) -> None:
    village = new_village(period_cap_units=str(BUDGET_UNITS))
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    village.import_day(FIRST_DAY, lambda member, hour: synthetic_wh(member, hour) * (1 + (member == 0)), part="b")
    for person in ("a.rossi", "b.verdi"):
        speak_for_revision(village.context(), COMMUNITY, FIRST_DAY, operator=person, reason="late data")
    block = village.on_chain.client.block_number()
    with pytest.raises(Conflict, match="above the period cap") as refusal:
        resume(village.context(), COMMUNITY)
    assert (refusal.value.code, village.on_chain.client.block_number()) == ("total_above_cap", block)
    ledger, now_s = village.on_chain.contracts.ledger, village.on_chain.client.now_s()
    caps = Caps(2 * BUDGET_UNITS, ledger.caps().member_units)
    village.on_chain.sender("community_admin").send(ledger.schedule_caps(caps, now_s + 3700), "caps")
    village.on_chain.chain.set_time(now_s + 3800)
    (resumed,) = resume(village.context(), COMMUNITY)
    assert resumed.state is SettlementState.CLOSED


def test_run_settlement__wallet_frozen__keeps_the_payout_as_a_claim(village: Village) -> None:
    members = village.on_chain.contracts.members
    village.on_chain.send("community_admin", members.freeze(member_id_of(2)))
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    with village.database.read() as connection:
        line = Settlements(connection).line(settlement.settlement_id, member_id_of(2))
    assert line is not None
    assert (line.computed.payout_units, line.computed.carried_after_units) == (0, line.computed.entitlement_units)
    assert line.computed.entitlement_units > 0
    assert any("is frozen" in step for step in village.steps)


def test_run_settlement__payouts_altered_behind_its_back__are_not_paid(village: Village) -> None:
    opened = run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.OPEN)
    with village.database.write() as connection:
        chunk = Settlements(connection).chunks(opened.settlement_id)[0]
        altered = b"".join((*chunk.payouts[:-1], chunk.payouts[-1][:-1] + b"\x01"))
        connection.exec_driver_sql(f"UPDATE settlement_chunks SET payouts = {_literal(village, altered)}")
    message = sent_before_and_after(village, "payouts_root", CheckFailed)
    assert "gettone settle resume --from FILE" in message
    with village.database.read() as connection:
        head = SettlementHeads(connection).find(1, 0, 0)
    assert head is not None
    assert (head.state, head.resume_state, head.reason) == (SettlementState.FAILED, SettlementState.OPEN, message)


def _literal(village: Village, content: bytes) -> str:
    is_sqlite = village.database.engine.dialect.name == "sqlite"
    return f"x'{content.hex()}'" if is_sqlite else f"'\\x{content.hex()}'::bytea"


def test_run_settlement__roots_altered_before_signing__are_not_signed(village: Village) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.PROPOSED)
    with village.database.write() as connection:
        altered = _literal(village, b"\x01" * 32)
        connection.exec_driver_sql(f"UPDATE settlements SET payouts_root = {altered}")
    assert "no longer give its proposal" in sent_before_and_after(village, "proposal_changed", CheckFailed)


def test_run_settlement__contracts_of_another_community__are_refused(
    village: Village, local_chain: LocalChain, chain_client: ChainClient, tmp_path: Path
) -> None:
    other = deploy_test_community(
        local_chain, chain_client, tmp_path / "elsewhere", community_id="altrove", period_kind="day"
    )
    context = replace(village.context(), contracts=other.contracts)
    with pytest.raises(Conflict, match="belongs to community altrove") as refusal:
        run_settlement(context, COMMUNITY, FIRST_DAY)
    assert refusal.value.code == "another_community"


@pytest.mark.parametrize("days", [-2, 2])
def test_run_settlement__clocks_more_than_a_period_apart__is_refused(village: Village, days: int) -> None:
    now_s = village.on_chain.client.now_s()
    context = replace(village.context(), clock_s=lambda: now_s + days * 86_400)
    with pytest.raises(Conflict, match=r"more than a period apart.*timedatectl") as refusal:
        run_settlement(context, COMMUNITY, FIRST_DAY)
    assert refusal.value.code == "clock_off"


def test_run_settlement__approval_by_a_person__waits_for_it(village: Village) -> None:
    context = replace(village.context(), needs_approval=True)
    with pytest.raises(Held, match="gettone settle approve"):
        run_settlement(context, COMMUNITY, FIRST_DAY)
    approve(context, COMMUNITY, FIRST_DAY, operator="c.bianchi")
    assert run_settlement(context, COMMUNITY, FIRST_DAY).state is SettlementState.CLOSED


def test_run_settlement__computed_again_after_its_approval__waits_again(village: Village) -> None:
    context = replace(village.context(), needs_approval=True)
    with pytest.raises(Held):
        run_settlement(context, COMMUNITY, FIRST_DAY)
    approve(context, COMMUNITY, FIRST_DAY, operator="c.bianchi")
    village.import_day(FIRST_DAY, lambda member, hour: synthetic_wh(member, hour) + 1, part="b")
    with pytest.raises(Held, match="gettone settle approve"):
        run_settlement(context, COMMUNITY, FIRST_DAY)
