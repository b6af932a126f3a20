"""K22: tokens earned and pending, from the settlements of a range."""

import pytest
from sqlalchemy import update

from gettone.db.columns import Base
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.settlement_rows import Computed, ComputedMember
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.settlements import Settlements
from oracle.indicators.asking import Asking
from oracle.indicators.query import IndicatorQuery
from oracle.indicators.summary import summary
from oracle.indicators.tokens import TokensOfRange, tokens_of
from oracle.indicators.viewer import Role, Viewer
from tests.factories.stored_energies import SEPTEMBER, SLUG, StoredCommunity

pytestmark = pytest.mark.database

DAY_S = 86_400
WEEK_S = 7 * DAY_S
START_S = 1_472_713_200
TOKEN = 10**18
ANN, BOB = "0a" * 32, "0b" * 32
TABLE = Base.metadata.tables["settlements"]


def settle(
    database: Database, week: int, payouts: dict[str, int], state: SettlementState, *, revision: int = 0, **figures: int
) -> None:
    """Store a settlement of a week, which pays these base units; `claimed` of the first member was skipped before."""
    claimed, skipped = figures.get("claimed", 0), figures.get("skipped")
    text = dict.fromkeys(["model_json", "slot_totals_json", "community_json", "gate_report_json"], "{}")
    units = {"carry_in_units": 0, "carried_over_units": 0, "entitlement_units": 0, "total_units": sum(payouts.values())}
    fees = {"citizen_fee_bps": 0, "stakeholder_fee_bps": 0}
    with database.write() as connection:
        row = Computed(
            **text, **units, **fees, community_id=1, period_index=week, revision=revision, timezone="UTC",
            period_start_s=START_S + week * WEEK_S, period_end_s=START_S + (week + 1) * WEEK_S, freeze_batch=1,
            model_version=1, allocations_json="[]", result_digest="ab" * 32, computed_at=1,
            gate_report_sha256=b"\x01" * 32,
        )  # fmt: skip
        lines = [
            ComputedMember(
                leaf_index=at, member_id=member_id, member_class=1, wallet=None, entitlement_units=0,
                entitlement_before_units=0, carried_before_units=0, skipped_units=0 if at else claimed,
                payout_units=payout, carried_after_units=0, scores_json="{}", trace="",
            )
            for at, (member_id, payout) in enumerate(payouts.items())
        ]  # fmt: skip
        settlement_id = Settlements(connection).record_computed(row, lines)
        done = update(TABLE).where(TABLE.c.settlement_id == settlement_id)
        connection.execute(done.values(state=state.value, skipped_units=skipped))


def tokens(database: Database, weeks: int = 4, member_id: str | None = None, first_s: int = START_S) -> TokensOfRange:
    with database.read() as connection:
        return tokens_of(connection, 1, first_s, START_S + weeks * WEEK_S, member_id)


@pytest.fixture
def community(database: Database) -> Database:
    with database.write() as connection:
        assert Communities(connection).get_or_create(SLUG, tz="UTC").community_id == 1
    return database


def test_tokens__paid_and_closed__are_earned_others_pending(community: Database) -> None:
    for week, state in enumerate(SettlementState):
        settle(community, week, {ANN: 10**week, BOB: 1_000 * 10**week}, state)
    assert tokens(community, 9, ANN) == TokensOfRange(11_000_000, 100_111_111)
    assert tokens(community, 9) == TokensOfRange(11_011_000_000, 100_211_222_111)


def test_tokens__revision__adds_its_difference(community: Database) -> None:
    settle(community, 0, {ANN: 10}, SettlementState.CLOSED)
    settle(community, 0, {ANN: 3}, SettlementState.OPEN, revision=1)
    assert tokens(community, member_id=ANN) == TokensOfRange(10, 3)


def test_tokens__period_partly_outside__does_not_count(community: Database) -> None:
    settle(community, 0, {ANN: 10}, SettlementState.CLOSED)
    assert tokens(community, member_id=ANN, first_s=START_S + 1) == TokensOfRange(0, 0)
    assert tokens(community, 0, ANN) == TokensOfRange(0, 0)


def test_tokens__payout_skipped_and_claimed_again__counts_once(community: Database) -> None:
    settle(community, 0, {ANN: 10, BOB: 4}, SettlementState.CLOSED, skipped=10)
    settle(community, 1, {ANN: 15, BOB: 4}, SettlementState.CLOSED, claimed=10)
    assert tokens(community, member_id=ANN).earned_units == 15
    assert tokens(community).earned_units == 15 + 8


def test_tokens__nobody_of_the_roster__has_none(community: Database) -> None:
    settle(community, 0, {ANN: 10}, SettlementState.CLOSED)
    assert tokens(community, member_id=BOB) == TokensOfRange(0, 0)


def test_summary__shows_tokens_of_the_range_as_text(homes: Database, fontana: StoredCommunity) -> None:
    own = fontana.member_ids[0]
    settle(homes, 0, {own: 2 * TOKEN}, SettlementState.PAID)
    settle(homes, 1, {own: 3 * TOKEN}, SettlementState.ATTESTED)
    asking = Asking(homes, IndicatorQuery(homes, SLUG), Viewer(Role.MEMBER, own), SEPTEMBER, own)
    rows = {row[0]: row[1:] for row in summary(asking).rows}
    assert rows["tokens_earned"] == (str(2 * TOKEN), "u")
    assert rows["tokens_pending"] == (str(3 * TOKEN), "u")
