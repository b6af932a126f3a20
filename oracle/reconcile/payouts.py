"""Which credits of the token a paid chunk consists of, from the events that lead up to it."""

from dataclasses import dataclass, replace

from gettone.chain import community_token, settlement_ledger
from gettone.chain.community_token import FeeFlow
from gettone.chain.index.events import ChainEvent
from gettone.economy.reasons import NOBODY
from oracle.reconcile.findings import Findings, Kind


@dataclass(frozen=True, slots=True)
class Credit:
    """A payout before fee [base units] as it took effect: credited, or skipped because the wallet is no member."""

    wallet: str
    units: int
    is_skipped: bool = False


@dataclass(frozen=True, slots=True)
class PaidChunk:
    """A chunk the chain paid; `credited_units` are before fees, `fee_units` of them the Treasury's."""

    period_index: int
    revision: int
    chunk: int
    credited_units: int
    skipped_units: int
    fee_units: int
    credits: tuple[Credit, ...]
    block_number: int
    tx_hash: str

    @property
    def name(self) -> str:
        """What people call it."""
        return f"chunk {self.chunk} of period {self.period_index} revision {self.revision}"


class ChunkReader:
    """Fed with all events in chain order, it gives each chunk with its credits."""

    def __init__(self, treasury: str, findings: Findings) -> None:
        self._treasury = treasury
        self._findings = findings
        self._tx_hash = ""
        self._credits: list[Credit] = []
        self._fee_units = 0

    def read(self, event: ChainEvent) -> PaidChunk | None:
        """The chunk that this event ends, None for any other event."""
        if event.tx_hash != self._tx_hash:
            self._begin(event.tx_hash)
        if event.contract == community_token.NAME:
            self._note(event)
        elif event.contract == settlement_ledger.NAME:
            chunk = self._chunk(event) if event.event == "ChunkPaid" else None
            # Somebody may pay several chunks in one transaction.
            self._begin(event.tx_hash)
            return chunk
        return None

    def _begin(self, tx_hash: str) -> None:
        self._tx_hash, self._credits, self._fee_units = tx_hash, [], 0

    def _note(self, event: ChainEvent) -> None:
        args = event.args
        if event.event == "Transfer" and args["from"] == NOBODY:
            self._credits.append(Credit(args["to"], int(args["value"])))
        elif event.event == "CreditSkipped":
            self._credits.append(Credit(args["wallet"], int(args["amount"]), is_skipped=True))
        elif event.event == "FeeCharged" and args["flow"] == FeeFlow.ASSIGNMENT and self._credits:
            # The transfer before it was what the fee left of the payout.
            self._credits[-1] = replace(self._credits[-1], units=int(args["amount"]))
            self._fee_units += int(args["fee"])

    def _chunk(self, event: ChainEvent) -> PaidChunk:
        args, payments, where = event.args, self._credits, f"transaction {event.tx_hash}"
        name = f"chunk {args['chunk']} of period {args['periodIndex']} revision {args['revision']}"
        if self._fee_units:
            to_treasury = payments[-1].units if payments and payments[-1].wallet == self._treasury else 0
            self._findings.differ(Kind.FEES, f"fees of {name} in the Treasury", self._fee_units, to_treasury, where)
            payments = payments[:-1] if to_treasury else payments
        for word, is_skipped in (("credited", False), ("skipped", True)):
            units = sum(one.units for one in payments if one.is_skipped == is_skipped)
            self._findings.differ(Kind.LEDGER_SUMS, f"units {word} by {name}", int(args[word]), units, where)
        return PaidChunk(
            args["periodIndex"],
            args["revision"],
            args["chunk"],
            int(args["credited"]),
            int(args["skipped"]),
            self._fee_units,
            tuple(payments),
            event.block_number,
            event.tx_hash,
        )
