"""Class and status of a wallet: written by the MemberRegistry, without touching the balance."""

import pytest
from brownie import ZERO_ADDRESS
from refusal import refused


@pytest.mark.parametrize("class_", [1, 2])
@pytest.mark.parametrize("status", [1, 2, 3, 4])
def test_set_account__class_and_status__are_read_back(token, outsider, member_registry, class_, status):
    token.setAccount(outsider, class_, status, {"from": member_registry})
    assert token.accountOf(outsider) == (0, class_, status)


def test_set_account__of_a_holder__keeps_the_balance(token, alice, member_registry):
    token.setAccount(alice, 2, 3, {"from": member_registry})
    assert token.accountOf(alice) == (1000, 2, 3)


def test_set_account__changed__emits_the_event(token, alice, member_registry):
    receipt = token.setAccount(alice, 2, 3, {"from": member_registry})
    assert dict(receipt.events["AccountSet"]) == {"wallet": alice, "class_": 2, "status": 3}


def test_set_account__same_values__emits_nothing(token, alice, member_registry):
    assert len(token.setAccount(alice, 1, 1, {"from": member_registry}).events) == 0


@pytest.mark.parametrize(("class_", "status"), [(0, 1), (1, 0), (3, 1), (3, 3), (4, 1), (1, 5), (255, 255), (0, 3)])
def test_set_account__outside_the_table__is_refused(token, outsider, member_registry, class_, status):
    with refused("CommunityTokenAccountInvalid", outsider, class_, status):
        token.setAccount(outsider, class_, status, {"from": member_registry})


def test_set_account__of_the_zero_address__is_refused(token, member_registry):
    with refused("CommunityTokenAccountInvalid", ZERO_ADDRESS, 1, 1):
        token.setAccount(ZERO_ADDRESS, 1, 1, {"from": member_registry})


@pytest.mark.parametrize("system", ["treasury", "exchange"])
@pytest.mark.parametrize(("class_", "status"), [(0, 0), (1, 1)])
def test_set_account__of_a_system_account__is_refused(token, community, member_registry, system, class_, status):
    account = getattr(community, system)
    with refused("CommunityTokenSystemAccount", account):
        token.setAccount(account, class_, status, {"from": member_registry})


def test_set_account__holder_to_non_member__is_refused(token, alice, member_registry):
    with refused("CommunityTokenNotEmpty", alice, 1000):
        token.setAccount(alice, 0, 0, {"from": member_registry})


def test_set_account__empty_wallet_to_non_member__is_done(token, bob, member_registry):
    token.setAccount(bob, 0, 0, {"from": member_registry})
    assert token.accountOf(bob) == (0, 0, 0)


def test_set_account__in_a_pause__is_written(token, bob, member_registry, paused):
    token.setAccount(bob, 1, 2, {"from": member_registry})
    assert token.accountOf(bob) == (0, 1, 2)


def test_set_account__by_the_ledger__is_refused(token, bob, settlement_ledger):
    with refused("AccessManagedUnauthorized", settlement_ledger):
        token.setAccount(bob, 1, 2, {"from": settlement_ledger})
