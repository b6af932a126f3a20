"""What a verification trusts: the node of this server and the ledger of a community, never the take-out."""

from api.context import ApiContext
from gettone.chain.settlement_ledger import NAME as LEDGER
from gettone.verifier import TrustInputs

NOTHING = TrustInputs(None, None, None)


def trust_of(context: ApiContext, community: str | None) -> TrustInputs:
    """Node, genesis hash and ledger; nothing without a chain or a community, so that the chain's steps are left out."""
    if context.chain is None or community is None:
        return NOTHING
    here = context.chain.deployment.communities.get(community)
    if here is None:
        return NOTHING
    genesis = "0x" + context.chain.client.genesis_hash.hex()
    return TrustInputs(context.front.rpc_url, genesis, here.address(LEDGER))
