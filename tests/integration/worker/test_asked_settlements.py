"""Acts on settlements that were asked for, done by the worker on a village with the settlement code."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from gettone.chain.client import ChainClient
from gettone.chain.local import LocalChain
from gettone.db.repositories.approvals import Act, Approvals
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.operations import Asker, OperationRow, Operations
from gettone.db.repositories.settlement_states import SettlementState
from gettone.errors import Conflict, InputError, Refused
from gettone.settings import Settings
from oracle.operations import settlements
from oracle.settle.job import run_settlement
from oracle.settle.revise import speak_for_revision
from oracle.worker.job import Run, Workplace
from tests.factories.village import COMMUNITY, FIRST_DAY, POOL, Village, make_village

pytestmark = [pytest.mark.chain, pytest.mark.slow]

FIRST = {"period_index": 0, "first_day": FIRST_DAY}
WORD = {"period_index": 0, "person": "oa", "reason": "late data", "alone": False, "words": 0}


@pytest.fixture
def village(local_chain: LocalChain, chain_client: ChainClient, tmp_path: Path, embedded_url: str) -> Village:
    made = make_village(local_chain, chain_client, tmp_path, embedded_url, size=3)
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


def operation(village: Village, document: dict[str, Any]) -> OperationRow:
    with village.database.write() as connection:
        here = Communities(connection).get(COMMUNITY).community_id
        number = Operations(connection).add("test", document, Asker(client="test"), 0, here)
        found = Operations(connection).find(number)
    assert found is not None
    return found


def words(village: Village, act: Act, revision: int) -> list[str]:
    with village.database.read() as connection:
        place = (Communities(connection).get(COMMUNITY).community_id, 0, revision)
        return [one.operator for one in Approvals(connection).of(place, act)]


def test_run_asked_settlement__first_period__begins_on_the_day_and_is_closed(village: Village, tmp_path: Path) -> None:
    run = run_of(village, tmp_path)
    with pytest.raises(InputError, match="first period"):
        settlements.run_asked_settlement(run, operation(village, FIRST | {"first_day": None}))
    with pytest.raises(Conflict, match="not the next one"):
        settlements.run_asked_settlement(run, operation(village, FIRST | {"period_index": 1}))
    for _ in range(2):
        assert settlements.run_asked_settlement(run, operation(village, FIRST)) == {"state": "closed"}
    for act in (settlements.publish_settlement, settlements.retry_settlement):
        assert act(run, operation(village, {"period_index": 0})) == {"state": "closed"}


def test_approve_settlement__killed_and_called_again__is_one_word(village: Village, tmp_path: Path) -> None:
    run = run_of(village, tmp_path)
    run_settlement(village.context(), COMMUNITY, FIRST_DAY, until=SettlementState.PROPOSED)
    asked = operation(village, {"period_index": 0, "person": "ca"})
    assert [settlements.approve_settlement(run, asked) for _ in range(2)] == [{"period_index": 0, "revision": 0}] * 2
    assert words(village, Act.APPROVE, 0) == ["ca"]
    assert settlements.publish_settlement(run, asked) == {"state": "closed"}
    assert settlements.approve_settlement(run, asked) == {"period_index": 0, "revision": 0}


def test_revise_settlement__two_persons_each_called_twice__are_two_words(village: Village, tmp_path: Path) -> None:
    run = run_of(village, tmp_path)
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    first, second = operation(village, WORD), operation(village, WORD | {"person": "ca", "words": 1})
    missing = [settlements.revise_settlement(run, one)["missing"] for one in (first, first, second, second)]
    assert (missing, words(village, Act.REVISE, 1)) == ([1, 1, 0, 0], ["oa", "ca"])


def test_revise_settlement__somebody_spoke_meanwhile__is_refused(village: Village, tmp_path: Path) -> None:
    run_settlement(village.context(), COMMUNITY, FIRST_DAY)
    speak_for_revision(village.context(), COMMUNITY, FIRST_DAY, operator="other", reason="late")
    with pytest.raises(Conflict, match="spoke meanwhile"):
        settlements.revise_settlement(run_of(village, tmp_path), operation(village, WORD))
    assert words(village, Act.REVISE, 1) == ["other"]


def test_speak_for_revision__one_administrator__may_speak_twice_where_allowed(village: Village) -> None:
    context = village.context()
    run_settlement(context, COMMUNITY, FIRST_DAY)
    speak_for_revision(context, COMMUNITY, FIRST_DAY, operator="ca", reason="late")
    with pytest.raises(Refused):
        speak_for_revision(context, COMMUNITY, FIRST_DAY, operator="ca")
    spoken = speak_for_revision(context, COMMUNITY, FIRST_DAY, operator="ca", alone=True)
    assert (spoken.missing, spoken.persons) == (0, ("ca", "ca.again"))
