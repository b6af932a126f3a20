"""Assignment fees through the whole job: the member has the payout less the fee, the Treasury has the fees."""

from collections.abc import Callable, Sequence

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.consent import MemberClass
from gettone.chain.store import MemoryTransactionStore
from gettone.chain.transactions import Sender
from gettone.db.repositories.settlement_rows import SettlementMemberRow, SettlementRow
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed, Conflict, Held
from gettone.periods import parse_period
from gettone.verifier import TrustInputs, verify_file
from oracle.settle.job import run_settlement
from oracle.takeout.disclosure import TakeoutRequest
from oracle.takeout.export import TakeoutExporter
from tests.factories.community import member_id_of, throwaway_account
from tests.factories.village import BUDGET_UNITS, COMMUNITY, FIRST_DAY, POOL, TIMEZONE, Village
from tests.integration.settle.changes import change_fees, move_clock, schedule_fees
from tests.integration.settle.conftest import MakeVillage

pytestmark = pytest.mark.chain

CITIZEN_BPS, STAKEHOLDER_BPS = 125, 2_000
CITIZEN, STAKEHOLDER = 0, 8
POLICY = {"fees": {"assignment_to_citizen_bps": CITIZEN_BPS, "assignment_to_stakeholder_bps": STAKEHOLDER_BPS}}


@pytest.fixture
def charging(new_village: MakeVillage) -> Village:
    """The village of nine, the last a stakeholder on chain, with assignment fees from the start."""
    made = new_village(joined=8, policy=POLICY)
    made.on_chain.join(STAKEHOLDER, MemberClass.STAKEHOLDER)
    made.schedule(POOL)
    made.import_day(FIRST_DAY)
    return made


def lines_of(village: Village, settlement: SettlementRow) -> tuple[SettlementMemberRow, ...]:
    with village.database.read() as connection:
        return Settlements(connection).members(settlement.settlement_id)


def fee_of(line: SettlementMemberRow, citizen_bps: int = CITIZEN_BPS, stakeholder_bps: int = STAKEHOLDER_BPS) -> int:
    is_stakeholder = line.computed.member_id == member_id_of(STAKEHOLDER)
    return line.computed.payout_units * (stakeholder_bps if is_stakeholder else citizen_bps) // 10_000


def verdict(village: Village, member: int, dates: str = FIRST_DAY) -> tuple[str, list[str]]:
    """Verdict of a member's take-out, and what step 6 says."""
    exporter = TakeoutExporter(village.database, village.vault, village.on_chain.contracts)
    path = village.folder / "takeout.zip"
    request = TakeoutRequest(COMMUNITY, member_id_of(member), parse_period(dates, TIMEZONE))
    path.write_bytes(exporter.export(request)[1])
    chain = village.on_chain
    genesis = "0x" + chain.client.genesis_hash.hex()
    report = verify_file(path, TrustInputs(chain.chain.rpc_url, genesis, chain.contracts.ledger.address))
    return report.verdict, report.steps[5].details


def test_run_settlement__fees__members_have_net_and_the_treasury_the_rest(charging: Village) -> None:
    settlement = run_settlement(charging.context(), COMMUNITY, FIRST_DAY)
    lines, token = lines_of(charging, settlement), charging.on_chain.contracts.token
    balances = {line.computed.wallet: token.balance_of(line.computed.wallet or "") for line in lines}
    assert balances == {line.computed.wallet: line.computed.payout_units - fee_of(line) for line in lines}
    fees = sum(fee_of(line) for line in lines)
    assert token.balance_of(token.treasury()) == fees > 0
    assert token.total_supply() == settlement.computed.total_units == BUDGET_UNITS


def test_run_settlement__fees__books_keep_payouts_before_fee_and_the_fees(charging: Village) -> None:
    settlement = run_settlement(charging.context(), COMMUNITY, FIRST_DAY)
    lines = lines_of(charging, settlement)
    assert settlement.state is SettlementState.CLOSED
    assert (settlement.computed.citizen_fee_bps, settlement.computed.stakeholder_fee_bps) == (125, 2_000)
    assert (settlement.credited_units, settlement.skipped_units) == (BUDGET_UNITS, 0)
    assert settlement.fee_units == sum(fee_of(line) for line in lines)
    assert {line.computed.carried_after_units for line in lines} == {0}


@pytest.mark.parametrize("member", [CITIZEN, STAKEHOLDER])
def test_export__fees__takeout_verifies_with_the_fee_of_the_class(charging: Village, member: int) -> None:
    settlement = run_settlement(charging.context(), COMMUNITY, FIRST_DAY)
    line = next(one for one in lines_of(charging, settlement) if one.computed.member_id == member_id_of(member))
    found, details = verdict(charging, member)
    assert found == "OK"
    assert f"{line.computed.payout_units - fee_of(line)} units after a fee of {fee_of(line)} moved" in details[0]


@pytest.mark.parametrize("until", [SettlementState.COMPUTING, SettlementState.PROPOSED, SettlementState.ATTESTED])
def test_run_settlement__fee_changes_before_opening__is_computed_again_and_verifies(
    village: Village, until: SettlementState
) -> None:
    before = run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=until)
    change_fees(village, 300)
    after = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert (before.computed.citizen_fee_bps, after.computed.citizen_fee_bps) == (0, 300)
    assert any("computing again" in step for step in village.steps)
    assert after.fee_units == sum(fee_of(line, 300, 300) for line in lines_of(village, after))
    assert verdict(village, CITIZEN)[0] == "OK"


