"""The contracts of one community in the order of their deployment, and the links between them."""

from collections.abc import Mapping
from typing import Any

from gettone.chain import (
    access_manager,
    community_token,
    member_registry,
    reward_models,
    service_exchange,
    settlement_ledger,
    token_policy,
    treasury,
)
from gettone.chain.client import ChainClient
from gettone.chain.community_spec import CommunitySpec
from gettone.chain.community_token import CommunityToken
from gettone.chain.contract import Call
from gettone.chain.deployment_file import ContractRecord
from gettone.chain.deployment_run import DeploymentRun
from gettone.chain.token_policy import TokenPolicy
from gettone.chain.treasury import Treasury

COMMUNITY_CONTRACTS = (
    access_manager.NAME,
    token_policy.NAME,
    treasury.NAME,
    community_token.NAME,
    member_registry.NAME,
    reward_models.NAME,
    settlement_ledger.NAME,
    service_exchange.NAME,
)


def binds(client: ChainClient, addresses: Mapping[str, str]) -> tuple[Call, ...]:
    """The links that constructors cannot set, because the contracts name each other."""
    token, members = addresses[community_token.NAME], addresses[member_registry.NAME]
    return (
        CommunityToken.at(client, token).bind(addresses[service_exchange.NAME]),
        Treasury.at(client, addresses[treasury.NAME]).bind(token, members),
        TokenPolicy.at(client, addresses[token_policy.NAME]).bind(token),
    )


def create_contracts(work: DeploymentRun, scope: str, spec: CommunitySpec) -> dict[str, ContractRecord]:
    """The contracts of a set, each constructed with those before it."""
    made: dict[str, ContractRecord] = {}

    def create(name: str, *arguments: Any) -> str:
        made[name] = work.create(scope, name, *arguments)
        return made[name].address

    authority = create(access_manager.NAME, work.deployer.address)
    policy = create(token_policy.NAME, authority, spec.min_notice_s, spec.policy.to_chain())
    control = create(treasury.NAME, authority, policy)
    token = create(community_token.NAME, authority, control, spec.token_name, spec.token_symbol)
    membership = (authority, token, control, spec.community_id, spec.min_notice_s, spec.replacement_delay_s)
    members = create(member_registry.NAME, membership)
    models = create(reward_models.NAME, authority, spec.min_notice_s)
    create(settlement_ledger.NAME, _ledger_configuration(work, spec, (authority, token, models, policy)))
    exchange = (authority, token, members, policy, control, spec.confirmation_period_s)
    create(service_exchange.NAME, exchange)
    return made


def _ledger_configuration(work: DeploymentRun, spec: CommunitySpec, contracts: tuple[str, ...]) -> tuple[Any, ...]:
    return (
        *contracts,
        spec.community_id,
        work.client.genesis_hash,
        int(spec.period_kind),
        spec.min_notice_s,
        spec.period_cap_units,
        spec.member_cap_units,
        spec.required_signatures,
    )
