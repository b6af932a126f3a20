"""Deploying the platform, once per network, and a community's contract set, and registering it.

Every step is one transaction with a name in the journal beside the deployment file, so a deployment that was
interrupted anywhere goes on with the same bytes.  Permissions are wired in one transaction that ends with the
deployer renouncing ADMIN_ROLE: there is no moment with half of them.  The registry comes last, and refuses a
set that is not whole.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

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
from gettone.chain.access_manager import AccessManager
from gettone.chain.client import ChainClient
from gettone.chain.community_contracts import COMMUNITY_CONTRACTS, binds, create_contracts
from gettone.chain.community_registry import CommunityRegistry, CommunityStatus, RegisteredCommunity
from gettone.chain.community_spec import CommunitySpec, policy_document
from gettone.chain.contract_set import open_community
from gettone.chain.deployment_file import (
    ContractRecord,
    ContractSet,
    Deployment,
    deployment_path,
    load_deployment,
)
from gettone.chain.deployment_run import DeploymentRun, deploy_intent, journal_path, register_intent, wire_intent
from gettone.chain.journal import FileTransactionStore
from gettone.chain.permissions import community_wiring, platform_wiring
from gettone.chain.roles import Role
from gettone.chain.signer import Signer
from gettone.errors import Conflict, Held, InputError

_PLATFORM_SCOPE = "platform"


def deploy_community(
    client: ChainClient,
    deployer: Signer,
    spec: CommunitySpec,
    folder: Path,
    *,
    platform_admin: Signer | None = None,
) -> Deployment:
    """Bring a community's contracts on chain, or go on where an earlier run stopped, and return the file's content.

    `folder` keeps the deployment file and its journal.  A finished deployment is left as it is.  Raises
    Held `registration_pending` when all is deployed and the platform admin's key is not given, Conflict
    `community_deployed` when the community exists with another spec, and what a Sender raises.
    """
    work = DeploymentRun(client, deployer, deployment_path(folder, client))
    deployment = _with_platform(work, spec)
    deployment = _with_community(work, deployment, spec)
    return _with_registration(work, deployment, spec, platform_admin)


def deployment_steps(client: ChainClient, spec: CommunitySpec, folder: Path) -> list[tuple[str, bool]]:
    """The transactions a deployment consists of, in order, each with whether it is done; sends nothing."""
    journal = FileTransactionStore(journal_path(deployment_path(folder, client)))
    scope = _scope(spec)
    intents = [deploy_intent(_PLATFORM_SCOPE, name) for name in _PLATFORM_CONTRACTS]
    intents.append(wire_intent(_PLATFORM_SCOPE))
    intents += [deploy_intent(scope, name) for name in COMMUNITY_CONTRACTS]
    intents += [wire_intent(scope), register_intent(scope)]
    return [(intent, journal.is_mined(intent)) for intent in intents]


_PLATFORM_CONTRACTS = (access_manager.NAME, community_registry.NAME)


def _with_platform(work: DeploymentRun, spec: CommunitySpec) -> Deployment:
    """The deployment with its platform: the one on file, or a new one with the spec's platform admin."""
    if work.path.exists():
        return load_deployment(work.path)
    admin = spec.holders[Role.PLATFORM_ADMIN]
    manager = work.create(_PLATFORM_SCOPE, access_manager.NAME, work.deployer.address)
    registry = work.create(_PLATFORM_SCOPE, community_registry.NAME, manager.address)
    contracts = {access_manager.NAME: manager, community_registry.NAME: registry}
    wiring = platform_wiring(_addresses(contracts), admin)
    platform = ContractSet(
        contracts,
        wiring.holders(),
        work.wire(_PLATFORM_SCOPE, manager, wiring),
        {"platform_admin": admin[0]},
    )
    return work.save(Deployment(work.client.chain_id, work.client.genesis_hash, platform, {}))


