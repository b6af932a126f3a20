"""Gateway of SettlementLedger: commitments and payouts of every period, exactly once."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from enum import IntEnum
from typing import Any, Self

from web3.types import BlockIdentifier

from gettone.chain.chunks import pay_calldata
from gettone.chain.client import LATEST, ChainClient
from gettone.chain.contract import Call, Contract, checksum_address
from gettone.chain.policy_values import Scheduled
from gettone.chain.proposal import proposal_of_chain
from gettone.notary.proposal import SettlementProposal

NAME = "SettlementLedger"


class SettlementState(IntEnum):
    """State of a settlement on chain."""

    NONE = 0
    OPEN = 1
    PAID = 2
    VOIDED = 3


class PeriodKind(IntEnum):
    """Kind of period of a community; the chain knows only its length."""

    DAY = 0
    WEEK = 1
    MONTH = 2


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the ledger knows of a settlement, in the field order of the contract's struct."""

    assignment_root: bytes
    leaf_count: int
    period_start_s: int
    period_end_s: int
    total_units: int
    paid_units: int
    skipped_units: int
    next_chunk: int
    chunk_count: int
    payouts_root: bytes
    proposal_hash: bytes
    opened_at_s: int
    state: SettlementState


@dataclass(frozen=True, slots=True)
class Caps:
    """Caps in base units; None where nothing is scheduled."""

    period_units: int
    member_units: int


@dataclass(frozen=True, slots=True)
class SettlementOpened:
    """The event of an opening: the whole proposal, its struct hash, and where on the chain it is."""

    proposal_hash: bytes
    proposal: SettlementProposal
    block_number: int
    tx_hash: str
    log_index: int


