"""A take-out that was asked for is made by the worker with the exporter, kept sealed, and verifies."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.operations import Asker, OperationRow, Operations
from gettone.db.repositories.takeouts import Takeouts, TakeoutState, WantedTakeout
from gettone.errors import MissingInput
from gettone.notary.verify.run import verify_takeout
from gettone.settings import Settings
from gettone.verifier import GettoneRules, TrustInputs
from oracle.operations.takeouts import make_takeout
from oracle.settle.job import run_settlement
from oracle.worker.job import Run, Workplace
from tests.factories.community import member_id_of
from tests.factories.village import COMMUNITY, FIRST_DAY, POOL, Village, make_village

pytestmark = [pytest.mark.chain, pytest.mark.slow]

NEXT_DAY = "2016-07-02"


@pytest.fixture
def village(local_chain: LocalChain, chain_client: ChainClient, tmp_path: Path, embedded_url: str) -> Village:
    made = make_village(local_chain, chain_client, tmp_path, embedded_url, size=9)
    made.schedule(POOL)
    made.import_day(FIRST_DAY)
    return made


def run_of(village: Village, folder: Path) -> Run:
    kek = folder / "kek"
    kek.write_text(bytes(range(32)).hex())
    kek.chmod(0o600)
    place = Workplace(
        Settings(kek_file=kek),
        village.database,
        lambda: village.on_chain.client.now_s() * 1000,
        lambda _community, progress: nullcontext(village.context(progress)),
        lambda _community: village.on_chain.contracts,
    )
    return Run(place, COMMUNITY, lambda: False)


def ask(village: Village) -> tuple[str, OperationRow]:
    with village.database.write() as connection:
        here = Communities(connection).get(COMMUNITY).community_id
        wanted = WantedTakeout(member_id_of(0), FIRST_DAY, NEXT_DAY, "full", None)
        number = Takeouts(connection).add(here, wanted, "mb", 0)
        asked = Operations(connection).add("takeout.make", {"takeout": number}, Asker(client="mb"), 0, here)
        operation = Operations(connection).find(asked)
    assert operation is not None
    return number, operation


def state(village: Village, number: str) -> TakeoutState | None:
    with village.database.read() as connection:
        row = Takeouts(connection).find(number)
    return None if row is None else row.state


def test_make_takeout__settled_day__is_kept_and_verifies_against_the_chain(
    village: Village, local_chain: LocalChain, tmp_path: Path
) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    number, operation = ask(village)
    run = run_of(village, tmp_path)
    assert make_takeout(run, operation) == make_takeout(run, operation) == {"takeout": number}
    with village.database.read() as connection:
        content = Takeouts(connection).content(number, village.vault)
    contracts = village.on_chain.contracts
    genesis = "0x" + contracts.client.genesis_hash.hex()
    trust = TrustInputs(local_chain.rpc_url, genesis, contracts.ledger.address)
    assert verify_takeout(content, trust.view(), GettoneRules()).verdict == "OK"


def test_make_takeout__nothing_settled__fails_and_says_so(village: Village, tmp_path: Path) -> None:
    number, operation = ask(village)
    with pytest.raises(MissingInput):
        make_takeout(run_of(village, tmp_path), operation)
    assert state(village, number) is TakeoutState.FAILED
