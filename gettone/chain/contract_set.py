"""All gateways of one community at hand, after a check that they are the contracts of the deployment file."""

from dataclasses import dataclass

from eth_utils.crypto import keccak

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
from gettone.chain.community_registry import CommunityRegistry
from gettone.chain.community_token import CommunityToken
from gettone.chain.deployment_file import Deployment, require_same_network
from gettone.chain.member_registry import MemberRegistry
from gettone.chain.reward_models import RewardModels
from gettone.chain.service_exchange import ServiceExchange
from gettone.chain.settlement_ledger import SettlementLedger
from gettone.chain.token_policy import TokenPolicy
from gettone.chain.treasury import Treasury
from gettone.errors import Conflict


@dataclass(frozen=True, slots=True)
class CommunityContracts:
    """The gateways of one community and of the registry that lists it."""

    client: ChainClient
    community_id: str
    first_block: int
    registry: CommunityRegistry
    access_manager: AccessManager
    token: CommunityToken
    members: MemberRegistry
    models: RewardModels
    ledger: SettlementLedger
    policy: TokenPolicy
    treasury: Treasury
    exchange: ServiceExchange


def open_community(client: ChainClient, deployment: Deployment, community_id: str) -> CommunityContracts:
    """The gateways of a deployed community.

    Raises Conflict `foreign_deployment` for another network, Conflict `contract_set_missing` where the chain
    does not hold the code the file records (a chain started anew), MissingInput `community_not_deployed`.
    """
    require_same_network(deployment, client)
    found = deployment.community(community_id)
    for contracts in (deployment.platform, found):
        for name, record in contracts.contracts.items():
            _require_code(client, name, record.address, record.code_hash)
    return CommunityContracts(
        client,
        community_id,
        found.first_block,
        CommunityRegistry.at(client, deployment.platform.address(community_registry.NAME)),
        AccessManager.at(client, found.address(access_manager.NAME)),
        CommunityToken.at(client, found.address(community_token.NAME)),
        MemberRegistry.at(client, found.address(member_registry.NAME)),
        RewardModels.at(client, found.address(reward_models.NAME)),
        SettlementLedger.at(client, found.address(settlement_ledger.NAME)),
        TokenPolicy.at(client, found.address(token_policy.NAME)),
        Treasury.at(client, found.address(treasury.NAME)),
        ServiceExchange.at(client, found.address(service_exchange.NAME)),
    )


def code_hash(code: bytes) -> str:
    """keccak-256 of runtime code as EXTCODEHASH gives it, 0x hex."""
    return "0x" + keccak(code).hex()


def _require_code(client: ChainClient, name: str, address: str, expected: str) -> None:
    code = client.code(address)
    if code_hash(code) != expected:
        found = f"code {code_hash(code)}" if code else "no code"
        raise Conflict(
            "contract_set_missing",
            f"{name} at {address} should have code {expected} and the chain has {found} there: "
            "the contract set belongs to another deployment, or the chain was started anew",
        )
