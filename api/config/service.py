"""The public configuration, from the settings and the deployment file."""

from collections.abc import Iterable

from api.config.schemas import CommunityContractsBody, ConfigBody
from api.context import ApiContext
from gettone.chain.deployment_file import ContractSet


def read_config(context: ApiContext) -> ConfigBody:
    """What the pages of people and machines need to find everything else."""
    front, deployment = context.front, context.chain.deployment if context.chain else None
    communities: Iterable[tuple[str, ContractSet]] = deployment.communities.items() if deployment else ()
    return ConfigBody(
        issuer=front.issuer,
        audience=front.audience,
        clients=list(front.clients),
        demo=front.is_demo,
        chain_id=deployment.chain_id if deployment else None,
        genesis_hash="0x" + deployment.genesis_hash.hex() if deployment else None,
        rpc_url=front.rpc_url,
        platform=_addresses(deployment.platform) if deployment else {},
        communities=[CommunityContractsBody(id=slug, contracts=_addresses(one)) for slug, one in sorted(communities)],
    )


def _addresses(contracts: ContractSet) -> dict[str, str]:
    return {name: record.address for name, record in sorted(contracts.contracts.items())}
