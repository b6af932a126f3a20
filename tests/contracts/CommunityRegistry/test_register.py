"""register: a community is found by its id, and only ever with a complete set."""

import clock
import deployment
import pytest
from brownie import ZERO_ADDRESS, web3
from refusal import refused

ACTIVE = 1
PARTS = ("accessManager", "memberRegistry", "token", "rewardModels", "settlementLedger")


@pytest.fixture
def second_set(project, community, deployer, holders):
    """Another complete set for the same community id."""
    contracts = deployment.deploy(project, deployer)
    deployment.hand_over(contracts, holders, deployer)
    return contracts


def test_register__complete_set__is_found_by_its_id(registry, register, entry):
    now = clock.now_s() + 60
    clock.next_block_at(now)
    register(entry)
    assert registry.community("fontana") == tuple((entry | {"status": ACTIVE, "registeredAt": now}).values())


def test_register__complete_set__is_found_by_its_index(registry, register, entry):
    register(entry)
    assert (registry.communityCount(), registry.communityAt(0)["communityId"]) == (1, "fontana")


def test_register__complete_set__emits_the_event(register, entry):
    event = register(entry).events["CommunityRegistered"]
    assert bytes(event["key"]) == bytes(web3.keccak(text="fontana"))
    assert (event["communityId"], event["settlementLedger"]) == ("fontana", entry["settlementLedger"])


def test_register__same_set_again__does_nothing(registry, register, entry):
    register(entry)
    before = registry.community("fontana")
    assert (len(register(entry).events), registry.communityCount()) == (0, 1)
    assert registry.community("fontana") == before


def test_register__same_set_while_suspended__stays_suspended(registry, register, entry, platform_admin):
    register(entry)
    registry.suspend("fontana", {"from": platform_admin})
    register(entry)
    assert registry.community("fontana")["status"] == 2


def test_register__status_and_date_given__are_ignored(registry, register, entry):
    register(entry | {"status": 2, "registeredAt": 1})
    assert registry.community("fontana")["status"] == ACTIVE
    assert registry.community("fontana")["registeredAt"] > 1


def test_register__another_name_under_the_id__is_refused(register, entry):
    register(entry)
    ledger = entry["settlementLedger"]
    with refused("CommunityRegistryConflict", "fontana", ledger, ledger):
        register(entry | {"name": "Another"})


def test_register__another_set_under_the_id__is_refused(register, entry, second_set):
    register(entry)
    other = {
        "accessManager": second_set.manager.address,
        "memberRegistry": second_set.members.address,
        "token": second_set.token.address,
        "rewardModels": second_set.models.address,
        "settlementLedger": second_set.ledger.address,
    }
    with refused("CommunityRegistryConflict", "fontana", entry["settlementLedger"], second_set.ledger):
        register(entry | other)


@pytest.mark.parametrize("part", PARTS)
def test_register__part_without_code__is_named(register, entry, outsider, part):
    with refused("CommunityRegistryNoCode", part, outsider):
        register(entry | {part: outsider.address})


@pytest.mark.parametrize("part", PARTS)
def test_register__part_missing__is_named(register, entry, part):
    with refused("CommunityRegistryNoCode", part, ZERO_ADDRESS):
        register(entry | {part: ZERO_ADDRESS})


@pytest.mark.parametrize(
    ("part", "replacement"),
    [("memberRegistry", "members"), ("token", "token"), ("rewardModels", "models"), ("settlementLedger", "ledger")],
)
def test_register__part_of_another_set__is_not_linked(register, entry, second_set, part, replacement):
    stranger = getattr(second_set, replacement)
    found = second_set.manager
    with refused("CommunityRegistryNotLinked", f"{part}.authority", found, entry["accessManager"]):
        register(entry | {part: stranger.address})


def test_register__another_access_manager__is_not_linked(register, entry, second_set):
    found, expected = entry["accessManager"], second_set.manager
    with refused("CommunityRegistryNotLinked", "memberRegistry.authority", found, expected):
        register(entry | {"accessManager": second_set.manager.address})


def test_register__token_of_the_same_authority_but_not_the_sets__is_not_linked(
    project, community, register, entry, deployer
):
    other = project.CommunityToken.deploy(community.manager, "Other", "OTH", {"from": deployer})
    with refused("CommunityRegistryNotLinked", "memberRegistry.token", entry["token"], other):
        register(entry | {"token": other.address})


def test_register__models_that_the_ledger_does_not_use__are_not_linked(project, community, register, entry, deployer):
    other = project.RewardModels.deploy(community.manager, deployment.MIN_NOTICE_S, {"from": deployer})
    with refused("CommunityRegistryNotLinked", "settlementLedger.models", entry["rewardModels"], other):
        register(entry | {"rewardModels": other.address})


def test_register__set_of_another_community__is_refused(register, entry):
    with refused("CommunityRegistryWrongCommunity", "memberRegistry", "fontana", "montagna"):
        register(entry | {"communityId": "montagna"})


def test_register__set_without_permissions__is_refused(project, register, entry, deployer):
    bare = deployment.deploy(project, deployer)
    parts = {
        "accessManager": bare.manager.address,
        "memberRegistry": bare.members.address,
        "token": bare.token.address,
        "rewardModels": bare.models.address,
        "settlementLedger": bare.ledger.address,
    }
    selector = bytes.fromhex(bare.token.signatures["setAccount"][2:])
    with refused("CommunityRegistryNotPermitted", bare.members, bare.token, selector):
        register(entry | parts)


@pytest.mark.parametrize("field", ["communityId", "name"])
@pytest.mark.parametrize("length", [0, 65])
def test_register__text_of_a_wrong_length__is_refused(register, entry, field, length):
    with refused("CommunityRegistryTextLength", field, length, 1, 64):
        register(entry | {field: "x" * length})


def test_register__refused__leaves_no_trace(registry, register, entry):
    with refused("CommunityRegistryTextLength", "name", 0, 1, 64):
        register(entry | {"name": ""})
    assert (registry.communityCount(), registry.community("fontana")["status"]) == (0, 0)


def test_community_at__beyond_the_last__is_refused(registry):
    with refused("CommunityRegistryIndexOutOfRange", 0, 0):
        registry.communityAt(0)
