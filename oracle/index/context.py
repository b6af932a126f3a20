"""What the index works with."""

from dataclasses import dataclass

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
from gettone.chain.contract_set import CommunityContracts
from gettone.chain.index.events import EventDecoder
from gettone.chain.index.ranges import RangeReader
from gettone.chain.index.rpc import NodeRpc
from gettone.db.engine import Database


@dataclass(frozen=True, slots=True)
class IndexContext:
    """A database and the contracts of the community whose events it holds."""

    database: Database
    contracts: CommunityContracts

    @property
    def addresses(self) -> dict[str, str]:
        """The contracts of the set by name; the platform's registry belongs to no community and is left out."""
        one = self.contracts
        return {
            access_manager.NAME: one.access_manager.contract.address,
            community_token.NAME: one.token.address,
            member_registry.NAME: one.members.contract.address,
            reward_models.NAME: one.models.contract.address,
            settlement_ledger.NAME: one.ledger.address,
            token_policy.NAME: one.policy.contract.address,
            treasury.NAME: one.treasury.address,
            service_exchange.NAME: one.exchange.address,
        }

    def reader(self) -> RangeReader:
        """A reader of these contracts' logs on a connection of its own."""
        token = self.contracts.token
        supply = token.contract.call("totalSupply").data
        rpc = NodeRpc(self.contracts.client.rpc_url)
        return RangeReader(rpc, list(self.addresses.values()), token.address, supply)

    def decoder(self) -> EventDecoder:
        """The decoder of these contracts' logs."""
        return EventDecoder(self.addresses)
