"""Gateway of MemberRegistry: who is a member, by pseudonymous id and wallet."""

from collections.abc import Sequence
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
class PendingReplacement:
    """A lost wallet is to be replaced; anybody may execute it from `executable_at_s` (unix seconds) on."""

    new_wallet: str
    executable_at_s: int


@dataclass(frozen=True, slots=True)
class PendingExclusion:
    """A member may be excluded from `from_s` to `until_s` (unix seconds, both included)."""

    from_s: int
    until_s: int


@dataclass(frozen=True, slots=True)
class Grace:
    """How long a wallet that left may still give or return its tokens, and whether the time stands still now."""

    left_s: int
    stands_still: bool


@dataclass(frozen=True, slots=True)
class MemberRegistry:
    """Reads and calls of one community's MemberRegistry."""

    contract: Contract

    @classmethod
    def at(cls, client: ChainClient, address: str) -> Self:
        """The registry deployed at `address`."""
        return cls(Contract(client, NAME, checksum_address(address)))

    @property
    def address(self) -> str:
        """EIP-55 address of the registry, the verifying contract of what members sign."""
        return self.contract.address

    def wallet_of(self, member_id: str, *, block_identifier: BlockIdentifier = LATEST) -> str | None:
        """Present or last wallet of a member, None for who never joined."""
        (found,) = self.wallets_of([member_id], block_identifier=block_identifier)
        return found

    def wallets_of(self, member_ids: Sequence[str], *, block_identifier: BlockIdentifier = LATEST) -> list[str | None]:
        """As `wallet_of` of each, in few requests."""
        members = [member_id_bytes(one) for one in member_ids]
        return [_wallet(one) for one in self.contract.read_many("walletOf", members, block_identifier=block_identifier)]

    def member_of(self, wallet: str, *, block_identifier: BlockIdentifier = LATEST) -> str | None:
        """Member id of a wallet, also after leaving; None for a stranger's or a retired one."""
        found = self.contract.read("memberOf", checksum_address(wallet), block_identifier=block_identifier)
        return bytes(found).hex() if any(found) else None

    def nonces(self, wallet: str, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """The nonce the next statement of `wallet` must carry."""
        return int(self.contract.read("nonces", checksum_address(wallet), block_identifier=block_identifier))

    def is_retired(self, wallet: str, *, block_identifier: BlockIdentifier = LATEST) -> bool:
        """Whether a wallet was replaced and can never join again."""
        return bool(self.contract.read("isRetired", checksum_address(wallet), block_identifier=block_identifier))

    def frozen_by(self, member_id: str, *, block_identifier: BlockIdentifier = LATEST) -> str | None:
        """Who froze a member, None if the member is not frozen."""
        found = self.contract.read("frozenBy", member_id_bytes(member_id), block_identifier=block_identifier)
        return _wallet(found)

    def pending_replacement(
        self, member_id: str, *, block_identifier: BlockIdentifier = LATEST
    ) -> PendingReplacement | None:
        """The proposed replacement of a member's wallet, None without one."""
        member = member_id_bytes(member_id)
        wallet, executable_at_s = self.contract.read("pendingReplacement", member, block_identifier=block_identifier)
        return PendingReplacement(str(wallet), int(executable_at_s)) if _wallet(wallet) else None

    def pending_exclusion(
        self, member_id: str, *, block_identifier: BlockIdentifier = LATEST
    ) -> PendingExclusion | None:
        """The announced exclusion of a member, None without one."""
        member = member_id_bytes(member_id)
        from_s, until_s = self.contract.read("pendingExclusion", member, block_identifier=block_identifier)
        return PendingExclusion(int(from_s), int(until_s)) if until_s else None

    def grace_of(self, wallet: str, *, block_identifier: BlockIdentifier = LATEST) -> Grace | None:
        """Grace of a wallet that left, None for one that did not."""
        has_left, left_s, stands_still = self.contract.read(
            "graceOf", checksum_address(wallet), block_identifier=block_identifier
        )
        return Grace(int(left_s), bool(stands_still)) if has_left else None

    def member_count(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """How many member ids ever joined."""
        return int(self.contract.read("memberCount", block_identifier=block_identifier))

    def community_id(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Id of the community it belongs to."""
        return str(self.contract.read("communityId", block_identifier=block_identifier))

    def token(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Address of the token whose account words it writes."""
        return str(self.contract.read("token", block_identifier=block_identifier))

    def treasury(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Address of the Treasury that pays the welcome bonus."""
        return str(self.contract.read("treasury", block_identifier=block_identifier))

    def min_notice_s(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Seconds between the announcement of an exclusion and its execution."""
        return int(self.contract.read("minNotice", block_identifier=block_identifier))

    def replacement_delay_s(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Seconds between the proposal of a replacement and its execution."""
        return int(self.contract.read("replacementDelay", block_identifier=block_identifier))

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

    def freeze(self, member_id: str) -> Call:
        """Freeze a member's wallet (role COMMUNITY_ADMIN, called by its key itself)."""
        return self.contract.call("freeze", member_id_bytes(member_id))

    def unfreeze(self, member_id: str) -> Call:
        """Lift a freeze (role COMMUNITY_ADMIN)."""
        return self.contract.call("unfreeze", member_id_bytes(member_id))

    def leave(self, member_id: str, deadline_s: int = 0, signature: bytes = b"") -> Call:
        """Leave: by the wallet itself without a signature, by anybody with one (LeaveNotice)."""
        return self.contract.call("leave", member_id_bytes(member_id), deadline_s, signature)

    def announce_exclusion(self, member_id: str) -> Call:
        """Announce an exclusion (role COMMUNITY_ADMIN)."""
        return self.contract.call("announceExclusion", member_id_bytes(member_id))

    def cancel_exclusion(self, member_id: str) -> Call:
        """Call an announced exclusion off (role COMMUNITY_ADMIN)."""
        return self.contract.call("cancelExclusion", member_id_bytes(member_id))

    def exclude(self, member_id: str) -> Call:
        """Exclude a member after the notice (role COMMUNITY_ADMIN)."""
        return self.contract.call("exclude", member_id_bytes(member_id))

    def sweep(self, wallet: str) -> Call:
        """Move what a wallet holds after its grace to the Treasury; anybody may send it."""
        return self.contract.call("sweep", checksum_address(wallet))

    def replace_wallet(
        self, member_id: str, new_wallet: str, deadline_s: int, old_signature: bytes, new_consent: bytes
    ) -> Call:
        """Replace a wallet at once with its own signature (ReplaceOrder) and the new one's JoinConsent."""
        wallet = checksum_address(new_wallet)
        return self.contract.call(
            "replaceWallet", member_id_bytes(member_id), wallet, deadline_s, old_signature, new_consent
        )

    def propose_replacement(self, member_id: str, new_wallet: str, deadline_s: int, new_consent: bytes) -> Call:
        """Propose to replace a lost wallet (role REGISTRAR, called by its key itself)."""
        wallet = checksum_address(new_wallet)
        return self.contract.call("proposeReplacement", member_id_bytes(member_id), wallet, deadline_s, new_consent)

    def object_to_replacement(self, member_id: str, deadline_s: int = 0, signature: bytes = b"") -> Call:
        """Object: by the old wallet itself without a signature, by anybody with one (Objection)."""
        return self.contract.call("objectToReplacement", member_id_bytes(member_id), deadline_s, signature)

    def cancel_replacement(self, member_id: str) -> Call:
        """Withdraw a proposed replacement (role COMMUNITY_ADMIN)."""
        return self.contract.call("cancelReplacement", member_id_bytes(member_id))

    def execute_replacement(self, member_id: str) -> Call:
        """Execute a proposed replacement whose time has come; anybody may send it."""
        return self.contract.call("executeReplacement", member_id_bytes(member_id))


def _wallet(address: str) -> str | None:
    return None if address == _NO_WALLET else str(address)
