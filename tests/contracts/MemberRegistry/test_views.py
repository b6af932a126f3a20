"""What the registry answers before anybody joined."""

from brownie import ZERO_ADDRESS


def test_wallet_of__unknown_member__is_zero(members):
    assert members.walletOf(b"\x01" * 32) == ZERO_ADDRESS


def test_member_of__unknown_wallet__is_zero(members, alice):
    assert members.memberOf(alice) == "0x" + bytes(32).hex()


def test_community_id__of_the_registry__is_in_clear(members):
    assert members.communityId() == "fontana"


def test_token__of_the_registry__is_the_communitys(members, token):
    assert members.token() == token
