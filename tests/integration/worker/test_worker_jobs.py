"""The jobs themselves on a village: settlements begun and due, the log on the chain, days, tables and retention."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import Held
from gettone.settings import Settings
from oracle.settle.job import run_settlement
from oracle.transports.worker import alone
from oracle.worker.job import Interrupted, Run, Workplace
from oracle.worker.jobs.anchor_log import anchor_log
from oracle.worker.jobs.check_days import check_days
from oracle.worker.jobs.delete_expired import delete_expired
from oracle.worker.jobs.index_events import index_events
from oracle.worker.jobs.keep_tables import keep_tables
from oracle.worker.jobs.reconcile_books import reconcile_books
from oracle.worker.jobs.resend_transactions import resend_transactions
from oracle.worker.jobs.resume_settlements import resume_settlements
from oracle.worker.jobs.settle_due import settle_due
from oracle.worker.jobs.take_sources import take_sources
from tests.factories.village import COMMUNITY, FIRST_DAY, POOL, Village, make_village

pytestmark = [pytest.mark.chain, pytest.mark.slow]

SECOND_DAY = "2016-07-02"


@pytest.fixture
def village(local_chain: LocalChain, chain_client: ChainClient, tmp_path: Path, embedded_url: str) -> Village:
    made = make_village(local_chain, chain_client, tmp_path, embedded_url, size=3)
    made.schedule(POOL)
    made.import_day(FIRST_DAY)
    return made


def run_of(village: Village, folder: Path, *, stopping: bool = False) -> Run:
    kek = folder / "kek"
    kek.write_text(bytes(range(32)).hex())
    kek.chmod(0o600)
    settings = Settings(kek_file=kek, lake_dir=village.folder / "lake", sources_dir=folder / "sources")
    place = Workplace(
        settings,
        village.database,
        lambda: village.on_chain.client.now_s() * 1000,
        lambda _community, progress: nullcontext(village.context(progress)),
        lambda _community: village.on_chain.contracts,
    )
    return Run(place, COMMUNITY, lambda: stopping)


def states(village: Village) -> list[SettlementState]:
    with village.database.read() as connection:
        community = Communities(connection).get(COMMUNITY)
        return [one.state for one in Settlements(connection).of_community(community.community_id)]


def test_settlements__one_begun_and_one_over__are_closed_by_the_two_jobs(village: Village, tmp_path: Path) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.PROPOSED)
    village.import_day(SECOND_DAY, later_s=5 * 86_400)
    run = run_of(village, tmp_path)
    assert settle_due(run) == {"settled": 0}
    assert resume_settlements(run) == {"closed": 1}
    for job in (settle_due, resume_settlements):
        # The third day is over too, and its readings are missing.
        with pytest.raises(Held):
            job(run)
    assert states(village) == [SettlementState.CLOSED, SettlementState.CLOSED]


def test_resume_settlements__worker_that_ends__goes_on_with_none(village: Village, tmp_path: Path) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.PROPOSED)
    with pytest.raises(Interrupted):
        resume_settlements(run_of(village, tmp_path, stopping=True))
    assert states(village) == [SettlementState.PROPOSED]


def test_jobs__on_a_village__say_what_they_did(village: Village, tmp_path: Path) -> None:
    run = run_of(village, tmp_path)
    # The first period of a community is chosen by a person.
    assert settle_due(run) == {"settled": 0}
    first = anchor_log(run)
    assert (first["sent"], anchor_log(run)) == (1, {"size": first["size"], "sent": 0})
    assert resend_transactions(run) == {}
    assert int(index_events(run)["events"]) > 0
    assert index_events(run)["events"] == 0
    assert reconcile_books(run)["differences"] == 0
    assert int(check_days(run)["checks"]) > 0
    assert keep_tables(run) == {"partitions": 0, "runs_removed": 0}
    assert delete_expired(run) == {"payloads": 0, "takeouts": 0}
    assert take_sources(run) == {"handled": 0}
    with alone(run.place.settings.sources_dir):
        assert take_sources(run) == {"served": "elsewhere"}
