"""The gate of a period on its way to a settlement: stored states, release by two persons, parameters of a community."""

from typing import Any

import pytest

from gettone.db.repositories.batches import Batches
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.gates import GateRow, Gates
from gettone.db.repositories.settlement_states import SettlementState
from gettone.errors import Conflict, Held, InputError, Refused
from gettone.metering.gate.rules import GateRules
from oracle.settle.job import run_settlement
from oracle.settle.release import ask_gate, release_gate
from tests.factories.village import COMMUNITY, FIRST_DAY, POOL, Village, synthetic_wh
from tests.integration.settle.conftest import MakeVillage

pytestmark = pytest.mark.chain
DAY_S = 86_400


def half_a_day(member: int, hour: int) -> int | None:
    return synthetic_wh(member, hour) if hour < 12 else None


def set_rules(village: Village, **values: Any) -> None:
    with village.database.write() as connection:
        community = Communities(connection).get(COMMUNITY)
        Gates(connection).set_rules(
            community.community_id, GateRules(**values), valid_from_s=0, now_s=0, set_by="first.admin"
        )


def stored_gate(village: Village) -> GateRow:
    with village.database.read() as connection:
        row = Gates(connection).find(Communities(connection).get(COMMUNITY).community_id, 0, 0)
    assert row is not None
    return row


def move_days(village: Village, days: int) -> None:
    village.on_chain.chain.set_time(village.on_chain.client.now_s() + days * DAY_S)


def test_run_settlement__grace_running__is_held_and_the_gate_says_so(new_village: MakeVillage) -> None:
    village = new_village()
    village.schedule(POOL)
    village.import_day(FIRST_DAY, later_s=DAY_S)
    with pytest.raises(Held, match=r"data may arrive until 2016-07-04T22:00:00Z"):
        run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert stored_gate(village).state == "collecting"
    move_days(village, 2)
    assert run_settlement(village.context(), COMMUNITY, FIRST_DAY).state is SettlementState.CLOSED
    assert stored_gate(village).state == "settled"


def test_ask_gate__batch_not_processed__is_blocked_until_it_is(village: Village) -> None:
    with village.database.write() as connection:
        connection.exec_driver_sql("UPDATE batches SET state = 'retry'")
    assert ask_gate(village.context(), COMMUNITY, FIRST_DAY).row.state == "blocked"
    with pytest.raises(Held, match="1 batches of the period are not processed: 1"):
        run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    with village.database.write() as connection:
        connection.exec_driver_sql("UPDATE batches SET state = 'done'")
    assert ask_gate(village.context(), COMMUNITY, FIRST_DAY).row.state == "ready"


def test_release_gate__incomplete__needs_two_persons_and_one_reason(new_village: MakeVillage) -> None:
    village = new_village()
    set_rules(village, auto_release=False)
    village.schedule(POOL)
    village.import_day(FIRST_DAY, half_a_day)
    context = village.context()
    with pytest.raises(Conflict, match="collecting"):
        release_gate(context, COMMUNITY, FIRST_DAY, operator="a.rossi", reason="meter lost")
    move_days(village, 45)
    with pytest.raises(InputError, match="needs a reason"):
        release_gate(context, COMMUNITY, FIRST_DAY, operator="a.rossi", reason=" ")
    release_gate(context, COMMUNITY, FIRST_DAY, operator="a.rossi", reason="meter lost")
    with pytest.raises(Held, match="two persons release it"):
        run_settlement(context, COMMUNITY, FIRST_DAY)
    with pytest.raises(Refused, match="another person"):
        release_gate(context, COMMUNITY, FIRST_DAY, operator="a.rossi", reason="")
    assert release_gate(context, COMMUNITY, FIRST_DAY, operator="b.verdi", reason="").persons == ("a.rossi", "b.verdi")
    settlement = run_settlement(context, COMMUNITY, FIRST_DAY)
    assert settlement.state is SettlementState.CLOSED
    assert '"release":{"by":["a.rossi","b.verdi"],"reason":"meter lost"}' in settlement.computed.gate_report_json


def test_run_settlement__distributor_only__uploaded_readings_do_not_count(new_village: MakeVillage) -> None:
    village = new_village()
    set_rules(village, settlement_min_rank=40)
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    with pytest.raises(Held, match="0 permille"):
        run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    move_days(village, 45)
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    assert (settlement.state, settlement.computed.total_units) == (SettlementState.CLOSED, 0)
    assert '"settlement_min_rank":"40"' in settlement.computed.gate_report_json


def test_run_settlement__computed__freezes_the_gate_at_the_last_batch(village: Village) -> None:
    settlement = run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.COMPUTING)
    gate = stored_gate(village)
    with village.database.read() as connection:
        highest = Batches(connection).highest()
    assert (gate.state, gate.freeze_batch) == ("frozen", highest)
    assert gate.report_sha256 == settlement.computed.gate_report_sha256
    assert ask_gate(village.context(), COMMUNITY, FIRST_DAY).row == gate


def test_set_rules__past_start__is_refused(village: Village) -> None:
    with village.database.write() as connection, pytest.raises(Conflict, match="from now on"):
        Gates(connection).set_rules(1, GateRules(), valid_from_s=9, now_s=10, set_by="first.admin")
