"""Three operators, two signatures, one altered reading: two carry the settlement, the third names member and slot."""

from collections.abc import Callable

import pytest

from gettone.db.repositories.attestations import Attestations
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.db.repositories.settlement_states import Origin, SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import Held
from oracle.attestation.acceptance import accept_attestation
from oracle.attestation.asking import ask_attestation
from oracle.attestation.attest import AttestationDiffers, attest
from oracle.settle.job import run_settlement
from tests.factories.community import member_id_of, throwaway_account
from tests.factories.database_copies import KINDS
from tests.factories.operators import Operators
from tests.factories.village import COMMUNITY, FIRST_DAY, Village, synthetic_wh

pytestmark = [pytest.mark.chain, pytest.mark.slow]

SECOND_DAY = "2016-07-02"
ALTERED_MEMBER, ALTERED_HOUR = 1, 20


def altered_wh(member: int, hour: int) -> int:
    return synthetic_wh(member, hour) + ((member, hour) == (ALTERED_MEMBER, ALTERED_HOUR))


def settlements(village: Village) -> tuple[SettlementRow, ...]:
    with village.database.read() as connection:
        community = Communities(connection).get(COMMUNITY)
        return Settlements(connection).of_community(community.community_id)


def propose(village: Village, day: str) -> None:
    """As far as one operator comes alone: proposed and signed by its own key."""
    with pytest.raises(Held) as held:
        run_settlement(village.context(), COMMUNITY, day)
    assert held.value.code == "signatures_missing"


@pytest.mark.parametrize("kind", KINDS)
def test_attest__three_operators_one_altered__two_carry_the_settlement(
    new_operators: Callable[[str], Operators], kind: str
) -> None:
    first, second, third = new_operators(kind)
    first.import_day(FIRST_DAY)
    second.import_day(FIRST_DAY)
    third.import_day(FIRST_DAY, altered_wh)
    propose(first, FIRST_DAY)
    request = ask_attestation(first.context(), COMMUNITY, FIRST_DAY)

    with pytest.raises(AttestationDiffers) as refusal:
        attest(third.context(), request)
    named = [(one.what, one.member_id, one.slot) for one in refusal.value.differences if one.slot is not None]
    assert named == [("reading", member_id_of(ALTERED_MEMBER), ALTERED_HOUR)]
    assert refusal.value.differences[0].start == "2016-07-01T18:00:00Z"
    assert settlements(third) == ()

    accepted = accept_attestation(first.context(), attest(second.context(), request))
    assert (accepted.signer, accepted.signatures, accepted.needed) == (
        throwaway_account("second_oracle").address,
        2,
        2,
    )
    for one in (first, second):
        assert run_settlement(one.context(), COMMUNITY, FIRST_DAY).state is SettlementState.CLOSED
    assert settlements(second)[0].origin is Origin.ATTESTED
    assert first.balance_units(0) > 0


def test_attest__next_period__rests_on_the_settlement_that_was_attested_before(operators: Operators) -> None:
    first, second, _ = operators
    for day in (FIRST_DAY, SECOND_DAY):
        for one in (first, second):
            one.import_day(day)
        propose(first, day)
        request = ask_attestation(first.context(), COMMUNITY, day)
        accept_attestation(first.context(), attest(second.context(), request))
        for one in (first, second):
            assert run_settlement(one.context(), COMMUNITY, day).state is SettlementState.CLOSED
    amounts = [[one.computed.total_units for one in settlements(village)] for village in (first, second)]
    assert amounts[0] == amounts[1]


def test_attest__same_request_again__signs_nothing_anew(operators: Operators) -> None:
    first, second, _ = operators
    propose(first, FIRST_DAY)
    request = ask_attestation(first.context(), COMMUNITY, FIRST_DAY)
    assert attest(second.context(), request) == attest(second.context(), request)
    with second.database.read() as connection:
        stored = Attestations(connection).of(settlements(second)[0].settlement_id)
    assert len(stored) == 2


def test_attest__third_operator_after_the_opening__follows_it_to_its_end(operators: Operators) -> None:
    first, second, third = operators
    propose(first, FIRST_DAY)
    request = ask_attestation(first.context(), COMMUNITY, FIRST_DAY)
    accept_attestation(first.context(), attest(second.context(), request))
    run_settlement(first.context(), COMMUNITY, FIRST_DAY)
    attest(third.context(), request)
    assert run_settlement(third.context(), COMMUNITY, FIRST_DAY).state is SettlementState.CLOSED
