"""A period is revised after a member was erased: the tombstone stands, and everybody else gets what is theirs."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from gettone.db.repositories.keys import LAKE, Keys
from gettone.db.repositories.settlement_rows import ComputedMember, SettlementMemberRow, SettlementRow
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import Conflict
from gettone.lake import Lake
from gettone.notary.leaves import SUPERSEDES, TOMBSTONE, decode_assignment, decode_roster
from gettone.notary.tree import leaf_hash
from gettone.rewards.allocation import largest_remainder
from oracle.quality.erasure import Eraser
from oracle.settle.computation import calculate
from oracle.settle.documents import slot_totals_of
from oracle.settle.job import run_settlement
from oracle.settle.periods import find_period
from oracle.settle.resume import resume
from tests.factories.community import member_id_of
from tests.factories.village import BUDGET_UNITS, COMMUNITY, FIRST_DAY, Village, synthetic_wh
from tests.integration.settle.test_fees import verdict
from tests.integration.settle.test_revisions import DAY_S, SECOND_DAY, ask_by_two, lines_of, more_of_the_first
from tests.integration.settle.test_voided import differences

pytestmark = pytest.mark.chain
ERASED = 2


def without_the_erased(wh: Callable[[int, int], int]) -> Callable[[int, int], int | None]:
    return lambda member, hour: None if member == ERASED else wh(member, hour)


def erase(village: Village) -> None:
    with village.database.write() as connection:
        lake = Lake(village.folder / "lake", Keys(connection, village.vault).platform_key(LAKE))
    now_ms = village.on_chain.client.now_s() * 1000
    for person in ("a.rossi", "b.verdi"):
        eraser = Eraser(village.database, village.vault, lake, village.folder / "purge-list")
        eraser.erase(COMMUNITY, member_id_of(ERASED), operator=person, reason="asked by letter", now_ms=now_ms)


def would_be(village: Village) -> dict[str, ComputedMember]:
    """What the next revision gives by member id, as of now; nothing is stored."""
    key = find_period(village.database, village.on_chain.contracts, COMMUNITY, FIRST_DAY)
    with village.database.write() as connection:
        members = calculate(village.context(), connection, replace(key, revision=key.revision + 1)).members
        connection.rollback()
    return {one.member_id: one for one in members}


def revise(village: Village) -> SettlementRow:
    ask_by_two(village)
    resume(village.context(), COMMUNITY)
    return run_settlement(village.context(), COMMUNITY, FIRST_DAY)


def tombstone_of(lines: list[SettlementMemberRow]) -> SettlementMemberRow:
    (found,) = [
        one
        for one in lines
        if one.committed is not None and decode_assignment(one.committed.assignment_leaf).flags & TOMBSTONE
    ]
    return found


@pytest.fixture
def settled(village: Village) -> SettlementRow:
    return run_settlement(village.context(), COMMUNITY, FIRST_DAY)


@pytest.fixture
def revised(village: Village, settled: SettlementRow) -> SettlementRow:
    """The first day settled, one member erased, then corrected."""
    erase(village)
    village.import_day(FIRST_DAY, without_the_erased(more_of_the_first), part="b")
    return revise(village)


def test_resume__member_erased_since__the_others_have_the_scores_they_would_have_had(
    village: Village, settled: SettlementRow
) -> None:
    village.import_day(FIRST_DAY, more_of_the_first, part="b")
    expected = would_be(village)
    del expected[member_id_of(ERASED)]
    erase(village)
    revision = revise(village)
    lines = {one.computed.member_id: one.computed for one in lines_of(village, revision)}
    assert revision.state is SettlementState.CLOSED
    assert {one: lines[one].scores_json for one in expected} == {
        one: line.scores_json for one, line in expected.items()
    }


def test_resume__member_erased_since__shares_by_the_score_as_last_computed(
    village: Village, settled: SettlementRow
) -> None:
    before = next(one.computed for one in lines_of(village, settled) if one.computed.member_id == member_id_of(ERASED))
    erase(village)
    village.import_day(FIRST_DAY, without_the_erased(more_of_the_first), part="b")
    lines = lines_of(village, revise(village))
    gone = tombstone_of(lines).computed
    scores = [int(json.loads(one.computed.scores_json)["self_consumption"]) for one in lines]
    assert (gone.scores_json, gone.entitlement_before_units) == (before.scores_json, before.entitlement_units)
    units = [one.computed.entitlement_units for one in lines]
    assert units == list(largest_remainder(BUDGET_UNITS, scores).units)
    assert (gone.wallet, gone.payout_units) == (None, 0)


def test_resume__member_erased_since__the_tombstone_repeats_the_leaf_before(
    village: Village, settled: SettlementRow
) -> None:
    before = next(one for one in lines_of(village, settled) if one.computed.member_id == member_id_of(ERASED))
    assert before.committed is not None
    leaf, roster = decode_assignment(before.committed.assignment_leaf), decode_roster(before.committed.roster_leaf)
    erase(village)
    after = tombstone_of(lines_of(village, revise(village)))
    assert after.committed is not None
    stone = decode_assignment(after.committed.assignment_leaf)
    same = {name: getattr(leaf, name) for name in ("wallet", "data_root", "series_count", "input_digest")}
    assert {name: getattr(stone, name) for name in same} == same
    assert (stone.trace_digest, stone.flags) == (leaf.trace_digest, SUPERSEDES | TOMBSTONE)
    assert stone.prev_leaf == leaf_hash(before.committed.assignment_leaf)
    assert stone.blind not in (leaf.blind, bytes(32))
    again = decode_roster(after.committed.roster_leaf)
    assert (again.wallet, again.member_from_s, again.member_to_s) == (
        roster.wallet,
        roster.member_from_s,
        roster.member_to_s,
    )


def test_resume__member_erased_since__share_of_the_totals_stays(
    village: Village, settled: SettlementRow, revised: SettlementRow
) -> None:
    changes = [
        (one.withdrawn_wh - old.withdrawn_wh, one.injected_wh - old.injected_wh)
        for one, old in zip(slot_totals_of(revised), slot_totals_of(settled), strict=True)
    ]
    more = [max(0, -synthetic_wh(0, hour)) for hour in range(24)]
    assert changes == [(0, wh) for wh in more]


def test_export__member_erased_and_revised__verifies_for_everybody_else(
    village: Village, revised: SettlementRow
) -> None:
    village.import_day(SECOND_DAY, without_the_erased(synthetic_wh))
    run_settlement(village.context(), COMMUNITY, SECOND_DAY)
    others = [one for one in range(village.size) if one != ERASED]
    # The totals of a period with an erased member are for auditors, so that its model cannot be run by a member.
    assert {verdict(village, one)[0] for one in others} == {"OK_PARTIAL"}
    assert {verdict(village, one, SECOND_DAY)[0] for one in others} == {"OK"}
    assert differences(village) == []


def test_resume__revised_twice_after_an_erasure__the_tombstone_follows_the_tombstone(
    village: Village, revised: SettlementRow
) -> None:
    first = tombstone_of(lines_of(village, revised))
    village.on_chain.chain.set_time(village.on_chain.client.now_s() + 32 * DAY_S)
    village.import_day(FIRST_DAY, without_the_erased(synthetic_wh), part="c")
    third = revise(village)
    second = tombstone_of(lines_of(village, third))
    assert (third.state, third.computed.revision) == (SettlementState.CLOSED, 2)
    assert first.committed is not None
    assert second.committed is not None
    assert second.committed.prev_leaf == leaf_hash(first.committed.assignment_leaf)
    assert second.computed.scores_json == first.computed.scores_json


def test_revision__erased_before_leaves_were_kept__is_refused(village: Village, settled: SettlementRow) -> None:
    erase(village)
    with village.database.write() as connection:
        connection.exec_driver_sql("UPDATE settlement_members SET bare_leaves = NULL")
    with pytest.raises(Conflict) as refusal:
        ask_by_two(village)
    assert refusal.value.code == "revision_erased"


def test_revision__others_no_longer_as_committed__share_unknown(village: Village, settled: SettlementRow) -> None:
    erase(village)
    with village.database.write() as connection:
        connection.exec_driver_sql("UPDATE settlement_series SET tree_size = 24 WHERE leaf_index = 0")
        connection.exec_driver_sql("UPDATE settlement_series SET tree_size = 24 WHERE leaf_index = 1")
    ask_by_two(village)
    with pytest.raises(Conflict) as refusal:
        resume(village.context(), COMMUNITY)
    assert refusal.value.code == "erased_share_unknown"
    with village.database.read() as connection:
        assert Settlements(connection).find(1, 0, 1) is None
