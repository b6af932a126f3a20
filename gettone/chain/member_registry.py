"""Gateway of MemberRegistry: who is a member, by pseudonymous id and wallet."""

from dataclasses import dataclass
from typing import Self

from web3.types import BlockIdentifier

from gettone.chain.client import LATEST, ChainClient
from gettone.chain.consent import MemberClass, member_id_bytes
from gettone.chain.contract import Call, Contract, checksum_address

NAME = "MemberRegistry"
_NO_WALLET = "0x" + "00" * 20


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """A member came in with a wallet, in a block of the chain."""

    member_id: str
    wallet: str
    member_class: MemberClass
    block_number: int
    tx_hash: str


@dataclass(frozen=True, slots=True)
class MemberRegistry:
    """Reads and calls of one community's MemberRegistry."""

    contract: Contract

    @classmethod
    def at(cls, client: ChainClient, address: str) -> Self:
        """The registry deployed at `address`."""
        return cls(Contract(client, NAME, checksum_address(address)))

    def wallet_of(self, member_id: str, *, block_identifier: BlockIdentifier = LATEST) -> str | None:
        """Wallet of a member, None for who never joined."""
        wallet = self.contract.read("walletOf", member_id_bytes(member_id), block_identifier=block_identifier)
        return None if wallet == _NO_WALLET else str(wallet)

    def member_of(self, wallet: str, *, block_identifier: BlockIdentifier = LATEST) -> str | None:
        """Member id of a wallet, None for a stranger's."""
        found = self.contract.read("memberOf", checksum_address(wallet), block_identifier=block_identifier)
        return bytes(found).hex() if any(found) else None

    def nonces(self, wallet: str, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """The nonce the next consent of `wallet` must carry."""
        return int(self.contract.read("nonces", checksum_address(wallet), block_identifier=block_identifier))

    def member_count(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """How many members joined."""
        return int(self.contract.read("memberCount", block_identifier=block_identifier))

    def community_id(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Id of the community it belongs to."""
        return str(self.contract.read("communityId", block_identifier=block_identifier))

    def token(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Address of the token whose account words it writes."""
        return str(self.contract.read("token", block_identifier=block_identifier))

    def members_joined(self, *, from_block: int = 0, to_block: int | None = None) -> list[MemberJoined]:
        """All joins of the blocks named, in chain order."""
        return [
            MemberJoined(
                bytes(event["args"]["memberId"]).hex(),
                str(event["args"]["wallet"]),
                MemberClass(event["args"]["class_"]),
                int(event["blockNumber"]),
                "0x" + bytes(event["transactionHash"]).hex(),
            )
            for event in self.contract.events("MemberJoined", from_block=from_block, to_block=to_block)
        ]

    def join(self, member_id: str, wallet: str, member_class: MemberClass, deadline_s: int, signature: bytes) -> Call:
        """Admit a member with the wallet's consent (role REGISTRAR); the same join again is a no-op."""
        return self.contract.call(
            "join",
            member_id_bytes(member_id),
            checksum_address(wallet),
            int(member_class),
            deadline_s,
            signature,
        )
