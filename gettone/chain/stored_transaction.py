"""One row of an outbox, as every store keeps it: an attempt of an intent, and how far it came."""

from dataclasses import dataclass
from enum import StrEnum


class TransactionState(StrEnum):
    """How far an attempt came.

    PREPARED has no nonce yet; SIGNED never left; SENT may be anywhere; MINED took effect in a block; FINAL is in a
    block that stays.  FAILED was mined without effect; SUPERSEDED can never be mined, as another has its nonce.
    """

    PREPARED = "prepared"
    SIGNED = "signed"
    SENT = "sent"
    MINED = "mined"
    FINAL = "final"
    FAILED = "failed"
    SUPERSEDED = "superseded"


IN_FLIGHT = (TransactionState.SIGNED, TransactionState.SENT)
UNFINISHED = (*IN_FLIGHT, TransactionState.MINED)
ENDED = (TransactionState.FAILED, TransactionState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class StoredTransaction:
    """One attempt: `intent` says once and for all what it is for, `raw` are the bytes that go out.

    `to` is EIP-55 or None (a new contract), `gas` the limit, `tx_hash` 0x hex, `head_number` the latest block known
    when it was signed, `block_number` and `block_hash` (32 bytes) those of the receipt, `reason` why it ended.
    """

    intent: str
    sender: str
    to: str | None
    data: bytes
    gas: int
    attempt: int = 1
    nonce: int | None = None
    raw: bytes | None = None
    tx_hash: str | None = None
    head_number: int = 0
    state: TransactionState = TransactionState.PREPARED
    block_number: int | None = None
    block_hash: bytes | None = None
    reason: str | None = None

    @property
    def place(self) -> tuple[str, int]:
        """What no other row has: intent and attempt."""
        return self.intent, self.attempt

    @property
    def signed(self) -> tuple[int, bytes, str]:
        """Nonce, bytes and hash of a row that is signed."""
        assert self.nonce is not None  # noqa: S101 - a signed row has all three
        assert self.raw is not None  # noqa: S101 - see above
        assert self.tx_hash is not None  # noqa: S101 - see above
        return self.nonce, self.raw, self.tx_hash


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A final block of the chain: whoever does not have it is another chain, or one that went back."""

    block_number: int
    block_hash: bytes
