"""A settlement from readings to closed books, and every way it must refuse."""

from collections.abc import Callable

import pytest

from gettone.chain.settlement_ledger import Caps
from gettone.chain.settlement_ledger import SettlementState as OnChain
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed, Conflict, GettoneError, Held, InputError
from oracle.settle.job import preview_settlement, run_settlement
from tests.factories.community import member_id_of, throwaway_account
from tests.factories.village import BUDGET_UNITS, COMMUNITY, FIRST_DAY, POOL, Village, synthetic_wh
from tests.integration.settle.conftest import MakeVillage

pytestmark = pytest.mark.chain
SECOND_DAY = "2016-07-02"
THIRD_DAY = "2016-07-03"
RUNNING_DAY = "2016-07-09"


def test_run_settlement__readings_and_model__pays_every_entitlement(village: Village) -> None:
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    with village.database.read() as connection:
        rows = Settlements(connection).members(settlement.settlement_id)
    assert settlement.state is SettlementState.CLOSED
    assert settlement.computed.total_units == BUDGET_UNITS
    assert village.on_chain.contracts.token.total_supply() == BUDGET_UNITS
    expected = {row.computed.wallet: row.computed.entitlement_units for row in rows}
    found = {wallet: village.on_chain.contracts.token.balance_of(wallet or "") for wallet in expected}
    assert found == expected


def test_run_settlement__done__has_its_root_on_chain(village: Village) -> None:
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    on_chain = village.on_chain.contracts.ledger.settlement(0, 0)
    assert settlement.committed is not None
    assert on_chain.state is OnChain.PAID
    assert on_chain.assignment_root == settlement.committed.assignment_root
    assert on_chain.leaf_count == village.size


def test_run_settlement__again__changes_nothing(village: Village) -> None:
    first = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    block = village.on_chain.client.block_number()
    village.steps.clear()
    assert run_settlement(village.context(), COMMUNITY, FIRST_DAY) == first
    assert village.on_chain.client.block_number() == block
    assert village.steps == []


def test_preview_settlement__before_the_run__says_the_same_and_changes_nothing(village: Village) -> None:
    preview = preview_settlement(village.context(), COMMUNITY, FIRST_DAY)
    with village.database.read() as connection:
        assert Settlements(connection).find(1, 0, 0) is None
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert preview.computed.result_digest == settlement.computed.result_digest
    assert preview.computed.total_units == settlement.computed.total_units


def test_run_settlement__until_attested__sends_nothing(village: Village) -> None:
    block = village.on_chain.client.block_number()
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.ATTESTED)
    assert settlement.state is SettlementState.ATTESTED
    assert village.on_chain.client.block_number() == block


def test_run_settlement__two_oracles_needed__both_sign(new_village: MakeVillage) -> None:
    village = new_village(required_signatures=2)
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert settlement.signatures_json is not None
    for name in ("oracle", "second_oracle"):
        assert throwaway_account(name).address in settlement.signatures_json


def test_run_settlement__member_without_wallet__is_carried_and_paid_later(new_village: MakeVillage) -> None:
    village = new_village(joined=8)
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    first = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    owed = _carried(village, first.settlement_id, member_id_of(8))
    assert owed > 0
    assert first.computed.total_units == BUDGET_UNITS - owed
    village.on_chain.join(8)
    village.import_day(SECOND_DAY)
    second = run_settlement(village.context(), COMMUNITY, SECOND_DAY)
    assert second.computed.total_units == BUDGET_UNITS + owed
    assert _carried(village, second.settlement_id, member_id_of(8)) == 0
    assert village.on_chain.contracts.token.total_supply() == 2 * BUDGET_UNITS


def test_run_settlement__no_production__carries_the_pool_over(village: Village) -> None:
    village.import_day(SECOND_DAY, lambda member, hour: abs(synthetic_wh(member, hour)))
    village.import_day(THIRD_DAY)
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    empty = run_settlement(village.context(), COMMUNITY, SECOND_DAY)
    assert (empty.computed.total_units, empty.computed.carried_over_units) == (0, BUDGET_UNITS)
    assert village.on_chain.contracts.ledger.settlement(1, 0).state is OnChain.PAID
    third = run_settlement(village.context(), COMMUNITY, THIRD_DAY)
    assert third.computed.total_units == 2 * BUDGET_UNITS


def test_run_settlement__percentile_model__reads_committed_days_only(new_village: MakeVillage) -> None:
    """Fifteen settled days are a baseline; the readings of a day never settled are not."""
    village = new_village()
    model = {
        "kind": "no_peaks",
        "mode": "rate",
        "rate_units_per_day": "1000",
        "limit_mode": "percentile",
        "limit_min_w": 0,
    }
    village.schedule(model)
    for day in range(1, 17):
        village.import_day(f"2016-07-{day:02}")
        settlement = run_settlement(village.context(), COMMUNITY, f"2016-07-{day:02}")
    with village.database.read() as connection:
        traces = [row.computed.trace for row in Settlements(connection).members(settlement.settlement_id)]
    limits = {line.split(",")[5] for trace in traces for line in trace.splitlines() if line.startswith("day,")}
    assert limits
    assert "2400" not in limits


