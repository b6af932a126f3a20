"""Gateway of CommunityToken: balances in base units, the account word, fees, pause and suspension."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from web3.types import BlockIdentifier

from gettone.chain.authorization import TransferAuthorization
from gettone.chain.client import LATEST, ChainClient
from gettone.chain.consent import AccountStatus, MemberClass
from gettone.chain.contract import Call, Contract, checksum_address

NAME = "CommunityToken"

# The forms that take a signature of any length; those in three parts are for wallets with a key only.
_TRANSFER = "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"
_CANCEL = "cancelAuthorization(address,bytes32,bytes)"
_RATE_BITS = 16


class FeeFlow(IntEnum):
    """What a fee was taken from (contracts.md §5)."""

    TRANSFER = 0
    SERVICE = 1
    ASSIGNMENT = 2


@dataclass(frozen=True, slots=True)
class TokenAccount:
    """The account word of a wallet: balance in base units, class and status."""

    balance_units: int
    member_class: MemberClass
    status: AccountStatus


@dataclass(frozen=True, slots=True)
class Preview:
    """What a transfer would do: base units that the receiver gets, and that the Treasury gets."""

    net_units: int
    fee_units: int


@dataclass(frozen=True, slots=True)
class TransferRates:
    """Transfer fees [bps] by class of sender and receiver."""

    citizen_to_citizen_bps: int
    citizen_to_stakeholder_bps: int
    stakeholder_to_citizen_bps: int
    stakeholder_to_stakeholder_bps: int


@dataclass(frozen=True, slots=True)
class TransferFees:
    """Transfer fees as the policy set them last; `scheduled` applies from `valid_from_s` on (0: no change)."""

    current: TransferRates
    scheduled: TransferRates
    valid_from_s: int


@dataclass(frozen=True, slots=True)
class FeeCharged:
    """A fee in base units; `payer` is the zero address in a payout and the ServiceExchange in a service."""

    payer: str
    receiver: str
    amount_units: int
    fee_units: int
    flow: FeeFlow
    block_number: int
    tx_hash: str


@dataclass(frozen=True, slots=True)
class CommunityToken:
    """Reads and calls of one community's token."""

    contract: Contract

    @classmethod
    def at(cls, client: ChainClient, address: str) -> Self:
        """The token deployed at `address`."""
        return cls(Contract(client, NAME, checksum_address(address)))

    @property
    def address(self) -> str:
        """EIP-55 address of the token."""
        return self.contract.address

    def account_of(self, wallet: str, *, block_identifier: BlockIdentifier = LATEST) -> TokenAccount:
        """Balance, class and status in one read."""
        (found,) = self.accounts_of([checksum_address(wallet)], block_identifier=block_identifier)
        return found

    def accounts_of(self, wallets: Sequence[str], *, block_identifier: BlockIdentifier = LATEST) -> list[TokenAccount]:
        """As `account_of` of each address, in few requests."""
        return [
            TokenAccount(int(balance), MemberClass(member_class), AccountStatus(status))
            for balance, member_class, status in self.contract.read_many(
                "accountOf", wallets, block_identifier=block_identifier
            )
        ]

    def balance_of(self, wallet: str, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Balance in base units."""
        wallet = checksum_address(wallet)
        return int(self.contract.read("balanceOf", wallet, block_identifier=block_identifier))

    def total_supply(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """All tokens there are, in base units."""
        return int(self.contract.read("totalSupply", block_identifier=block_identifier))

    def name(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Name for display, also that of its EIP-712 domain."""
        return str(self.contract.read("name", block_identifier=block_identifier))

    def symbol(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Short name for display."""
        return str(self.contract.read("symbol", block_identifier=block_identifier))

    def decimals(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """How many decimal digits of a token its base unit is."""
        return int(self.contract.read("decimals", block_identifier=block_identifier))

    def allowance(self, owner: str, spender: str, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Base units that `spender` may still move for `owner`."""
        pair = (checksum_address(owner), checksum_address(spender))
        return int(self.contract.read("allowance", *pair, block_identifier=block_identifier))

    def nonces(self, wallet: str, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """The nonce the next permit of `wallet` must carry."""
        return int(self.contract.read("nonces", checksum_address(wallet), block_identifier=block_identifier))

    def authorization_state(self, wallet: str, nonce: bytes, *, block_identifier: BlockIdentifier = LATEST) -> bool:
        """Whether a 32-byte nonce of ERC-3009 was used or cancelled."""
        place = (checksum_address(wallet), nonce)
        return bool(self.contract.read("authorizationState", *place, block_identifier=block_identifier))

    def preview_transfer(
        self, sender: str, to: str, amount_units: int, *, block_identifier: BlockIdentifier = LATEST
    ) -> Preview:
        """What a transfer would do now; refused with the very refusals of the transfer."""
        pair = (checksum_address(sender), checksum_address(to))
        found = self.contract.read("previewTransfer", *pair, amount_units, block_identifier=block_identifier)
        return Preview(int(found[0]), int(found[1]))

    def transfer_fees(self, *, block_identifier: BlockIdentifier = LATEST) -> TransferFees:
        """The transfer fees the policy told the token last."""
        current, scheduled, valid_from_s = self.contract.read("transferFees", block_identifier=block_identifier)
        return TransferFees(_rates(int(current)), _rates(int(scheduled)), int(valid_from_s))

    def is_paused(self, *, block_identifier: BlockIdentifier = LATEST) -> bool:
        """Whether every movement is stopped."""
        return bool(self.contract.read("isPaused", block_identifier=block_identifier))

    def paused_seconds(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Seconds of all pauses, a running one included."""
        return int(self.contract.read("pausedSeconds", block_identifier=block_identifier))

    def is_suspended(self, *, block_identifier: BlockIdentifier = LATEST) -> bool:
        """Whether the platform suspended the community."""
        return bool(self.contract.read("isSuspended", block_identifier=block_identifier))

    def treasury(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Address of the Treasury."""
        return str(self.contract.read("treasury", block_identifier=block_identifier))

    def exchange(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Address of the ServiceExchange."""
        return str(self.contract.read("exchange", block_identifier=block_identifier))

    def fees_charged(self, *, from_block: int = 0, to_block: int | None = None) -> list[FeeCharged]:
        """All fees of the blocks named, in chain order."""
        return [
            FeeCharged(
                str(event["args"]["from"]),
                str(event["args"]["to"]),
                int(event["args"]["amount"]),
                int(event["args"]["fee"]),
                FeeFlow(event["args"]["flow"]),
                int(event["blockNumber"]),
                "0x" + bytes(event["transactionHash"]).hex(),
            )
            for event in self.contract.events("FeeCharged", from_block=from_block, to_block=to_block)
        ]

    def transfer(self, to: str, amount_units: int) -> Call:
        """Move tokens of the sender to another member or back to the Treasury, less the fee."""
        return self.contract.call("transfer", checksum_address(to), amount_units)

    def transfer_from(self, owner: str, to: str, amount_units: int) -> Call:
        """Move tokens of a member who allowed it to the sender."""
        return self.contract.call("transferFrom", checksum_address(owner), checksum_address(to), amount_units)

    def approve(self, spender: str, amount_units: int) -> Call:
        """Allow `spender` to move up to so many base units of the sender."""
        return self.contract.call("approve", checksum_address(spender), amount_units)

    def transfer_with_authorization(self, authorization: TransferAuthorization, signature: bytes) -> Call:
        """Carry a transfer that a member signed (ERC-3009); anybody may send it."""
        return self.contract.call(_TRANSFER, *authorization.to_chain(), signature)

    def cancel_authorization(self, wallet: str, nonce: bytes, signature: bytes) -> Call:
        """Make a nonce unusable, as its wallet signed it; anybody may send it."""
        return self.contract.call(_CANCEL, checksum_address(wallet), nonce, signature)

    def bind(self, exchange: str) -> Call:
        """Name the ServiceExchange, once (ADMIN_ROLE, in the wiring)."""
        return self.contract.call("bind", checksum_address(exchange))

    def pause(self) -> Call:
        """Stop every movement (role GUARDIAN)."""
        return self.contract.call("pause")

    def unpause(self) -> Call:
        """End the pause (role COMMUNITY_ADMIN)."""
        return self.contract.call("unpause")


def _rates(packed: int) -> TransferRates:
    """Four rates of 16 bits, the first in the highest bits."""
    return TransferRates(*(packed >> shift & 0xFFFF for shift in range(3 * _RATE_BITS, -1, -_RATE_BITS)))
