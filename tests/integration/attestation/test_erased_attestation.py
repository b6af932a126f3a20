"""A revision after an erasure is computed again by another operator who erased the member too, and comes out equal."""

import pytest

from gettone.db.repositories.keys import LAKE, Keys
from gettone.db.repositories.settlement_states import SettlementState
from gettone.lake import Lake
from oracle.attestation.acceptance import accept_attestation
from oracle.attestation.asking import ask_attestation
from oracle.attestation.attest import attest
from oracle.quality.erasure import Eraser
from oracle.settle.job import run_settlement
from oracle.settle.resume import resume
from tests.factories.community import member_id_of
from tests.factories.operators import Operators
from tests.factories.village import COMMUNITY, FIRST_DAY, Village, synthetic_wh
from tests.integration.attestation.test_three_operators import propose
from tests.integration.settle.test_revisions import ask_by_two

pytestmark = [pytest.mark.chain, pytest.mark.slow]
ERASED = 1


def erase(village: Village) -> None:
    with village.database.write() as connection:
        lake = Lake(village.folder / "lake", Keys(connection, village.vault).platform_key(LAKE))
    now_ms = village.on_chain.client.now_s() * 1000
    for person in ("a.rossi", "b.verdi"):
        eraser = Eraser(village.database, village.vault, lake, village.folder / "purge-list")
        eraser.erase(COMMUNITY, member_id_of(ERASED), operator=person, reason="asked by letter", now_ms=now_ms)


def corrected_wh(member: int, hour: int) -> int | None:
    return None if member == ERASED else synthetic_wh(member, hour) * (1 + (member == 0))


def test_attest__revision_after_an_erasure__two_operators_carry_it(operators: Operators) -> None:
    first, second, _ = operators
    propose(first, FIRST_DAY)
    request = ask_attestation(first.context(), COMMUNITY, FIRST_DAY)
    accept_attestation(first.context(), attest(second.context(), request))
    for one in (first, second):
        run_settlement(one.context(), COMMUNITY, FIRST_DAY)
        erase(one)
        one.import_day(FIRST_DAY, corrected_wh, part="b")
    ask_by_two(first)
    (waiting,) = resume(first.context(), COMMUNITY)
    assert waiting.held is not None
    request = ask_attestation(first.context(), COMMUNITY, FIRST_DAY)
    accept_attestation(first.context(), attest(second.context(), request))
    settled = [run_settlement(one.context(), COMMUNITY, FIRST_DAY) for one in (first, second)]
    assert [(one.state, one.computed.revision) for one in settled] == [(SettlementState.CLOSED, 1)] * 2
    assert settled[0].proposed == settled[1].proposed
