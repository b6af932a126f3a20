"""What the registry answers before anybody joined."""

import clock
import deployment
import pytest
from brownie import ZERO_ADDRESS
from refusal import refused
from typed_data import CHAIN_ID


def test_wallet_of__unknown_member__is_zero(members):
    assert members.walletOf(b"\x01" * 32) == ZERO_ADDRESS


def test_member_of__unknown_wallet__is_zero(members, alice):
    assert members.memberOf(alice) == "0x" + bytes(32).hex()


def test_community_id__of_the_registry__is_in_clear(members):
    assert members.communityId() == "fontana"


def test_token__of_the_registry__is_the_communitys(members, token):
    assert members.token() == token


def test_registry__new__names_its_set_and_times(members, community):
    assert (members.treasury(), members.minNotice(), members.replacementDelay()) == (
        community.treasury,
        deployment.MIN_NOTICE_S,
        deployment.REPLACEMENT_DELAY_S,
    )


@pytest.mark.parametrize("name", ["minNotice", "replacementDelay"])
@pytest.mark.parametrize("given", [clock.HOUR_S - 1, 2 * 366 * clock.DAY_S + 1])
def test_constructor__time_out_of_range__names_it(project, community, deployer, name, given):
    parts = (community.manager, community.token, community.treasury)
    with refused("MemberRegistryOutOfRange", name, given, clock.HOUR_S, 2 * 366 * clock.DAY_S):
        deployment.deploy_members(project, *parts, deployer, **{name: given})


def test_eip712_domain__of_the_registry__names_itself_chain_and_contract(members):
    _, name, version, chain_id, contract, _, _ = members.eip712Domain()
    assert (name, version, chain_id, contract) == ("MemberRegistry", "1", CHAIN_ID, members.address)


def test_grace_of__who_never_left__is_none(members, alice):
    assert members.graceOf(alice) == (False, 0, False)
