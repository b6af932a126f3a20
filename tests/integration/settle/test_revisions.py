"""A period corrected after it was settled: differences are paid, negative ones carried, and every take-out verifies."""

from collections.abc import Callable

import pytest

from gettone.db.repositories.settlement_heads import SettlementHeads
from gettone.db.repositories.settlement_rows import SettlementMemberRow, SettlementRow
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import Conflict, Held, InputError, Refused
from oracle.settle.job import run_settlement
from oracle.settle.resume import resume
from oracle.settle.revise import speak_for_revision
from tests.factories.community import member_id_of
from tests.factories.village import BUDGET_UNITS, COMMUNITY, FIRST_DAY, POOL, Village, synthetic_wh
from tests.integration.settle.conftest import MakeVillage
from tests.integration.settle.test_fees import verdict

pytestmark = pytest.mark.chain
SECOND_DAY = "2016-07-02"
DAY_S = 86_400


def more_of_the_first(member: int, hour: int) -> int:
    """The first member injected twice as much: its share grows, the others' shrink."""
    wh = synthetic_wh(member, hour)
    return 2 * wh if member == 0 and wh < 0 else wh


def ask_by_two(village: Village, day: str = FIRST_DAY) -> None:
    for person in ("a.rossi", "b.verdi"):
        speak_for_revision(village.context(), COMMUNITY, day, operator=person, reason="a meter was read wrong")


def revise(village: Village, wh: Callable[[int, int], int], part: str = "b") -> SettlementRow:
    village.import_day(FIRST_DAY, wh, part=part)
    ask_by_two(village)
    resume(village.context(), COMMUNITY)
    return run_settlement(village.context(), COMMUNITY, FIRST_DAY)


def lines_of(village: Village, settlement: SettlementRow) -> list[SettlementMemberRow]:
    with village.database.read() as connection:
        return list(Settlements(connection).members(settlement.settlement_id))


@pytest.fixture
def revised(village: Village) -> tuple[Village, SettlementRow, SettlementRow]:
    """The first day settled, then corrected."""
    first = run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    return village, first, revise(village, more_of_the_first)


def test_resume__corrected_period__pays_differences_and_carries_what_was_too_much(
    revised: tuple[Village, SettlementRow, SettlementRow],
) -> None:
    village, first, second = revised
    before = [one.computed.entitlement_units for one in lines_of(village, first)]
    lines = [one.computed for one in lines_of(village, second)]
    assert (second.state, second.computed.revision) == (SettlementState.CLOSED, 1)
    assert [one.entitlement_before_units for one in lines] == before
    changes = [one.entitlement_units - one.entitlement_before_units for one in lines]
    assert [one.payout_units for one in lines] == [max(0, change) for change in changes]
    assert [one.carried_after_units for one in lines] == [min(0, change) for change in changes]
    assert min(changes) < 0 < max(changes)


def test_run_settlement__after_a_revision__takes_what_was_too_much_off(
    revised: tuple[Village, SettlementRow, SettlementRow],
) -> None:
    village, _, second = revised
    village.import_day(SECOND_DAY)
    third = run_settlement(village.context(), COMMUNITY, SECOND_DAY)
    carried = {one.computed.member_id: one.computed.carried_after_units for one in lines_of(village, second)}
    lines = [one.computed for one in lines_of(village, third)]
    assert [one.carried_before_units for one in lines] == [carried[one.member_id] for one in lines]
    assert sum(one.payout_units for one in lines) == BUDGET_UNITS + sum(carried.values())
    assert village.on_chain.contracts.token.total_supply() == 2 * BUDGET_UNITS


def test_export__revised_and_the_period_after__verify_for_a_winner_and_a_loser(
    revised: tuple[Village, SettlementRow, SettlementRow],
) -> None:
    village, _, second = revised
    village.import_day(SECOND_DAY)
    run_settlement(village.context(), COMMUNITY, SECOND_DAY)
    lines = [one.computed for one in lines_of(village, second)]
    loser = min(range(len(lines)), key=lambda at: lines[at].carried_after_units)
    for member in (0, next(at for at in range(9) if lines[loser].member_id == member_id_of(at))):
        for day in (FIRST_DAY, SECOND_DAY):
            found, details = verdict(village, member, day)
            assert found == "OK", details


def test_resume__series_that_stayed__keep_their_key_and_bytes(
    revised: tuple[Village, SettlementRow, SettlementRow],
) -> None:
    village, first, second = revised
    roots = [[one.committed.data_root for one in lines_of(village, each) if one.committed] for each in (first, second)]
    with village.database.read() as connection:
        series = Settlements(connection).series(second.settlement_id)
    assert sum(old == new for old, new in zip(*roots, strict=True)) == village.size - 1
    assert sorted(one.first_revision for one in series) == [0] * (village.size - 1) + [1]


def test_speak_for_revision__one_person_twice__is_refused(village: Village) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    with pytest.raises(InputError, match="needs a reason"):
        speak_for_revision(village.context(), COMMUNITY, FIRST_DAY, operator="a.rossi")
    speak_for_revision(village.context(), COMMUNITY, FIRST_DAY, operator="a.rossi", reason="late data")
    with pytest.raises(Refused, match="another person"):
        speak_for_revision(village.context(), COMMUNITY, FIRST_DAY, operator="a.rossi")
    assert resume(village.context(), COMMUNITY) == ()


def test_speak_for_revision__period_not_closed__is_refused(village: Village) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.PAID)
    with pytest.raises(Conflict, match="settle resume"):
        speak_for_revision(village.context(), COMMUNITY, FIRST_DAY, operator="a.rossi", reason="late data")


def test_speak_for_revision__within_a_month_of_the_one_before__waits(
    revised: tuple[Village, SettlementRow, SettlementRow],
) -> None:
    village = revised[0]
    with pytest.raises(Held, match="younger than a month"):
        ask_by_two(village)
    village.on_chain.chain.set_time(village.on_chain.client.now_s() + 32 * DAY_S)
    third = revise(village, synthetic_wh, part="c")
    assert third.computed.revision == 2
    village.on_chain.chain.set_time(village.on_chain.client.now_s() + 61 * 31 * DAY_S)
    with pytest.raises(Conflict, match="could be corrected until"):
        ask_by_two(village)


def test_run_settlement__held__is_stored_with_its_reason_and_goes_on(new_village: MakeVillage) -> None:
    village = new_village()
    village.schedule(POOL)
    village.import_day(FIRST_DAY, lambda member, hour: synthetic_wh(member, hour) if hour < 12 else None)
    with pytest.raises(Held):
        run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    with village.database.read() as connection:
        head = SettlementHeads(connection).find(1, 0, 0)
    assert head is not None
    assert (head.state, head.has_calculation) == (SettlementState.HELD, False)
    assert "500 permille" in (head.reason or "")
    village.import_day(FIRST_DAY, part="b")
    (resumed,) = resume(village.context(), COMMUNITY)
    assert (resumed.state, resumed.held) == (SettlementState.CLOSED, None)
