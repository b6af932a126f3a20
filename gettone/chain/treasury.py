"""Gateway of Treasury: the community's own tokens, issued within a budget and given by the policy's rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from web3.types import BlockIdentifier

from gettone.chain.client import LATEST, ChainClient
from gettone.chain.consent import member_id_bytes
from gettone.chain.contract import Call, Contract, checksum_address
from gettone.chain.energy_bonus import EnergyBonusEntry

NAME = "Treasury"


@dataclass(frozen=True, slots=True)
class WelcomeBonus:
    """Welcome bonus of a member id: granted once ever, `owed_units` base units still to be paid."""

    granted: bool
    owed_units: int


@dataclass(frozen=True, slots=True)
class EnergyRun:
    """Energy bonuses of one GSE period, amounts in base units by profile, in the field order of the contract."""

    root: bytes
    last_member_id: str
    consumer_units: int
    prosumer_units: int
    opened_at_s: int
    prosumer_with_storage_units: int
    chunk_count: int
    entry_count: int
    next_chunk: int
    entries_done: int


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale to a stakeholder: base units for euro cents, at unix seconds."""

    member_id: str
    units: int
    cents: int
    sold_at_s: int


@dataclass(frozen=True, slots=True)
class IncentivePaid:
    """A member's part of an agreement's incentive in base units; `tx_hash` where it was paid."""

    agreement_id: bytes
    member_id: str
    wallet: str
    units: int
    block_number: int
    tx_hash: str


@dataclass(frozen=True, slots=True)
class Treasury:
    """Reads and calls of one community's Treasury; months of 30 and years of 365 days run from the policy's start."""

    contract: Contract

    @classmethod
    def at(cls, client: ChainClient, address: str) -> Self:
        """The Treasury deployed at `address`."""
        return cls(Contract(client, NAME, checksum_address(address)))

    @property
    def address(self) -> str:
        """EIP-55 address of the Treasury, the wallet of the community's tokens."""
        return self.contract.address

    def month(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Index of the present month of 30 days."""
        return self._number("month", block_identifier=block_identifier)

    def year(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Index of the present year of 365 days."""
        return self._number("year", block_identifier=block_identifier)

    def issued_in_year_units(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Base units issued in the present year."""
        return self._number("issuedInYear", block_identifier=block_identifier)

    def total_issued_units(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Base units ever issued."""
        return self._number("totalIssued", block_identifier=block_identifier)

    def total_burned_units(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Base units ever burned."""
        return self._number("totalBurned", block_identifier=block_identifier)

    def incentives_in_month_units(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Incentives paid in the present month, base units."""
        return self._number("incentivesInMonth", block_identifier=block_identifier)

    def member_incentives_in_month_units(self, member_id: str, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Incentives of one member in the present month, base units."""
        member = member_id_bytes(member_id)
        return self._number("memberIncentivesInMonth", member, block_identifier=block_identifier)

    def pair_incentives_in_month_units(
        self, member_id: str, other_id: str, *, block_identifier: BlockIdentifier = LATEST
    ) -> int:
        """Incentives between two members in the present month in whichever role, base units."""
        pair = (member_id_bytes(member_id), member_id_bytes(other_id))
        return self._number("pairIncentivesInMonth", *pair, block_identifier=block_identifier)

    def welcome_bonus_of(self, member_id: str, *, block_identifier: BlockIdentifier = LATEST) -> WelcomeBonus:
        """Whether a member id was granted its welcome bonus, and what is still owed."""
        found = self.contract.read("welcomeBonusOf", member_id_bytes(member_id), block_identifier=block_identifier)
        return WelcomeBonus(bool(found[0]), int(found[1]))

    def energy_run(self, gse_period: int, *, block_identifier: BlockIdentifier = LATEST) -> EnergyRun | None:
        """The energy bonuses of a GSE period, None if none were opened."""
        values = self.contract.read("energyRun", gse_period, block_identifier=block_identifier)
        run = EnergyRun(bytes(values[0]), bytes(values[1]).hex(), *(int(one) for one in values[2:]))
        return run if run.opened_at_s else None

    def sale_of(self, payment_reference: bytes, *, block_identifier: BlockIdentifier = LATEST) -> Sale | None:
        """The sale of a 32-byte payment reference, None if it was never used."""
        values = self.contract.read("saleOf", payment_reference, block_identifier=block_identifier)
        sale = Sale(bytes(values[0]).hex(), int(values[1]), int(values[2]), int(values[3]))
        return sale if sale.sold_at_s else None

    def token(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Address of the token it holds."""
        return str(self.contract.read("token", block_identifier=block_identifier))

    def members(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Address of the registry that knows the members' wallets."""
        return str(self.contract.read("members", block_identifier=block_identifier))

    def policy(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Address of the policy whose rules it keeps."""
        return str(self.contract.read("policy", block_identifier=block_identifier))

    def incentives_paid(
        self, agreement_id: bytes | None = None, *, from_block: int = 0, to_block: int | None = None
    ) -> list[IncentivePaid]:
        """Incentives in chain order, of one agreement where named."""
        return [
            IncentivePaid(
                bytes(event["args"]["agreementId"]),
                bytes(event["args"]["memberId"]).hex(),
                str(event["args"]["wallet"]),
                int(event["args"]["units"]),
                int(event["blockNumber"]),
                "0x" + bytes(event["transactionHash"]).hex(),
            )
            for event in self.contract.events("IncentivePaid", agreement_id, from_block=from_block, to_block=to_block)
        ]

    def bind(self, token: str, members: str) -> Call:
        """Name token and member registry, once (ADMIN_ROLE, in the wiring)."""
        return self.contract.call("bind", checksum_address(token), checksum_address(members))

    def issue(self, amount_units: int) -> Call:
        """Issue tokens to the Treasury within the yearly budget (role TOKEN_ADMIN)."""
        return self.contract.call("issue", amount_units)

    def burn(self, amount_units: int) -> Call:
        """Burn tokens of the Treasury (role TOKEN_ADMIN)."""
        return self.contract.call("burn", amount_units)

    def sell(self, member_id: str, cents: int, payment_reference: bytes) -> Call:
        """Sell tokens to a stakeholder who paid euro cents, once per 32-byte reference (role TOKEN_ADMIN)."""
        return self.contract.call("sell", member_id_bytes(member_id), cents, payment_reference)

    def claim_welcome_bonus(self, member_id: str) -> Call:
        """Pay a welcome bonus that stayed owed; anybody may send it."""
        return self.contract.call("claimWelcomeBonus", member_id_bytes(member_id))

    def open_energy_bonus(self, gse_period: int, root: bytes, chunk_count: int, entry_count: int) -> Call:
        """Open the energy bonuses of a GSE period (role TOKEN_ADMIN); see energy_bonus.plan_energy_bonus."""
        return self.contract.call("openEnergyBonus", gse_period, root, chunk_count, entry_count)

    def pay_energy_bonus(
        self, gse_period: int, chunk: int, entries: Sequence[EnergyBonusEntry], proof: Sequence[bytes]
    ) -> Call:
        """Pay one chunk of energy bonuses with its path (RFC 6962); anybody may send it."""
        given = [(member_id_bytes(one.member_id), int(one.profile)) for one in entries]
        return self.contract.call("payEnergyBonus", gse_period, chunk, given, list(proof))

    def _number(self, view: str, *arguments: bytes, block_identifier: BlockIdentifier) -> int:
        return int(self.contract.read(view, *arguments, block_identifier=block_identifier))
