"""A whole community on the test chain: contracts, permissions, roles; the deployer ends with no right at all."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import roles
from brownie import Contract
from clock import DAY_S, unix_s

MANAGER_ARTIFACT = Path("gettone/chain/artifacts/AccessManager.json")

COMMUNITY_ID = "fontana"
GENESIS_HASH = bytes.fromhex("67656e65736973") + bytes(25)
DEPLOYED_AT_S = unix_s(2030, 1, 1)
MIN_NOTICE_S = 7 * DAY_S
MONTH = 2
PERIOD_CAP = 1_000 * 10**18
MEMBER_CAP = 400 * 10**18
REQUIRED_SIGNATURES = 2


@dataclass(frozen=True)
class Community:
    """The deployed set of one community."""

    manager: Any
    token: Any
    members: Any
    models: Any
    ledger: Any


def deploy(project, deployer) -> Community:
    """Deploy the five contracts of a community, wired to each other and not yet permitted anything."""
    sender = {"from": deployer}
    manager = deploy_manager(deployer)
    token = project.CommunityToken.deploy(manager, "Fontana", "FON", sender)
    members = project.MemberRegistry.deploy(manager, token, COMMUNITY_ID, sender)
    models = project.RewardModels.deploy(manager, MIN_NOTICE_S, sender)
    ledger = deploy_ledger(project, manager, token, models, deployer)
    return Community(manager, token, members, models, ledger)


def deploy_ledger(project, manager, token, models, deployer, **changes):
    """A SettlementLedger; `changes` replace fields of its configuration."""
    configuration = {
        "authority": manager,
        "token": token,
        "models": models,
        "communityId": COMMUNITY_ID,
        "genesisHash": GENESIS_HASH,
        "periodKind": MONTH,
        "minNotice": MIN_NOTICE_S,
        "periodCap": PERIOD_CAP,
        "memberCap": MEMBER_CAP,
        "requiredSignatures": REQUIRED_SIGNATURES,
    }
    assert changes.keys() <= configuration.keys()
    arguments = tuple((configuration | changes).values())
    return project.SettlementLedger.deploy(arguments, {"from": deployer})


def permit(manager, contracts: dict[str, Any], table: dict[tuple[str, str], int], deployer) -> None:
    """Write a table function → role into a manager."""
    for (contract, function), role in table.items():
        target = contracts[contract]
        selector = target.signatures[function]
        manager.setTargetFunctionRole(target, [selector], role, {"from": deployer})


def hand_over(community: Community, people: dict[int, list], deployer) -> None:
    """Permissions and roles of a community as specified, after which the deployer renounces its own.

    `people` maps role ids to the accounts that hold them; the contract roles are added here.
    """
    manager, sender = community.manager, {"from": deployer}
    permit(manager, vars(community), roles.RESTRICTED, deployer)
    contract_roles = {
        roles.MEMBER_REGISTRY: [community.members],
        roles.SETTLEMENT_LEDGER: [community.ledger],
    }
    for role, holders in (people | contract_roles).items():
        for holder in holders:
            manager.grantRole(role, holder, 0, sender)
    for role, granter in roles.GRANTED_BY.items():
        if granter != roles.ADMIN:
            manager.setRoleAdmin(role, granter, sender)
    manager.setGrantDelay(roles.COMMUNITY_ADMIN, MIN_NOTICE_S, sender)
    manager.renounceRole(roles.ADMIN, deployer, sender)


def deploy_manager(admin):
    """The unmodified AccessManager from the committed artifact, `admin` holding its first role.

    Brownie makes no container of it, because the project's own source only imports it.
    """
    artifact = json.loads(MANAGER_ARTIFACT.read_text(encoding="utf-8"))
    arguments = bytes(12) + bytes.fromhex(admin.address[2:])
    receipt = admin.transfer(data=artifact["bytecode"] + arguments.hex())
    return Contract.from_abi("AccessManager", receipt.contract_address, artifact["abi"])
