"""sweep: after ninety days of grace the rest of a wallet that left goes to the Treasury, by anybody's call."""

import clock
import pytest
from MemberRegistry.conftest import ALICE_ID
from refusal import refused

GRACE_S = 90 * clock.DAY_S


@pytest.fixture
def left_at(alice_holds, leave, alice):
    return leave(alice, ALICE_ID).timestamp


@pytest.fixture
def sweep(members, outsider, alice):
    """Function: somebody sweeps the wallet of alice."""
    return lambda: members.sweep(alice, {"from": outsider})


def test_sweep__after_the_grace__goes_to_the_treasury(token, treasury, left_at, sweep, alice):
    clock.next_block_at(left_at + GRACE_S)
    sweep()
    assert (token.accountOf(alice), token.balanceOf(treasury)) == ((0, 1, 3), 1000)


def test_sweep__after_the_grace__emits_the_event(left_at, sweep, alice):
    clock.next_block_at(left_at + GRACE_S)
    expected = {"memberId": "0x" + ALICE_ID.hex(), "wallet": alice, "amount": 1000}
    assert dict(sweep().events["WalletSwept"]) == expected


def test_sweep__a_second_too_early__names_the_rest(left_at, sweep, alice):
    clock.next_block_at(left_at + GRACE_S - 1)
    with refused("MemberRegistryInGrace", alice, 1):
        sweep()


def test_sweep__again__does_nothing(left_at, sweep):
    clock.next_block_at(left_at + GRACE_S)
    sweep()
    assert len(sweep().events) == 0


def test_sweep__after_a_later_payout__takes_it_at_once(token, treasury, left_at, sweep, pay_out, alice):
    clock.next_block_at(left_at + GRACE_S)
    sweep()
    pay_out(alice, 7)
    sweep()
    assert token.balanceOf(treasury) == 1007


def test_sweep__in_the_grace__tokens_may_be_given_and_returned(token, treasury, left_at, alice):
    token.transfer(treasury, 400, {"from": alice})
    assert token.accountOf(alice) == (600, 1, 3)


def test_sweep__while_frozen__names_the_freezer(left_at, freeze, sweep, community_admin):
    freeze(ALICE_ID)
    clock.next_block_at(left_at + 10 * GRACE_S)
    with refused("MemberRegistryFrozen", ALICE_ID, community_admin):
        sweep()


def test_sweep__after_a_freeze__counts_no_day_of_it(members, left_at, freeze, unfreeze, sweep, alice):
    clock.next_block_at(left_at + 10)
    freeze(ALICE_ID)
    clock.next_block_at(left_at + GRACE_S)
    unfreeze(ALICE_ID)
    clock.move_to(left_at + 2 * GRACE_S - 11)
    assert members.graceOf(alice) == (True, 1, False)
    with refused("MemberRegistryInGrace", alice, 1):
        members.sweep.call(alice)


def test_sweep__frozen_before_leaving__has_the_whole_grace_after_unfreezing(
    members, alice_holds, freeze, leave, unfreeze, alice
):
    freeze(ALICE_ID)
    leave(alice, ALICE_ID)
    clock.move_to(clock.now_s() + GRACE_S)
    unfreeze(ALICE_ID)
    assert members.graceOf(alice) == (True, GRACE_S, False)


def test_grace__in_a_pause__stands_still(members, token, guardian, left_at, alice):
    clock.next_block_at(left_at + 10)
    token.pause({"from": guardian})
    clock.move_to(left_at + GRACE_S)
    assert members.graceOf(alice) == (True, GRACE_S - 10, True)


def test_sweep__in_a_pause_after_the_grace__is_refused(token, guardian, left_at, sweep):
    clock.next_block_at(left_at + GRACE_S)
    token.pause({"from": guardian})
    with refused("CommunityTokenPaused", left_at + GRACE_S):
        sweep()


def test_sweep__active_wallet__is_refused(alice_holds, sweep, alice):
    with refused("MemberRegistryNotLeft", alice, 1):
        sweep()


def test_sweep__non_member__is_refused(members, outsider):
    with refused("MemberRegistryNotLeft", outsider, 0):
        members.sweep(outsider, {"from": outsider})


@pytest.mark.parametrize("system", ["treasury", "exchange"])
def test_sweep__system_account__is_refused(members, community, outsider, system):
    account = getattr(community, system)
    with refused("MemberRegistryNotLeft", account, {"treasury": 1, "exchange": 3}[system]):
        members.sweep(account, {"from": outsider})