@dataclass(frozen=True, slots=True)
class SettlementLedger:
    """Reads and calls of one community's SettlementLedger."""

    contract: Contract

    @classmethod
    def at(cls, client: ChainClient, address: str) -> Self:
        """The ledger deployed at `address`."""
        return cls(Contract(client, NAME, checksum_address(address)))

    @property
    def address(self) -> str:
        """EIP-55 address of the ledger."""
        return self.contract.address

    def settlement(self, period_index: int, revision: int, *, block_identifier: BlockIdentifier = LATEST) -> Settlement:
        """State of one settlement; all zero with state NONE if it was never opened."""
        values = self.contract.read("settlement", period_index, revision, block_identifier=block_identifier)
        plain: list[Any] = [*values[:-1], SettlementState(values[-1])]
        return Settlement(*plain)

    def next_period_index(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Index the next new period must have."""
        return int(self.contract.read("nextPeriodIndex", block_identifier=block_identifier))

    def latest_revision(self, period_index: int, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """The revision of a period opened last."""
        return int(self.contract.read("latestRevision", period_index, block_identifier=block_identifier))

    def last_period_end_s(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Unix seconds at which the next period must start, 0 before the first."""
        return int(self.contract.read("lastPeriodEnd", block_identifier=block_identifier))

    def last_settlement_hash(self, *, block_identifier: BlockIdentifier = LATEST) -> bytes:
        """Struct hash of the proposal opened last, 32 zero bytes before the first."""
        return bytes(self.contract.read("lastSettlementHash", block_identifier=block_identifier))

    def caps(self, *, block_identifier: BlockIdentifier = LATEST) -> Caps:
        """Caps of a settlement opened now."""
        return Caps(*self.contract.read("caps", block_identifier=block_identifier))

    def scheduled_caps(self, *, block_identifier: BlockIdentifier = LATEST) -> Scheduled[Caps]:
        """Caps scheduled last, which may be those in force."""
        period, member, valid_from_s = self.contract.read("scheduledCaps", block_identifier=block_identifier)
        return Scheduled(Caps(int(period), int(member)), int(valid_from_s))

    def required_signatures(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """How many oracles must sign a proposal now."""
        return int(self.contract.read("requiredSignatures", block_identifier=block_identifier))

    def deployment_id(self, *, block_identifier: BlockIdentifier = LATEST) -> bytes:
        """The deployment id (notarization.md §1) fixed when the ledger was deployed."""
        return bytes(self.contract.read("deploymentId", block_identifier=block_identifier))

    def community_id(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Id of the community it belongs to."""
        return str(self.contract.read("communityId", block_identifier=block_identifier))

    def period_kind(self, *, block_identifier: BlockIdentifier = LATEST) -> PeriodKind:
        """Day, week or month."""
        return PeriodKind(self.contract.read("periodKind", block_identifier=block_identifier))

    def min_notice_s(self, *, block_identifier: BlockIdentifier = LATEST) -> int:
        """Seconds between scheduling caps and the earliest moment they apply."""
        return int(self.contract.read("minNotice", block_identifier=block_identifier))

    def ingest(self, *, block_identifier: BlockIdentifier = LATEST) -> tuple[bytes, int]:
        """Root and size of the ingest log anchored last; 32 zero bytes and 0 before the first."""
        root, size = self.contract.read("ingest", block_identifier=block_identifier)
        return bytes(root), int(size)

    def token(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Address of the token it credits."""
        return str(self.contract.read("token", block_identifier=block_identifier))

    def models(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Address of the reward models it checks."""
        return str(self.contract.read("models", block_identifier=block_identifier))

    def policy(self, *, block_identifier: BlockIdentifier = LATEST) -> str:
        """Address of the token policy whose assignment fee payouts bear."""
        return str(self.contract.read("policy", block_identifier=block_identifier))

    def settlements_opened(
        self,
        *,
        period_index: int | None = None,
        revision: int | None = None,
        from_block: int = 0,
        to_block: int | None = None,
    ) -> list[SettlementOpened]:
        """Openings in chain order, of one period and revision where named."""
        events = self.contract.events(
            "SettlementOpened", period_index, revision, from_block=from_block, to_block=to_block
        )
        return [
            SettlementOpened(
                bytes(event["args"]["proposalHash"]),
                proposal_of_chain(event["args"]["proposal"].values()),
                int(event["blockNumber"]),
                "0x" + bytes(event["transactionHash"]).hex(),
                int(event["logIndex"]),
            )
            for event in events
        ]

    def open(self, proposal: SettlementProposal, signatures: Sequence[bytes]) -> Call:
        """Open a settlement with the oracles' signatures, ascending by signer; anybody may send it."""
        return self.contract.call("open", astuple(proposal), list(signatures))

    def pay(
        self,
        period_index: int,
        revision: int,
        chunk: int,
        payouts: Sequence[bytes],
        proof: Sequence[bytes],
    ) -> Call:
        """Pay one chunk of 32-byte payout words with its path (RFC 6962); anybody may send it."""
        content = pay_calldata(period_index, revision, chunk, payouts, proof)
        return Call(f"{NAME}.pay", self.address, content)

    def void_rest(self, period_index: int, revision: int, signatures: Sequence[bytes]) -> Call:
        """Give up the unpaid rest, 30 days after opening, with the oracles' signatures."""
        return self.contract.call("voidRest", period_index, revision, list(signatures))

    def void_rest_in_pause(self, period_index: int, revision: int) -> Call:
        """Give up the unpaid rest of any age while the token is paused (role COMMUNITY_ADMIN)."""
        return self.contract.call("voidRestInPause", period_index, revision)

    def anchor_ingest(self, root: bytes, size: int) -> Call:
        """Anchor the append-only ingest log (role ORACLE)."""
        return self.contract.call("anchorIngest", root, size)

    def schedule_caps(self, caps: Caps, valid_from_s: int) -> Call:
        """Schedule other caps (role COMMUNITY_ADMIN)."""
        return self.contract.call("scheduleCaps", caps.period_units, caps.member_units, valid_from_s)

    def set_required_signatures(self, count: int) -> Call:
        """Ask for another number of signatures (role ORACLE_ADMIN): more at once, fewer with the notice."""
        return self.contract.call("setRequiredSignatures", count)