def _with_community(work: DeploymentRun, deployment: Deployment, spec: CommunitySpec) -> Deployment:
    """The deployment with the community's set: the one on file if it is the same and on chain, or a new one."""
    found = deployment.communities.get(spec.community_id)
    if found is not None:
        _require_same_spec(spec, found)
        open_community(work.client, deployment, spec.community_id)
        return deployment
    _require_platform_admin(work.client, deployment, spec)
    contracts = create_contracts(work, _scope(spec), spec)
    addresses = _addresses(contracts)
    platform = _addresses(deployment.platform.contracts)
    wiring = community_wiring(
        {**addresses, community_registry.NAME: platform[community_registry.NAME]}, spec.holders, spec.min_notice_s
    )
    manager = contracts[access_manager.NAME]
    transaction = work.wire(_scope(spec), manager, wiring, binds(work.client, addresses))
    found = ContractSet(contracts, wiring.holders(), transaction, spec.to_document(), policy_document(spec.policy))
    return work.save(_replaced(deployment, spec, found))


def _with_registration(
    work: DeploymentRun, deployment: Deployment, spec: CommunitySpec, platform_admin: Signer | None
) -> Deployment:
    """The deployment with its community in the registry, entered by the platform admin."""
    found = deployment.communities[spec.community_id]
    if found.registration is not None:
        return deployment
    if platform_admin is None:
        raise Held(
            "registration_pending",
            f"the contracts of {spec.community_id!r} are on chain and wait for registration: run the command "
            f"again with the key of the platform admin {spec.holders[Role.PLATFORM_ADMIN][0]}",
        )
    registry = CommunityRegistry.at(work.client, deployment.platform.address(community_registry.NAME))
    call = registry.register(registry_entry(spec.community_id, found))
    receipt = work.send(call, register_intent(_scope(spec)), platform_admin)
    return work.save(_replaced(deployment, spec, replace(found, registration=receipt.tx_hash)))


def registry_entry(community_id: str, contracts: ContractSet) -> RegisteredCommunity:
    """What the registry must say of a community with these contracts (registration time left at 0)."""
    return RegisteredCommunity(
        community_id,
        str(contracts.spec["name"]),
        contracts.address(access_manager.NAME),
        contracts.address(member_registry.NAME),
        contracts.address(community_token.NAME),
        contracts.address(reward_models.NAME),
        contracts.address(settlement_ledger.NAME),
        contracts.address(token_policy.NAME),
        contracts.address(treasury.NAME),
        contracts.address(service_exchange.NAME),
        CommunityStatus.ACTIVE,
        0,
    )


def _require_same_spec(spec: CommunitySpec, found: ContractSet) -> None:
    wanted = spec.to_document()
    for name, value in wanted.items():
        if found.spec.get(name) != value:
            raise Conflict(
                "community_deployed",
                f"community {spec.community_id!r} is deployed with {name} {found.spec.get(name)!r} and the "
                f"community file now says {value!r}: contracts are never replaced by a deployment, change it "
                "by the role that may",
            )


def _require_platform_admin(client: ChainClient, deployment: Deployment, spec: CommunitySpec) -> None:
    """Who appoints the community's admin is fixed for ever, so it must be the platform's admin of today."""
    admin = spec.holders[Role.PLATFORM_ADMIN][0]
    manager = AccessManager.at(client, deployment.platform.address(access_manager.NAME))
    if not manager.has_role(Role.PLATFORM_ADMIN, admin)[0]:
        raise InputError(
            "platform_admin",
            f"platform_admin {admin} of the community file is not the platform's admin on chain "
            f"{deployment.chain_id}: name the address that holds PLATFORM_ADMIN there",
        )


def _replaced(deployment: Deployment, spec: CommunitySpec, found: ContractSet) -> Deployment:
    return replace(deployment, communities={**deployment.communities, spec.community_id: found})


def _addresses(contracts: Mapping[str, ContractRecord]) -> dict[str, str]:
    return {name: record.address for name, record in contracts.items()}


def _scope(spec: CommunitySpec) -> str:
    return f"community/{spec.community_id}"
