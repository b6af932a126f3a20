"""The oracles' desk: valid proposals for the next settlement of a ledger, their signatures, opening and paying."""

import datetime as dt
from hashlib import sha256

from clock import unix_s
from payouts import Payouts
from typed_data import proposal_hash, sign_proposal, sign_void

FIRST_YEAR, FIRST_MONTH = 2030, 2


def month(index: int) -> tuple[int, int]:
    """Start and end (unix seconds, UTC) of period `index`: whole months from February 2030 on."""
    starts = [
        dt.date(FIRST_YEAR + (FIRST_MONTH - 1 + i) // 12, (FIRST_MONTH - 1 + i) % 12 + 1, 1) for i in (index, index + 1)
    ]
    start, end = (unix_s(day.year, day.month, day.day) for day in starts)
    return start, end


def digest(text: str) -> bytes:
    """A stand-in for a root or digest that the ledger stores without looking into it."""
    return sha256(text.encode()).digest()


class Desk:
    """Prepares, signs and sends settlements of one ledger; anybody (`courier`) may send them.

    `sending` are options of Brownie for every transaction.
    """

    def __init__(self, ledger, oracles, courier, **sending) -> None:
        self.ledger, self.oracles, self.sender = ledger, oracles, {"from": courier} | sending

    def proposal(self, payouts: Payouts | None = None, *, index: int | None = None, revision: int = 0, **changes):
        """A proposal the ledger accepts now, of the next period unless `index` says otherwise."""
        payouts = payouts or Payouts()
        index = self.ledger.nextPeriodIndex() if index is None else index
        start, end = month(index)
        fields = {
            "deploymentId": bytes(self.ledger.deploymentId()),
            "periodIndex": index,
            "revision": revision,
            "periodStart": start,
            "periodEnd": end,
            "modelVersion": 1,
            "paramsDigest": digest("params"),
            "assignmentRoot": digest(f"assignments {index}.{revision}"),
            "leafCount": 3,
            "rosterRoot": digest("roster"),
            "aggregatesRoot": digest("aggregates"),
            "ingestRoot": digest("ingest"),
            "ingestSize": 720,
            "total": payouts.total,
            "payoutsRoot": payouts.root,
            "chunkCount": len(payouts.chunks),
            "previousSettlement": bytes(self.ledger.lastSettlementHash()),
        }
        assert changes.keys() <= fields.keys()
        return fields | changes

    def signatures(self, proposal: dict, signers=None) -> list[bytes]:
        """Signatures in the order given; by default as many oracles as are required, ascending."""
        signers = self.oracles[: self.ledger.requiredSignatures()] if signers is None else signers
        return [sign_proposal(signer, self.ledger, proposal) for signer in signers]

    def open(self, proposal: dict, signers=None):
        """Sign and open; returns the receipt."""
        return self.open_with(proposal, self.signatures(proposal, signers))

    def open_with(self, proposal: dict, signatures: list[bytes]):
        """Open with these signatures; returns the receipt."""
        return self.ledger.open(tuple(proposal.values()), signatures, self.sender)

    def pay(self, proposal: dict, payouts: Payouts, chunk: int):
        """Pay one chunk; returns the receipt."""
        return self.ledger.pay(
            proposal["periodIndex"],
            proposal["revision"],
            chunk,
            payouts.chunks[chunk],
            payouts.proof(chunk),
            self.sender,
        )

    def settle(self, payouts: Payouts, **options) -> dict:
        """Open and pay to the last chunk; returns the proposal."""
        proposal = self.proposal(payouts, **options)
        self.open(proposal)
        for chunk in range(len(payouts.chunks)):
            self.pay(proposal, payouts, chunk)
        return proposal

    def void(self, proposal: dict, signers=None):
        """Sign and void the rest; returns the receipt."""
        signers = self.oracles[: self.ledger.requiredSignatures()] if signers is None else signers
        settlement_hash = proposal_hash(self.ledger, proposal)
        signatures = [sign_void(signer, self.ledger, settlement_hash) for signer in signers]
        index, revision = proposal["periodIndex"], proposal["revision"]
        return self.ledger.voidRest(index, revision, signatures, self.sender)
