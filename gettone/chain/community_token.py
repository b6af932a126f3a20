"""Gateway of CommunityToken: balances in base units and the account word."""

from dataclasses import dataclass
from typing import Self

from web3.types import BlockIdentifier

from gettone.chain.client import LATEST, ChainClient
from gettone.chain.consent import AccountStatus, MemberClass
from gettone.chain.contract import Call, Contract, checksum_address

NAME = "CommunityToken"


@dataclass(frozen=True, slots=True)
class TokenAccount:
    """The account word of a wallet: balance in base units, class and status."""

    balance_units: int
    member_class: MemberClass
    status: AccountStatus


@dataclass(frozen=True, slots=True)
class CommunityToken:
    """Reads and calls of one community's token."""

    contract: Contract

    @classmethod
    def at(cls, client: ChainClient, address: str) -> Self:
        """The token deployed at `address`."""
        return cls(Contract(client, NAME, checksum_address(address)))

    def account_of(self, wallet: str, *, block_identifier: BlockIdentifier = LATEST) -> TokenAccount:
        """Balance, class and status in one read."""
        balance, member_class, status = self.contract.read(
            "accountOf", checksum_address(wallet), block_identifier=block_identifier
        )
        return TokenAccount(int(balance), MemberClass(member_class), AccountStatus(status))

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

    def transfer(self, to: str, amount_units: int) -> Call:
        """Move tokens of the sender to another member."""
        return self.contract.call("transfer", checksum_address(to), amount_units)
