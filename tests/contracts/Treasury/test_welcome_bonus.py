"""grantWelcomeBonus and claimWelcomeBonus: once ever per member id, and never a reason that a join fails."""

import clock
import policies
import pytest
from membership import CITIZEN, STAKEHOLDER, join, member_id
from refusal import refused
from Treasury.conftest import FILLED, TOKEN


@pytest.fixture
def claim(treasury, outsider):
    """Function (wallet): somebody claims for the wallet's member."""
    return lambda wallet: treasury.claimWelcomeBonus(member_id(wallet), {"from": outsider})


@pytest.mark.parametrize(("class_", "units"), [(CITIZEN, 20 * TOKEN), (STAKEHOLDER, 50 * TOKEN)])
def test_join__first__pays_the_bonus_of_the_class(members, token, treasury, registrar, alice, class_, units):
    join(members, registrar, alice, class_)
    assert (token.balanceOf(alice), token.balanceOf(treasury)) == (units, FILLED - units)


def test_join__first__says_granted_and_paid(members, registrar, alice):
    receipt = join(members, registrar, alice)
    member = "0x" + member_id(alice).hex()
    assert dict(receipt.events["WelcomeBonusGranted"]) == {"memberId": member, "class_": 1, "units": 20 * TOKEN}
    assert dict(receipt.events["WelcomeBonusPaid"]) == {"memberId": member, "wallet": alice, "units": 20 * TOKEN}


def test_join__treasury_empty__stands_and_the_bonus_is_owed(members, token, treasury, registrar, empty, alice):
    join(members, registrar, alice)
    assert token.accountOf(alice) == (0, 1, 1)
    assert treasury.welcomeBonusOf(member_id(alice)) == (True, 20 * TOKEN)


def test_join__treasury_a_unit_short__pays_nothing_of_it(members, token, registrar, keep, alice):
    keep(20 * TOKEN - 1)
    join(members, registrar, alice)
    assert token.balanceOf(alice) == 0


def test_join__treasury_has_just_enough__pays(members, token, registrar, keep, alice):
    keep(20 * TOKEN)
    join(members, registrar, alice)
    assert token.balanceOf(alice) == 20 * TOKEN


def test_join__in_a_pause__stands_and_the_bonus_is_owed(members, token, treasury, registrar, guardian, alice):
    token.pause({"from": guardian})
    join(members, registrar, alice)
    assert treasury.welcomeBonusOf(member_id(alice)) == (True, 20 * TOKEN)


def test_claim__owed__is_paid_to_the_present_wallet(
    members, token, treasury, token_admin, registrar, empty, claim, alice
):
    join(members, registrar, alice)
    treasury.issue(20 * TOKEN, {"from": token_admin})
    claim(alice)
    assert token.balanceOf(alice) == 20 * TOKEN
    assert treasury.welcomeBonusOf(member_id(alice)) == (True, 0)


def test_claim__paid_already__does_nothing(members, registrar, claim, alice):
    join(members, registrar, alice)
    assert len(claim(alice).events) == 0


def test_claim__treasury_still_short__names_both(members, treasury, registrar, empty, claim, alice):
    join(members, registrar, alice)
    with refused("ERC20InsufficientBalance", treasury, 0, 20 * TOKEN):
        claim(alice)


def test_claim__who_never_joined__is_refused(claim, alice):
    with refused("TreasuryNoWelcomeBonus", member_id(alice)):
        claim(alice)


def test_join__again_after_leaving__brings_no_second_bonus(members, token, registrar, alice):
    join(members, registrar, alice)
    members.leave(member_id(alice), 0, b"", {"from": alice})
    receipt = join(members, registrar, alice, STAKEHOLDER)
    assert (token.balanceOf(alice), "WelcomeBonusGranted" in receipt.events) == (20 * TOKEN, False)


def test_join__bonus_of_zero__is_granted_and_nothing_owed(members, policy, treasury, token_admin, registrar, alice):
    valid_from = clock.now_s() + 8 * clock.DAY_S
    none = policies.struct(policies.BONUSES, welcomeCitizenUnits=0)
    policy.scheduleBonuses(none, valid_from, {"from": token_admin})
    clock.move_to(valid_from)
    join(members, registrar, alice)
    assert treasury.welcomeBonusOf(member_id(alice)) == (True, 0)


def test_join__bonus_raised_later__is_owed_as_it_was_at_the_join(
    community, token_admin, registrar, empty, claim, alice
):
    join(community.members, registrar, alice)
    valid_from = clock.now_s() + 8 * clock.DAY_S
    raised = policies.struct(policies.BONUSES, welcomeCitizenUnits=90 * TOKEN)
    community.policy.scheduleBonuses(raised, valid_from, {"from": token_admin})
    clock.move_to(valid_from)
    community.treasury.issue(100 * TOKEN, {"from": token_admin})
    claim(alice)
    assert community.token.balanceOf(alice) == 20 * TOKEN


def test_grant__by_the_registrar_directly__is_refused(treasury, registrar, alice):
    with refused("AccessManagedUnauthorized", registrar):
        treasury.grantWelcomeBonus(member_id(alice), 1, {"from": registrar})
