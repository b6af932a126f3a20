"""Gateway of CommunityRegistry: the communities of a platform and their contract sets."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Self

from web3.types import BlockIdentifier

from gettone.chain.client import LATEST, ChainClient
from gettone.chain.contract import Call, Contract, checksum_address

NAME = "CommunityRegistry"


class CommunityStatus(IntEnum):
    """Status of a community on chain."""

    NONE = 0
    ACTIVE = 1
    SUSPENDED = 2


@dataclass(frozen=True, slots=True)
class RegisteredCommunity:
    """One entry of the registry; addresses EIP-55, `registered_at_s` unix seconds (0 before registration)."""

    community_id: str
    name: str
    access_manager: str
    member_registry: str
    token: str
    reward_models: str
    settlement_ledger: str
    token_policy: str
    treasury: str
    service_exchange: str
    status: CommunityStatus
    registered_at_s: int


@dataclass(frozen=True, slots=True)
class CommunityRegistry:
    """Reads and calls of the platform's registry."""

    contract: Contract

    @classmethod
    def at(cls, client: ChainClient, address: str) -> Self:
        """The registry deployed at `address`."""
        return cls(Contract(client, NAME, checksum_address(address)))

    def community(self, community_id: str, *, block_identifier: BlockIdentifier = LATEST) -> RegisteredCommunity | None:
        """The entry of a community; None if it is not registered."""
        entry = self.contract.read("community", community_id, block_identifier=block_identifier)
        found = _entry_of(entry)
        return None if found.status is CommunityStatus.NONE else found

    def community_count(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """How many communities are registered."""
        return int(self.contract.read("communityCount", block_identifier=block_identifier))

    def community_at(self, index: int, *, block_identifier: BlockIdentifier = LATEST) -> RegisteredCommunity:
        """The entry at a position from 0."""
        entry = self.contract.read("communityAt", index, block_identifier=block_identifier)
        return _entry_of(entry)

    def register(self, entry: RegisteredCommunity) -> Call:
        """Add a community (role PLATFORM_ADMIN); the registry checks that the set belongs together."""
        return self.contract.call(
            "register",
            (
                entry.community_id,
                entry.name,
                entry.access_manager,
                entry.member_registry,
                entry.token,
                entry.reward_models,
                entry.settlement_ledger,
                entry.token_policy,
                entry.treasury,
                entry.service_exchange,
                0,
                0,
            ),
        )

    def suspend(self, community_id: str) -> Call:
        """Stop a community, here and in its token (role PLATFORM_ADMIN)."""
        return self.contract.call("suspend", community_id)

    def resume(self, community_id: str) -> Call:
        """Let a suspended community go on (role PLATFORM_ADMIN)."""
        return self.contract.call("resume", community_id)


def _entry_of(values: Sequence[Any]) -> RegisteredCommunity:
    plain: list[Any] = [*values[:10], CommunityStatus(values[10]), values[11]]
    return RegisteredCommunity(*plain)
