"""Comparing a deployed set with its artifacts, the role table and its file: every difference is named.

Read only.  No difference means: the code is ours, its parts point at each other, it is wired as specified, nobody
holds a right the file does not list, the rules of the token are those on file, and the registry points at this
very set.  A role or a rule that is changed later is a difference until it is written under `roles` or `policy` of
the deployment file, where everybody can review it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from gettone.chain import (
    access_manager,
    community_registry,
    community_token,
    member_registry,
    reward_models,
    service_exchange,
    settlement_ledger,
    token_policy,
    treasury,
)
from gettone.chain.access_manager import AccessManager, RoleGrant
from gettone.chain.client import ChainClient
from gettone.chain.community_registry import CommunityRegistry
from gettone.chain.contract import Contract, load_artifact, plain
from gettone.chain.contract_set import code_hash
from gettone.chain.deployment import registry_entry
from gettone.chain.deployment_file import ContractSet, Deployment, require_same_network
from gettone.chain.difference import Difference
from gettone.chain.permissions import Wiring, community_wiring, platform_wiring, writing_functions
from gettone.chain.policy_verification import verify_policy
from gettone.chain.roles import Role
from gettone.notary.keys import deployment_id

# Constructor arguments without a view of their own, or that may change after construction.
_NOT_READABLE = frozenset({"genesisHash", "periodCap", "memberCap", "requiredSignatures", "initialAdmin", "initial"})
# Where each contract of a set points, by view; `authority` of all of them is the set's AccessManager.
_LINKS: Mapping[str, Mapping[str, str]] = {
    token_policy.NAME: {"token": community_token.NAME},
    treasury.NAME: {
        "policy": token_policy.NAME,
        "token": community_token.NAME,
        "members": member_registry.NAME,
    },
    community_token.NAME: {"treasury": treasury.NAME, "exchange": service_exchange.NAME},
    member_registry.NAME: {"token": community_token.NAME, "treasury": treasury.NAME},
    settlement_ledger.NAME: {
        "token": community_token.NAME,
        "models": reward_models.NAME,
        "policy": token_policy.NAME,
    },
    service_exchange.NAME: {
        "token": community_token.NAME,
        "members": member_registry.NAME,
        "policy": token_policy.NAME,
        "treasury": treasury.NAME,
    },
}


def verify_deployment(client: ChainClient, deployment: Deployment, community_id: str | None = None) -> list[Difference]:
    """Differences between the chain and what the file, the artifacts and the role table say.

    `community_id` None verifies the platform and every community.  Raises Conflict `foreign_deployment` on
    another network and MissingInput `community_not_deployed` for an unknown community.
    """
    require_same_network(deployment, client)
    ids = sorted(deployment.communities) if community_id is None else [community_id]
    communities = {one: deployment.community(one) for one in ids}
    differences = list(_verify_platform(client, deployment.platform))
    for one, contracts in communities.items():
        differences += _verify_community(client, deployment, one, contracts)
    return differences


def _verify_platform(client: ChainClient, platform: ContractSet) -> Iterator[Difference]:
    addresses = {name: record.address for name, record in platform.contracts.items()}
    wiring = platform_wiring(addresses, _holders(platform).get(Role.PLATFORM_ADMIN, ()))
    yield from _verify_set(client, platform, wiring)


def _verify_community(
    client: ChainClient, deployment: Deployment, community_id: str, contracts: ContractSet
) -> Iterator[Difference]:
    addresses = {name: record.address for name, record in contracts.contracts.items()}
    addresses[community_registry.NAME] = deployment.platform.address(community_registry.NAME)
    wiring = community_wiring(addresses, _holders(contracts), int(contracts.spec["min_notice_s"]))
    missing = list(_verify_set(client, contracts, wiring))
    yield from missing
    if not any(one.what == "code" for one in missing):
        yield from _verify_deployment_id(client, community_id, contracts)
        yield from verify_policy(client, contracts)
    yield from _verify_registration(client, deployment, community_id, contracts)


def _verify_set(client: ChainClient, contracts: ContractSet, wiring: Wiring) -> Iterator[Difference]:
    """Code of all contracts; with the right code in place also their arguments and the permission book."""
    wrong_code = list(_verify_code(client, contracts))
    yield from wrong_code
    if wrong_code:
        return
    yield from _verify_links(client, contracts)
    yield from _verify_arguments(client, contracts)
    yield from _verify_permissions(client, contracts, wiring)


def _verify_code(client: ChainClient, contracts: ContractSet) -> Iterator[Difference]:
    for name, record in contracts.contracts.items():
        code = client.code(record.address)
        if not code:
            yield Difference(name, "code", f"a contract at {record.address}", "nothing there")
            continue
        artifact = load_artifact(name, record.evm_version)
        expected = bytes.fromhex(artifact["deployedBytecode"].removeprefix("0x"))
        if masked(code, artifact) != masked(expected, artifact):
            yield Difference(name, "code", f"that of the artifact {code_hash(expected)}", code_hash(code))
        elif code_hash(code) != record.code_hash:
            yield Difference(name, "code", f"{record.code_hash} as deployed", code_hash(code))


def masked(code: bytes, artifact: Mapping[str, Any]) -> bytes:
    """Runtime code with its immutables zeroed, comparable between chain and artifact."""
    blank = bytearray(code)
    for start, length in artifact["immutableReferences"]:
        if start + length <= len(blank):
            blank[start : start + length] = bytes(length)
    return bytes(blank)


def _verify_links(client: ChainClient, contracts: ContractSet) -> Iterator[Difference]:
    """Every view that names another contract of the set."""
    for name, record in contracts.contracts.items():
        if name == access_manager.NAME:
            continue
        contract = Contract(client, name, record.address)
        for view, target in {**_LINKS.get(name, {}), "authority": access_manager.NAME}.items():
            expected, found = contracts.address(target), str(contract.read(view))
            if found != expected:
                yield Difference(name, view, f"{target} {expected}", found)


def _verify_arguments(client: ChainClient, contracts: ContractSet) -> Iterator[Difference]:
    """What a contract says of itself against the constructor arguments on file."""
    for name, record in contracts.contracts.items():
        arguments = dict(record.constructor_arguments)
        arguments = dict(arguments.get("config", arguments))
        contract = Contract(client, name, record.address)
        for argument, expected in arguments.items():
            if argument in _NOT_READABLE or argument in (*_LINKS.get(name, ()), "authority"):
                continue
            found = plain(contract.read(argument))
            if found != expected:
                yield Difference(name, argument, str(expected), str(found))


def _verify_permissions(client: ChainClient, contracts: ContractSet, wiring: Wiring) -> Iterator[Difference]:
    manager = AccessManager.at(client, contracts.address(access_manager.NAME))
    for name, record in contracts.contracts.items():
        if name == access_manager.NAME:
            continue
        if manager.is_target_closed(record.address):
            yield Difference(name, "target", "open", "closed")
        for function in writing_functions(name):
            wanted = wiring.function_roles.get((record.address, function.selector), Role.ADMIN_ROLE)
            role = manager.get_target_function_role(record.address, function.selector)
            if role != wanted:
                yield Difference(name, f"role of {function.signature}", _name_of(wanted), _name_of(role))
    for role_id, admin in wiring.role_admins.items():
        found = manager.get_role_admin(role_id)
        if found != admin:
            yield Difference(access_manager.NAME, f"admin of {role_id.name}", _name_of(admin), _name_of(found))
    yield from _verify_grants(manager, contracts.first_block, wiring.grants)


def _verify_grants(manager: AccessManager, first_block: int, expected: frozenset[RoleGrant]) -> Iterator[Difference]:
    found = manager.role_grants(from_block=first_block)
    for grant in sorted(found - expected, key=lambda one: (one.role, one.account)):
        yield Difference(access_manager.NAME, f"{_name_of(grant.role)} of {grant.account}", "not held", _held(grant))
    for grant in sorted(expected - found, key=lambda one: (one.role, one.account)):
        yield Difference(access_manager.NAME, f"{_name_of(grant.role)} of {grant.account}", _held(grant), "not held")


def _verify_deployment_id(client: ChainClient, community_id: str, contracts: ContractSet) -> Iterator[Difference]:
    """The ledger's id against the definition of notarization.md §1, over this network's genesis hash."""
    ledger = contracts.address(settlement_ledger.NAME)
    contract = bytes.fromhex(ledger.removeprefix("0x"))
    expected = deployment_id(client.chain_id, client.genesis_hash, contract, community_id)
    found = bytes(Contract(client, settlement_ledger.NAME, ledger).read("deploymentId"))
    if found != expected:
        yield Difference(settlement_ledger.NAME, "deploymentId", "0x" + expected.hex(), "0x" + found.hex())


def _verify_registration(
    client: ChainClient, deployment: Deployment, community_id: str, contracts: ContractSet
) -> Iterator[Difference]:
    address = deployment.platform.address(community_registry.NAME)
    if not client.code(address):
        return
    found = CommunityRegistry.at(client, address).community(community_id)
    expected = registry_entry(community_id, contracts)
    if found is None:
        yield Difference(community_registry.NAME, f"community {community_id!r}", "registered", "not there")
    elif replace(found, registered_at_s=0) != expected:
        yield Difference(community_registry.NAME, f"community {community_id!r}", str(expected), str(found))


def _holders(contracts: ContractSet) -> dict[Role, tuple[str, ...]]:
    """Who holds which role according to the file; ADMIN_ROLE is held by nobody, whatever it says."""
    return {Role[name]: accounts for name, accounts in contracts.roles.items() if Role[name] is not Role.ADMIN_ROLE}


def _held(grant: RoleGrant) -> str:
    return f"held with delay {grant.delay_s} s" if grant.delay_s else "held"


def _name_of(role: int) -> str:
    return Role(role).name if role in set(Role) else str(role)