def test_run_settlement__fee_changes_after_opening__takes_the_fee_at_the_opening(village: Village) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.OPEN)
    change_fees(village, 300)
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert (settlement.state, settlement.fee_units) == (SettlementState.CLOSED, 0)
    assert verdict(village, CITIZEN)[0] == "OK"


@pytest.mark.parametrize("until", [SettlementState.PROPOSED, SettlementState.ATTESTED])
def test_run_settlement__fee_about_to_change__is_held_until_it_has_changed(
    village: Village, until: SettlementState
) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=until)
    valid_from_s = schedule_fees(village, 300)
    move_clock(village, valid_from_s - 1_800)
    with pytest.raises(Held, match=r"from 0 bps .* to 300 bps") as held:
        run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert held.value.code == "fee_changes_soon"
    assert village.on_chain.contracts.ledger.settlements_opened() == []
    move_clock(village, valid_from_s + 1)
    assert run_settlement(village.context(), COMMUNITY, FIRST_DAY).computed.citizen_fee_bps == 300


def test_run_settlement__change_further_than_an_hour__is_opened_with_the_present_fee(village: Village) -> None:
    schedule_fees(village, 300)
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert (settlement.state, settlement.fee_units) == (SettlementState.CLOSED, 0)


class KilledError(BaseException):
    """The process ends here."""


@pytest.fixture
def opening_stored(village: Village, monkeypatch: pytest.MonkeyPatch) -> Village:
    """The opening is signed and stored and the process dies before it leaves; then the fee changes."""

    def die(client: ChainClient, raws: bytes | Sequence[bytes]) -> None:
        raise KilledError

    with monkeypatch.context() as killed:
        killed.setattr(ChainClient, "send_raw", die)
        killed.setattr(ChainClient, "send_raws", die)
        with pytest.raises(KilledError):
            run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    change_fees(village, 300)
    return village


def test_run_settlement__opening_may_still_be_mined_with_another_fee__is_refused(opening_stored: Village) -> None:
    with pytest.raises(Conflict, match="the chain now takes 300 bps") as refusal:
        run_settlement(opening_stored.context(), COMMUNITY, FIRST_DAY)
    assert refusal.value.code == "opening_under_way"
    assert opening_stored.on_chain.contracts.ledger.settlements_opened() == []


def test_run_settlement__opening_with_another_fee_can_never_be_mined__is_computed_again(
    opening_stored: Village,
) -> None:
    chain = opening_stored.on_chain
    sender = Sender(chain.client, throwaway_account("oracle"), MemoryTransactionStore())
    sender.send(chain.contracts.ledger.anchor_ingest(b"\x01" * 32, 1), "the nonce goes to another transaction")
    settlement = run_settlement(opening_stored.context(), COMMUNITY, FIRST_DAY)
    assert (settlement.state, settlement.computed.citizen_fee_bps) == (SettlementState.CLOSED, 300)


@pytest.fixture
def lost_race(village: Village, monkeypatch: pytest.MonkeyPatch) -> Village:
    """A settlement that names fee 0 and opened when the policy had 300 bps, as no run of the job lets it."""
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.ATTESTED)
    change_fees(village, 300)
    with monkeypatch.context() as blind:
        blind.setattr("oracle.settle.job.must_be_signed_again", lambda *_: False)
        run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.PAID)
    return village


def test_run_settlement__opened_under_another_fee__does_not_close(lost_race: Village) -> None:
    with pytest.raises(CheckFailed, match="assignment fees by class") as refusal:
        run_settlement(lost_race.context(), COMMUNITY, FIRST_DAY)
    assert refusal.value.code == "settlement_disagrees"


def test_verify__opened_under_another_fee__invalid_fee(lost_race: Village) -> None:
    assert verdict(lost_race, CITIZEN)[0] == "INVALID:fee"


@pytest.mark.parametrize("falsify", ["fee_units = '1'", "credited_units = '1'", "skipped_units = '1'"])
def test_run_settlement__charged_fee_altered_in_the_database__does_not_close(charging: Village, falsify: str) -> None:
    run_settlement(charging.context(), COMMUNITY, FIRST_DAY, until=SettlementState.PAID)
    with charging.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE settlements SET {falsify}")
    with pytest.raises(CheckFailed, match="credited, charged and skipped") as refusal:
        run_settlement(charging.context(), COMMUNITY, FIRST_DAY)
    assert refusal.value.code == "settlement_disagrees"


def name_other_fees(village: Village) -> None:
    with village.database.write() as connection:
        connection.exec_driver_sql("UPDATE settlements SET citizen_fee_bps = 124")


def name_another_class(village: Village) -> None:
    with village.database.write() as connection:
        connection.exec_driver_sql("UPDATE settlement_members SET member_class = 1")


@pytest.mark.parametrize("falsify", [name_other_fees, name_another_class])
def test_run_settlement__fee_or_class_altered_in_the_database__does_not_close(
    charging: Village, falsify: Callable[[Village], None]
) -> None:
    run_settlement(charging.context(), COMMUNITY, FIRST_DAY, until=SettlementState.PAID)
    falsify(charging)
    with pytest.raises(CheckFailed) as refusal:
        run_settlement(charging.context(), COMMUNITY, FIRST_DAY)
    assert refusal.value.code == "settlement_disagrees"
