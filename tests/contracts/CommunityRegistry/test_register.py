"""register: a community is found by its id, and only ever with a complete set."""

import clock
import deployment
import pytest
import roles
from brownie import ZERO_ADDRESS, web3
from CommunityRegistry.conftest import PARTS, parts_of
from refusal import refused

ACTIVE = 1


@pytest.fixture
def second_set(project, community, registry, deployer, holders):
    """Another complete set for the same community id."""
    contracts = deployment.deploy(project, deployer)
    deployment.hand_over(contracts, holders, registry, deployer)
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
    with refused("CommunityRegistryConflict", "fontana", entry["settlementLedger"], second_set.ledger):
        register(entry | parts_of(second_set))


@pytest.mark.parametrize("part", PARTS)
def test_register__part_without_code__is_named(register, entry, outsider, part):
    with refused("CommunityRegistryNoCode", part, outsider):
        register(entry | {part: outsider.address})


@pytest.mark.parametrize("part", PARTS)
def test_register__part_missing__is_named(register, entry, part):
    with refused("CommunityRegistryNoCode", part, ZERO_ADDRESS):
        register(entry | {part: ZERO_ADDRESS})


@pytest.mark.parametrize("part", [part for part in PARTS if part != "accessManager"])
def test_register__part_of_another_set__is_not_linked(register, entry, second_set, part):
    stranger = parts_of(second_set)[part]
    with refused("CommunityRegistryNotLinked", f"{part}.authority", second_set.manager, entry["accessManager"]):
        register(entry | {part: stranger})


def test_register__another_access_manager__is_not_linked(register, entry, second_set):
    found, expected = entry["accessManager"], second_set.manager
    with refused("CommunityRegistryNotLinked", "memberRegistry.authority", found, expected):
        register(entry | {"accessManager": second_set.manager.address})


@pytest.fixture
def stray(project, community, deployer):
    """Function (field): a part of the same permission book that the rest of the set does not know."""
    manager, sender = community.manager, {"from": deployer}
    parts = {"token": community.token, "policy": community.policy, "treasury": community.treasury}
    deploy = {
        "token": lambda: project.CommunityToken.deploy(manager, parts["treasury"], "Other", "OTH", sender),
        "memberRegistry": lambda: deployment.deploy_members(
            project, manager, parts["token"], parts["treasury"], deployer
        ),
        "rewardModels": lambda: project.RewardModels.deploy(manager, deployment.MIN_NOTICE_S, sender),
        "tokenPolicy": lambda: deployment.deploy_policy(project, manager, deployer),
        "treasury": lambda: project.Treasury.deploy(manager, parts["policy"], sender),
        "serviceExchange": lambda: deployment.deploy_exchange(
            project, manager, deployer, members=community.members, **parts
        ),
    }
    return lambda field: deploy[field]()


@pytest.mark.parametrize(
    ("field", "link"),
    [
        ("token", "memberRegistry.token"),
        ("treasury", "memberRegistry.treasury"),
        ("serviceExchange", "token.exchange"),
        ("rewardModels", "settlementLedger.models"),
        ("tokenPolicy", "settlementLedger.policy"),
        ("memberRegistry", "treasury.members"),
    ],
)
def test_register__part_that_the_rest_does_not_know__is_not_linked(register, entry, stray, field, link):
    other = stray(field)
    with refused("CommunityRegistryNotLinked", link, entry[field], other):
        register(entry | {field: other.address})


def test_register__set_of_another_community__is_refused(register, entry):
    with refused("CommunityRegistryWrongCommunity", "memberRegistry", "fontana", "montagna"):
        register(entry | {"communityId": "montagna"})


@pytest.fixture
def set_without(project, registry, deployer, holders):
    """Function (key): a complete set whose permission book lacks one line."""

    def build(missing: tuple[str, str]):
        contracts = deployment.deploy(project, deployer)
        table = {key: role for key, role in roles.RESTRICTED.items() if key != missing}
        deployment.hand_over(contracts, holders, registry, deployer, table)
        return contracts

    return build


@pytest.mark.parametrize(
    ("caller", "target", "function"),
    [
        ("members", "token", "setAccount"),
        ("members", "token", "moveAccount"),
        ("members", "token", "sweep"),
        ("members", "treasury", "grantWelcomeBonus"),
        ("ledger", "token", "creditBatch"),
        ("treasury", "token", "issue"),
        ("treasury", "token", "burn"),
        ("exchange", "token", "escrow"),
        ("exchange", "token", "release"),
        ("exchange", "treasury", "fundService"),
        ("exchange", "treasury", "payIncentive"),
        ("registry", "token", "setSuspended"),
    ],
)
def test_register__set_without_a_permission__names_it(set_without, registry, register, entry, caller, target, function):
    lacking = set_without((target, function))
    contract = getattr(lacking, target)
    selector = bytes.fromhex(contract.signatures[function][2:])
    asker = registry if caller == "registry" else getattr(lacking, caller)
    with refused("CommunityRegistryNotPermitted", asker, contract, selector):
        register(entry | parts_of(lacking))


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
