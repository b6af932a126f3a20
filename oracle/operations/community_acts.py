"""Communities on chain: deployed, paused and closed as people asked for it.

Each act looks at the chain first, so that it is done once however often it is begun; its intent names the operation.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from gettone.chain.client import ChainClient, connect
from gettone.chain.community_registry import CommunityStatus
from gettone.chain.community_spec import CommunitySpec, load_spec
from gettone.chain.deployment import deploy_community as deploy_contracts
from gettone.chain.deployment_file import deployment_path
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.community_profiles import CommunityProfiles, CommunityState
from gettone.db.repositories.operations import OperationRow
from gettone.errors import InputError
from oracle.worker.job import Run

DEPLOYER, PLATFORM_ADMIN, GUARDIAN, COMMUNITY_ADMIN = "deployer", "platform_admin", "guardian", "community_admin"


def deploy_community(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Bring the contracts of a new community on chain and register it; interrupted it goes on where it was."""
    place, slug = run.place, operation.document["community"]
    client, folder = _network(run)
    spec = _spec_of(run, operation.document)
    signers = place.signer(DEPLOYER), place.signer(PLATFORM_ADMIN)
    deployment = deploy_contracts(client, signers[0], spec, folder, platform_admin=signers[1])
    with place.database.write() as connection:
        community = Communities(connection).get(slug)
        profiles = CommunityProfiles(connection)
        if profiles.get(community.community_id).state is CommunityState.DEPLOYING:
            profiles.change(community.community_id, {"state": CommunityState.ACTIVE.value})
    contracts = deployment.community(slug).contracts
    return {"contracts": {name: one.address for name, one in sorted(contracts.items())}}


def pause_community(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """The guardian's key stops all movements of tokens."""
    contracts = run.place.open_contracts(operation.document["community"])
    if contracts.token.is_paused():
        return {"transaction": None}
    call = contracts.token.pause()
    return {"transaction": run.place.send(contracts.client, GUARDIAN, call, _intent(operation)).tx_hash}


def unpause_community(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """The community admin's key lets them move again."""
    contracts = run.place.open_contracts(operation.document["community"])
    if not contracts.token.is_paused():
        return {"transaction": None}
    call = contracts.token.unpause()
    return {"transaction": run.place.send(contracts.client, COMMUNITY_ADMIN, call, _intent(operation)).tx_hash}


def close_community(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """The platform admin's key suspends a community for good: it settles, takes and issues nothing any more."""
    slug = operation.document["community"]
    contracts = run.place.open_contracts(slug)
    entry = contracts.registry.community(slug)
    if entry is None or entry.status is CommunityStatus.SUSPENDED:
        return {"transaction": None}
    call = contracts.registry.suspend(slug)
    return {"transaction": run.place.send(contracts.client, PLATFORM_ADMIN, call, _intent(operation)).tx_hash}


def _intent(operation: OperationRow) -> str:
    return f"{operation.kind}/{operation.operation_id}"


def _network(run: Run) -> tuple[ChainClient, Path]:
    """The configured node, and the folder of the deployment file, whose name the node's chain decides."""
    settings = run.place.settings
    settings.require("rpc_url", "deployment_file", "community_template_file")
    assert settings.rpc_url is not None  # noqa: S101 - required just above
    assert settings.deployment_file is not None  # noqa: S101 - required just above
    client = connect(settings.rpc_url, settings.chain_id, genesis_hash=settings.genesis_hash)
    folder = settings.deployment_file.parent
    expected = deployment_path(folder, client)
    if expected.name != settings.deployment_file.name:
        raise InputError(
            "deployment_file",
            f"GETTONE_DEPLOYMENT_FILE is {settings.deployment_file.name}, and this chain's is {expected.name}",
        )
    return client, folder


def _spec_of(run: Run, document: Mapping[str, Any]) -> CommunitySpec:
    """The template's rules, caps and roles under the name and token that were asked for."""
    assert run.place.settings.community_template_file is not None  # noqa: S101 - required by `_network`
    template = load_spec(run.place.settings.community_template_file)
    token = document["token"]
    return replace(
        template,
        community_id=document["community"],
        name=document["name"],
        token_name=token["name"],
        token_symbol=token["symbol"],
    )