@pytest.mark.parametrize(
    "change", [f"UPDATE readings SET {one} WHERE channel_id = 1" for one in ("quality = 2", "quality = 4", "rank = 9")]
)
def test_run_settlement__estimate_or_low_rank__earns_nothing(village: Village, change: str) -> None:
    with village.database.write() as connection:
        connection.exec_driver_sql(change)
    village.on_chain.chain.set_time(village.on_chain.client.now_s() + 46 * 86_400)
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.COMPUTING)
    with village.database.read() as connection:
        rows = Settlements(connection).members(settlement.settlement_id)
    unpaid = [row.computed.member_id for row in rows if row.computed.entitlement_units == 0]
    assert unpaid == [member_id_of(0)]


def test_run_settlement__period_running__is_refused(village: Village) -> None:
    with pytest.raises(InputError, match="settle it when it is over"):
        run_settlement(village.context(), COMMUNITY, RUNNING_DAY)


def test_run_settlement__gap_between_periods__is_refused(village: Village) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    village.import_day(THIRD_DAY)
    with pytest.raises(Conflict, match="without gap"):
        run_settlement(village.context(), COMMUNITY, THIRD_DAY)


def test_run_settlement__no_readings__is_refused(new_village: MakeVillage) -> None:
    village = new_village()
    village.schedule(POOL)
    village.import_day(SECOND_DAY)
    with pytest.raises(Held, match="no readings"):
        run_settlement(village.context(), COMMUNITY, FIRST_DAY)


def test_run_settlement__half_of_the_readings__is_held(new_village: MakeVillage) -> None:
    village = new_village()
    village.schedule(POOL)
    village.import_day(FIRST_DAY, lambda member, hour: synthetic_wh(member, hour) if hour < 12 else None)
    with pytest.raises(Held, match="500 permille"):
        run_settlement(village.context(), COMMUNITY, FIRST_DAY)


def test_run_settlement__no_model_on_chain__is_refused(new_village: MakeVillage) -> None:
    village = new_village()
    village.import_day(FIRST_DAY)
    with pytest.raises(GettoneError, match="no reward model"):
        run_settlement(village.context(), COMMUNITY, FIRST_DAY)


def test_run_settlement__earlier_one_unfinished__is_refused(village: Village) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.OPEN)
    village.import_day(SECOND_DAY)
    with pytest.raises(Conflict, match="run it to its end"):
        run_settlement(village.context(), COMMUNITY, SECOND_DAY)


def test_run_settlement__stored_reading_altered_behind_its_back__does_not_close(village: Village) -> None:
    """A value changed in the database without a version is found when the books are closed."""
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.PAID)
    with village.database.write() as connection:
        connection.exec_driver_sql("UPDATE readings SET wh = wh + 1 WHERE channel_id = 1 AND wh > 0")
    with pytest.raises(CheckFailed) as refusal:
        run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert refusal.value.code == "settlement_disagrees"


def correct_a_reading(village: Village) -> None:
    village.import_day(FIRST_DAY, lambda member, hour: synthetic_wh(member, hour) + (member == 0), part="b")


def give_a_wallet(village: Village) -> None:
    village.on_chain.join(8)


def lower_the_member_cap(village: Village) -> None:
    ledger, now_s = village.on_chain.contracts.ledger, village.on_chain.client.now_s()
    caps = Caps(ledger.caps().period_units, BUDGET_UNITS // 20)
    village.on_chain.sender("community_admin").send(ledger.schedule_caps(caps, now_s + 3700), "caps")
    village.on_chain.chain.set_time(now_s + 3800)


@pytest.mark.parametrize("change", [correct_a_reading, give_a_wallet, lower_the_member_cap])
@pytest.mark.parametrize("until", [SettlementState.COMPUTING, SettlementState.PROPOSED])
def test_run_settlement__something_changes_before_signing__is_computed_again(
    new_village: MakeVillage, until: SettlementState, change: Callable[[Village], None]
) -> None:
    village = new_village(joined=8)
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    before = run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=until)
    change(village)
    after = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert after.state is SettlementState.CLOSED
    assert after.computed != before.computed
    assert "something changed since the rewards were computed: computing again" in village.steps


def test_run_settlement__late_correction__leaves_the_settled_period_alone(village: Village) -> None:
    first = run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.PAID)
    village.import_day(FIRST_DAY, lambda member, hour: synthetic_wh(member, hour) + 1, part="b")
    closed = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert closed.state is SettlementState.CLOSED
    assert closed.computed == first.computed


def _carried(village: Village, settlement_id: int, member_id: str) -> int:
    with village.database.read() as connection:
        rows = Settlements(connection).members(settlement_id)
    return next(row.computed.carried_after_units for row in rows if row.computed.member_id == member_id)
