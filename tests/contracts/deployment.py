"""A whole community on the test chain: contracts, permissions, roles; the deployer ends with no right at all."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import policies
import roles
from brownie import Contract
from clock import DAY_S, unix_s

MANAGER_ARTIFACT = Path("gettone/chain/artifacts/AccessManager.json")

COMMUNITY_ID = "fontana"
GENESIS_HASH = bytes.fromhex("67656e65736973") + bytes(25)
DEPLOYED_AT_S = unix_s(2030, 1, 1)
MIN_NOTICE_S = 7 * DAY_S
REPLACEMENT_DELAY_S = 3 * DAY_S
CONFIRMATION_PERIOD_S = 7 * DAY_S
MONTH = 2
PERIOD_CAP = 1_000 * 10**18
MEMBER_CAP = 400 * 10**18
REQUIRED_SIGNATURES = 2


@dataclass(frozen=True)
class Community:
    """The deployed set of one community."""

    manager: Any
    policy: Any
    treasury: Any
    token: Any
    members: Any
    models: Any
    ledger: Any
    exchange: Any


def deploy(project, deployer, **policy) -> Community:
    """Deploy the contracts of a community, not yet wired and not yet permitted anything.

    `policy` replaces parts of the initial policy (see policies.py).
    """
    sender = {"from": deployer}
    manager = deploy_manager(deployer)
    rules = deploy_policy(project, manager, deployer, **policy)
    treasury = project.Treasury.deploy(manager, rules, sender)
    token = project.CommunityToken.deploy(manager, treasury, "Fontana", "FON", sender)
    members = deploy_members(project, manager, token, treasury, deployer)
    models = project.RewardModels.deploy(manager, MIN_NOTICE_S, sender)
    ledger = deploy_ledger(project, manager, token, models, rules, deployer)
    parts = {"token": token, "members": members, "policy": rules, "treasury": treasury}
    exchange = deploy_exchange(project, manager, deployer, **parts)
    return Community(manager, rules, treasury, token, members, models, ledger, exchange)


def deploy_policy(project, manager, deployer, min_notice_s: int = MIN_NOTICE_S, **changes):
    """A TokenPolicy; `changes` replace fields of its initial rules."""
    return project.TokenPolicy.deploy(manager, min_notice_s, policies.initial(**changes), {"from": deployer})


def deploy_members(project, manager, token, treasury, deployer, **changes):
    """A MemberRegistry; `changes` replace fields of its configuration."""
    configuration = {
        "authority": manager,
        "token": token,
        "treasury": treasury,
        "communityId": COMMUNITY_ID,
        "minNotice": MIN_NOTICE_S,
        "replacementDelay": REPLACEMENT_DELAY_S,
    }
    return project.MemberRegistry.deploy(_struct(configuration, changes), {"from": deployer})


def deploy_ledger(project, manager, token, models, policy, deployer, **changes):
    """A SettlementLedger; `changes` replace fields of its configuration."""
    configuration = {
        "authority": manager,
        "token": token,
        "models": models,
        "policy": policy,
        "communityId": COMMUNITY_ID,
        "genesisHash": GENESIS_HASH,
        "periodKind": MONTH,
        "minNotice": MIN_NOTICE_S,
        "periodCap": PERIOD_CAP,
        "memberCap": MEMBER_CAP,
        "requiredSignatures": REQUIRED_SIGNATURES,
    }
    return project.SettlementLedger.deploy(_struct(configuration, changes), {"from": deployer})


def deploy_exchange(project, manager, deployer, *, token, members, policy, treasury, **changes):
    """A ServiceExchange; `changes` replace fields of its configuration."""
    configuration = {
        "authority": manager,
        "token": token,
        "members": members,
        "policy": policy,
        "treasury": treasury,
        "confirmationPeriod": CONFIRMATION_PERIOD_S,
    }
    return project.ServiceExchange.deploy(_struct(configuration, changes), {"from": deployer})


def _struct(configuration: dict, changes: dict) -> tuple:
    """The configuration with changes as the tuple that a constructor takes."""
    assert changes.keys() <= configuration.keys()
    return tuple((configuration | changes).values())


def deploy_platform(project, deployer, platform_admin):
    """The platform's registry of communities under a permission book of its own, handed over."""
    manager = deploy_manager(deployer)
    registry = project.CommunityRegistry.deploy(manager, {"from": deployer})
    manager.multicall(
        [
            *_permissions(manager, {"registry": registry}, roles.RESTRICTED_ON_PLATFORM),
            manager.grantRole.encode_input(roles.PLATFORM_ADMIN, platform_admin, 0),
            manager.setRoleAdmin.encode_input(roles.PLATFORM_ADMIN, roles.PLATFORM_ADMIN),
            manager.renounceRole.encode_input(roles.ADMIN, deployer),
        ],
        {"from": deployer},
    )
    return registry


