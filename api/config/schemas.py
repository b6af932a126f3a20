"""Bodies of the public configuration."""

from api.schemas import Address, Hash, Slug, Strict


class CommunityContractsBody(Strict):
    """The contracts of one community by name."""

    id: Slug
    contracts: dict[str, Address]


class ConfigBody(Strict):
    """Where to log in, and which chain holds what; nothing is None but what is not configured."""

    issuer: str
    audience: str
    clients: list[str]
    demo: bool
    chain_id: int | None
    genesis_hash: Hash | None
    rpc_url: str | None
    platform: dict[str, Address]
    communities: list[CommunityContractsBody]
