"""Interrupted settlements come to their end: from any state, and from the chain alone when the database is lost."""

from pathlib import Path

import pytest

from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.settlement_heads import SettlementHead, SettlementHeads
from gettone.db.repositories.settlement_states import Origin, SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.db.schema import upgrade
from gettone.errors import Conflict, InputError, MissingInput
from gettone.vault import Vault
from oracle.settle.job import run_settlement
from oracle.settle.publication import chunk_paths
from oracle.settle.published import published_document, take_published
from oracle.settle.restore import restore_from_chain
from oracle.settle.resume import resume
from oracle.settle.standing import standings
from tests.factories.village import (
    BUDGET_UNITS,
    COMMUNITY,
    FIRST_DAY,
    POOL,
    Village,
    register_members,
    synthetic_wh,
)
from tests.integration.settle.conftest import MakeVillage

pytestmark = pytest.mark.chain
SECOND_DAY = "2016-07-02"
TIMEZONE = "Europe/Rome"


def heads_of(village: Village) -> tuple[SettlementHead, ...]:
    with village.database.read() as connection:
        community = Communities(connection).get(COMMUNITY)
        return SettlementHeads(connection).of_community(community.community_id)


def with_empty_database(village: Village, folder: Path) -> Village:
    """The same community after its database and its keys were lost."""
    url = f"sqlite:///{folder}/another.sqlite"
    upgrade(url)
    readings = folder / "again"
    readings.mkdir()
    return Village(village.on_chain, Database(url), Vault(bytes(range(1, 33))), readings, village.size)


@pytest.fixture
def chunked(new_village: MakeVillage, monkeypatch: pytest.MonkeyPatch) -> Village:
    """Nine members, eight of them with wallets, four payouts to a chunk: open, and a stranger paid the first chunk."""
    monkeypatch.setattr("oracle.settle.commitment.payouts_per_chunk", lambda _: 4)
    village = new_village(joined=8)
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    opened = run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.OPEN)
    with village.database.read() as connection:
        chunks = [one.payouts for one in Settlements(connection).chunks(opened.settlement_id)]
    call = village.on_chain.contracts.ledger.pay(0, 0, 0, chunks[0], chunk_paths(chunks)[0])
    village.on_chain.send("auditor", call)
    return village


UNFINISHED = (
    SettlementState.COMPUTING,
    SettlementState.PROPOSED,
    SettlementState.ATTESTED,
    SettlementState.OPEN,
    SettlementState.PAID,
)


@pytest.mark.parametrize("state", UNFINISHED)
def test_resume__stopped_in_a_state__finishes_and_pays_once(village: Village, state: SettlementState) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=state)
    (resumed,) = resume(village.context(), COMMUNITY)
    assert resumed.state is SettlementState.CLOSED
    assert village.on_chain.contracts.token.total_supply() == BUDGET_UNITS
    assert resume(village.context(), COMMUNITY) == ()


@pytest.mark.parametrize("state", UNFINISHED)
def test_standings__stopped_in_a_state__say_what_is_missing(village: Village, state: SettlementState) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=state)
    with village.database.read() as connection:
        found = Communities(connection).get(COMMUNITY)
        (one,) = standings(connection, village.on_chain.contracts, found)
    assert one.head.state is state
    assert "run `gettone settle resume`" in one.missing["en"]
    assert "eseguire `gettone settle resume`" in one.missing["it"]


def test_resume__database_lost_while_paying__asks_for_the_published_file(chunked: Village, tmp_path: Path) -> None:
    lost = with_empty_database(chunked, tmp_path)
    with pytest.raises(MissingInput, match="1 of them are known here"):
        resume(lost.context(), COMMUNITY)
    (head,) = heads_of(lost)
    assert (head.origin, head.has_calculation) == (Origin.CHAIN, False)
    lost.database.close()


def test_resume__database_lost_and_published_file__pays_the_rest_once(chunked: Village, tmp_path: Path) -> None:
    file = tmp_path / "published.json"
    file.write_bytes(published_document(chunked.context(), COMMUNITY, FIRST_DAY))
    lost = with_empty_database(chunked, tmp_path)
    restore_from_chain(lost.context(), COMMUNITY, timezone=TIMEZONE)
    take_published(lost.context(), COMMUNITY, file)
    (resumed,) = resume(lost.context(), COMMUNITY)
    assert resumed.state is SettlementState.CLOSED
    total = heads_of(lost)[0].total_units
    assert lost.on_chain.contracts.token.total_supply() == total
    lost.database.close()


def test_resume__readings_imported_again__knows_what_members_carry(chunked: Village, tmp_path: Path) -> None:
    resume(chunked.context(), COMMUNITY)
    with chunked.database.read() as connection:
        owed = Settlements(connection).accounts(1)
    lost = with_empty_database(chunked, tmp_path)
    resume(lost.context(), COMMUNITY)
    register_members(lost)
    lost.import_day(SECOND_DAY)
    with pytest.raises(Conflict, match="known from the chain alone"):
        run_settlement(lost.context(), COMMUNITY, SECOND_DAY)
    lost.import_day(FIRST_DAY)
    assert resume(lost.context(), COMMUNITY) == ()
    with lost.database.read() as connection:
        assert Settlements(connection).accounts(1) == owed
    second = run_settlement(lost.context(), COMMUNITY, SECOND_DAY)
    assert second.state is SettlementState.CLOSED
    assert sum(one.carried_after_units for one in owed) > 0
    lost.database.close()


def test_resume__other_readings_than_those_paid__keeps_the_lines_unknown(chunked: Village, tmp_path: Path) -> None:
    resume(chunked.context(), COMMUNITY)
    lost = with_empty_database(chunked, tmp_path)
    resume(lost.context(), COMMUNITY)
    register_members(lost)
    lost.import_day(FIRST_DAY, lambda member, hour: synthetic_wh(member, hour) * (2 if member == 3 else 1))
    resume(lost.context(), COMMUNITY)
    assert any("other payouts than the chain made" in step for step in lost.steps)
    assert not heads_of(lost)[0].has_calculation
    lost.database.close()


def test_resume__nobody_was_paid_and_the_registry_is_not_loaded__keeps_the_lines_unknown(
    new_village: MakeVillage, tmp_path: Path
) -> None:
    village = new_village(joined=0)
    village.schedule(POOL)
    village.import_day(FIRST_DAY)
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    lost = with_empty_database(village, tmp_path)
    resume(lost.context(), COMMUNITY)
    assert any("0 units for 0 members where it has 0 for 9" in step for step in lost.steps)
    assert not heads_of(lost)[0].has_calculation
    lost.database.close()


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [('"chunks":[["', '"chunks":[["00', InputError), ('"community":"fontana"', '"community":"other"', Conflict)],
)
def test_take_published__altered_file__is_refused(
    chunked: Village, tmp_path: Path, before: str, after: str, error: type[Exception]
) -> None:
    text = published_document(chunked.context(), COMMUNITY, FIRST_DAY).decode()
    file = tmp_path / "published.json"
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(error, match=r"published\.json"):
        take_published(chunked.context(), COMMUNITY, file)
