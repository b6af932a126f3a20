"""The books of a community as its events keep them: balances, supply, settlements, fees and escrow."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gettone.chain import community_token, service_exchange, settlement_ledger, treasury
from gettone.chain.community_token import FeeFlow
from gettone.chain.index.events import ChainEvent
from gettone.economy.reasons import NOBODY
from oracle.reconcile.findings import Findings, Kind
from oracle.reconcile.payouts import ChunkReader, PaidChunk

_OVER = ("AgreementCancelled", "AgreementExpired", "AgreementResolved", "AgreementSettled")
# The transactions behind these come from service keys, whose outbox must know them.
SERVICE_EVENTS = ("SettlementOpened", "ChunkPaid", "IngestAnchored")


@dataclass(slots=True)
class SettlementOnChain:
    """A settlement as its events tell it; sums are of the chunks paid so far.

    `final` are credited and skipped as SettlementPaid states them, or as they were when the rest was voided.
    """

    proposal_hash: str
    proposal: Mapping[str, Any]
    block_number: int
    tx_hash: str
    credited_units: int = 0
    skipped_units: int = 0
    fee_units: int = 0
    chunks: int = 0
    final: tuple[int, int] | None = None
    paid_block: int | None = None
    voided_units: int = 0


@dataclass(slots=True)
class Books:
    """Kept from all events in chain order by `post`; everything in base units."""

    treasury: str
    exchange: str
    findings: Findings
    balances: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    minted_units: int = 0
    destroyed_units: int = 0
    issued_units: int = 0
    burned_units: int = 0
    fee_units: int = 0
    settlements: dict[tuple[int, int], SettlementOnChain] = field(default_factory=dict)
    escrow: dict[str, int] = field(default_factory=dict)
    service_transactions: dict[str, str] = field(default_factory=dict)
    _deposits: dict[str, int] = field(default_factory=dict)
    _previous: ChainEvent | None = None
    _chunk_reader: ChunkReader = field(init=False)

    def __post_init__(self) -> None:
        self._chunk_reader = ChunkReader(self.treasury, self.findings)

    @property
    def paid_units(self) -> int:
        """What all settlements credited."""
        return sum(one.credited_units for one in self.settlements.values())

    def post(self, event: ChainEvent) -> PaidChunk | None:
        """Enter one event; returns the chunk that it ends, if it does."""
        chunk = self._chunk_reader.read(event)
        if event.contract == community_token.NAME:
            self._post_token(event)
        elif event.contract == settlement_ledger.NAME:
            self._post_ledger(event, chunk)
        elif event.contract == service_exchange.NAME:
            self._post_exchange(event)
        elif event.contract == treasury.NAME and event.event == "Issued":
            self.issued_units += int(event.args["amount"])
        elif event.contract == treasury.NAME and event.event == "Burned":
            self.burned_units += int(event.args["amount"])
        self._previous = event
        return chunk

    def _post_token(self, event: ChainEvent) -> None:
        if event.event == "FeeCharged":
            self._post_fee(event)
        if event.event != "Transfer":
            return
        sender, receiver, value = event.args.values()
        units = int(value)
        if sender == NOBODY:
            self.minted_units += units
        else:
            self.balances[sender] -= units
        if receiver == NOBODY:
            self.destroyed_units += units
        else:
            self.balances[receiver] += units

    def _post_fee(self, event: ChainEvent) -> None:
        """A fee goes to the Treasury in the event before it; those of a chunk go there together."""
        units, before = int(event.args["fee"]), self._previous
        self.fee_units += units
        if event.args["flow"] == FeeFlow.ASSIGNMENT:
            return
        is_paid = before is not None and before.event == "Transfer" and before.tx_hash == event.tx_hash
        paid = before.args if is_paid and before is not None else {}
        arrived = int(paid["value"]) if paid.get("to") == self.treasury else 0
        what = f"fee of {event.args['from']} in the Treasury"
        self.findings.differ(Kind.FEES, what, units, arrived, f"transaction {event.tx_hash}")

    def _post_ledger(self, event: ChainEvent, chunk: PaidChunk | None) -> None:
        args = event.args
        if event.event in SERVICE_EVENTS:
            self.service_transactions.setdefault(event.tx_hash, str(event.event))
        if event.event == "SettlementOpened":
            key = (args["periodIndex"], args["revision"])
            self.settlements[key] = SettlementOnChain(
                args["proposalHash"], args["proposal"], event.block_number, event.tx_hash
            )
        elif event.event in ("ChunkPaid", "SettlementPaid", "SettlementVoided"):
            settlement = self.settlements[(args["periodIndex"], args["revision"])]
            if chunk is not None:
                settlement.credited_units += chunk.credited_units
                settlement.skipped_units += chunk.skipped_units
                settlement.fee_units += chunk.fee_units
                settlement.chunks += 1
            elif event.event == "SettlementPaid":
                settlement.final = (int(args["paid"]), int(args["skipped"]))
                settlement.paid_block = event.block_number
            else:
                settlement.voided_units = int(args["rest"])
                settlement.final = (settlement.credited_units, settlement.skipped_units)
                settlement.paid_block = event.block_number

    def _post_exchange(self, event: ChainEvent) -> None:
        """What an agreement holds: its consents put it in, its end takes it out; a loan keeps the deposit."""
        name, args = event.event, event.args
        if name == "AgreementProposed":
            self._deposits[args["agreementId"]] = int(args["terms"]["depositUnits"])
            self.escrow[args["agreementId"]] = 0
        elif name == "ConsentGiven":
            self.escrow[args["agreementId"]] += int(args["units"])
        elif name == "ConsentWithdrawn":
            self.escrow[args["agreementId"]] -= int(args["units"])
        elif name == "AgreementLent":
            self.escrow[args["agreementId"]] = self._deposits[args["agreementId"]]
        elif name in _OVER:
            del self.escrow[args["agreementId"]], self._deposits[args["agreementId"]]


def total_of(settlement: SettlementOnChain) -> int:
    """Total of a settlement's proposal [base units]."""
    return int(settlement.proposal["total"])
