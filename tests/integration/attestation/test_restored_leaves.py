"""A settlement restored from the chain gets its leaves again from the request of an operator who has the salts."""

from pathlib import Path

import pytest

from gettone.db.repositories.settlement_states import Origin, SettlementState
from gettone.errors import MissingInput
from oracle.attestation.acceptance import accept_attestation
from oracle.attestation.asking import ask_attestation
from oracle.attestation.attest import AttestationDiffers, attest
from oracle.attestation.request import AttestationRequest
from oracle.settle.job import run_settlement
from oracle.settle.resume import resume
from tests.factories.operators import Operators
from tests.factories.village import COMMUNITY, FIRST_DAY, Village, register_members, synthetic_wh
from tests.integration.attestation.test_three_operators import SECOND_DAY, propose, settlements
from tests.integration.settle.test_fees import verdict
from tests.integration.settle.test_resume import with_empty_database

pytestmark = [pytest.mark.chain, pytest.mark.slow]


def settle(operators: Operators, day: str) -> AttestationRequest:
    """A day carried by two operators to its end; returns the request that the second would write for it."""
    first, second, _ = operators
    propose(first, day)
    accept_attestation(first.context(), attest(second.context(), ask_attestation(first.context(), COMMUNITY, day)))
    for one in (first, second):
        assert run_settlement(one.context(), COMMUNITY, day).state is SettlementState.CLOSED
    return ask_attestation(second.context(), COMMUNITY, day)


def restored(first: Village, folder: Path, days: tuple[str, ...] = (FIRST_DAY,)) -> Village:
    """The first operator after its database was lost: settlements from the chain, registry and readings loaded."""
    lost = with_empty_database(first, folder)
    lost.oracle_names = first.oracle_names
    resume(lost.context(), COMMUNITY)
    register_members(lost)
    for day in days:
        lost.import_day(day)
    return lost


@pytest.mark.parametrize("lines_known", [False, True], ids=["lines unknown", "lines computed again"])
def test_attest__restored_from_the_chain__has_its_leaves_again(
    operators: Operators, tmp_path: Path, lines_known: bool
) -> None:
    request = settle(operators, FIRST_DAY)
    lost = restored(operators[0], tmp_path)
    if lines_known:
        resume(lost.context(), COMMUNITY)
    attest(lost.context(), request)
    (resumed,) = resume(lost.context(), COMMUNITY)
    assert resumed.state is SettlementState.CLOSED
    assert settlements(lost)[0].origin is Origin.ATTESTED
    assert [verdict(lost, member)[0] for member in range(lost.size)] == ["OK_PARTIAL"] * lost.size
    lost.database.close()


def test_attest__restored_with_a_later_one__each_as_of_its_opening(operators: Operators, tmp_path: Path) -> None:
    requests = [settle(operators, FIRST_DAY)]
    for one in operators:
        one.import_day(SECOND_DAY)
    requests.append(settle(operators, SECOND_DAY))
    lost = restored(operators[0], tmp_path, (FIRST_DAY, SECOND_DAY))
    for request in requests:
        attest(lost.context(), request)
        resume(lost.context(), COMMUNITY)
    assert {one.origin for one in settlements(lost)} == {Origin.ATTESTED}
    assert verdict(lost, 0, SECOND_DAY)[0] == "OK_PARTIAL"
    lost.database.close()


def test_attest__restored_and_other_readings__differs_and_the_restored_row_stays(
    operators: Operators, tmp_path: Path
) -> None:
    request = settle(operators, FIRST_DAY)
    lost = restored(operators[0], tmp_path, ())
    lost.import_day(FIRST_DAY, lambda member, hour: synthetic_wh(member, hour) + (member == 1))
    with pytest.raises(AttestationDiffers):
        attest(lost.context(), request)
    assert resume(lost.context(), COMMUNITY) == ()
    lost.database.close()


def test_ask_attestation__restored_without_leaves__is_refused(operators: Operators, tmp_path: Path) -> None:
    settle(operators, FIRST_DAY)
    lost = restored(operators[0], tmp_path)
    resume(lost.context(), COMMUNITY)
    with pytest.raises(MissingInput) as refusal:
        ask_attestation(lost.context(), COMMUNITY, FIRST_DAY)
    assert refusal.value.code == "not_proposed"
    lost.database.close()


def test_export__restored_without_leaves__says_what_is_missing(operators: Operators, tmp_path: Path) -> None:
    settle(operators, FIRST_DAY)
    lost = restored(operators[0], tmp_path)
    resume(lost.context(), COMMUNITY)
    with pytest.raises(MissingInput) as refusal:
        verdict(lost, 0)
    assert refusal.value.code == "leaves_lost"
    assert "settle attest" in refusal.value.message
    lost.database.close()