def hand_over(community: Community, people: dict[int, list], registry, deployer, table=roles.RESTRICTED) -> None:
    """Links, permissions and roles of a community as specified, after which the deployer renounces its own.

    `people` maps role ids to the accounts that hold them; the contracts' own roles are added here.
    """
    manager = community.manager
    calls = _permissions(manager, vars(community), table)
    for role, holders in (people | contract_holders(community, registry)).items():
        calls += [manager.grantRole.encode_input(role, holder, 0) for holder in holders]
    calls += _links(community)  # after the permissions: the policy tells the token its fees when it is linked
    for role, granter in roles.GRANTED_BY.items():
        if granter != roles.ADMIN:
            calls.append(manager.setRoleAdmin.encode_input(role, granter))
    calls.append(manager.setGrantDelay.encode_input(roles.COMMUNITY_ADMIN, MIN_NOTICE_S))
    calls.append(manager.renounceRole.encode_input(roles.ADMIN, deployer))
    manager.multicall(calls, {"from": deployer})


def contract_holders(community: Community, registry) -> dict[int, list]:
    """Role id → the contract that holds it."""
    return {
        roles.MEMBER_REGISTRY: [community.members],
        roles.SETTLEMENT_LEDGER: [community.ledger],
        roles.TOKEN_POLICY: [community.policy],
        roles.TREASURY: [community.treasury],
        roles.SERVICE_EXCHANGE: [community.exchange],
        roles.COMMUNITY_REGISTRY: [registry],
    }


def _links(community: Community) -> list[str]:
    """The calls that tell three contracts of those deployed after them; nobody can send them any more later."""
    manager, token = community.manager, community.token
    links = [
        (community.policy, community.policy.bind.encode_input(token)),
        (community.treasury, community.treasury.bind.encode_input(token, community.members)),
        (token, token.bind.encode_input(community.exchange)),
    ]
    return [manager.execute.encode_input(target, call) for target, call in links]


def _permissions(manager, contracts: dict[str, Any], table: dict[tuple[str, str], int]) -> list[str]:
    """The calls that write a table function → role into a manager."""
    rows: dict[tuple[Any, int], list[str]] = {}
    for (contract, function), role in table.items():
        target = contracts[contract]
        rows.setdefault((target, role), []).append(target.signatures[function])
    return [manager.setTargetFunctionRole.encode_input(target, given, role) for (target, role), given in rows.items()]


def deploy_manager(admin):
    """The unmodified AccessManager from the committed artifact, `admin` holding its first role.

    Brownie makes no container of it, because the project's own source only imports it.
    """
    artifact = json.loads(MANAGER_ARTIFACT.read_text(encoding="utf-8"))
    arguments = bytes(12) + bytes.fromhex(admin.address[2:])
    receipt = admin.transfer(data=artifact["bytecode"] + arguments.hex())
    return Contract.from_abi("AccessManager", receipt.contract_address, artifact["abi"])
