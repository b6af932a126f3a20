"""scheduleFees: ten rates, none above a fifth; transfers read theirs from the token, which is told."""

import clock
import policies
import pytest
from CommunityToken.conftest import packed
from refusal import refused
from TokenPolicy.conftest import NOTICE_S

LIMIT_BPS = 2000


@pytest.fixture
def valid_from(policy, token_admin, now):
    """Ten different fees are scheduled; the moment from which they apply."""
    policy.scheduleFees(policies.struct(policies.TEN_FEES), now + NOTICE_S + 1, {"from": token_admin})
    return now + NOTICE_S + 1


@pytest.mark.parametrize("name", policies.NO_FEES)
def test_schedule_fees__rate_at_the_limit__is_accepted(policy, token_admin, now, name):
    fees = policies.struct(policies.NO_FEES, **{name: LIMIT_BPS})
    policy.scheduleFees(fees, now + NOTICE_S + 1, {"from": token_admin})
    assert policy.scheduledFees()[0] == fees


@pytest.mark.parametrize("name", policies.NO_FEES)
@pytest.mark.parametrize("given", [LIMIT_BPS + 1, 2**16 - 1])
def test_schedule_fees__rate_above_the_limit__names_the_field(policy, token_admin, now, name, given):
    with refused("TokenPolicyValueOutOfRange", name, given, 0, LIMIT_BPS):
        policy.scheduleFees(
            policies.struct(policies.NO_FEES, **{name: given}), now + NOTICE_S + 1, {"from": token_admin}
        )


def test_schedule_fees__accepted__tells_the_token(token, valid_from):
    assert token.transferFees() == (0, packed(100, 200, 300, 400), valid_from)


def test_schedule_fees__after_one_applied__tells_the_token_what_is_in_force(policy, token, token_admin, valid_from):
    clock.move_to(valid_from)
    later = valid_from + 10 * NOTICE_S
    policy.scheduleFees(policies.struct(policies.NO_FEES), later, {"from": token_admin})
    assert token.transferFees() == (packed(100, 200, 300, 400), 0, later)


@pytest.mark.parametrize(
    ("payer", "receiver", "bps"),
    [(1, 1, 500), (1, 2, 600), (2, 1, 700), (2, 2, 800), (3, 1, 0), (1, 3, 0), (0, 1, 0), (1, 0, 0)],
)
def test_service_fee_bps_at__classes__is_the_field_of_both(policy, valid_from, payer, receiver, bps):
    assert policy.serviceFeeBpsAt(payer, receiver, valid_from) == bps


def test_assignment_fees_at__time__are_those_of_both_classes(policy, valid_from):
    assert policy.assignmentFeesAt(valid_from - 1) == (0, 0)
    assert policy.assignmentFeesAt(valid_from) == (900, 1000)
