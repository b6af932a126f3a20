"""The states of settlements and of their chunks, and where a settlement's row comes from."""

from enum import StrEnum


class SettlementState(StrEnum):
    """How far a settlement came: computing → held | proposed → attested → open → paying → paid → closed, or failed.

    `held` waits for the gate and is computed anew; `failed` keeps the state in which it failed and goes on there.
    """

    COMPUTING = "computing"
    HELD = "held"
    PROPOSED = "proposed"
    ATTESTED = "attested"
    OPEN = "open"
    PAYING = "paying"
    PAID = "paid"
    CLOSED = "closed"
    FAILED = "failed"


class Origin(StrEnum):
    """Where a settlement's row comes from: computed here, proposed elsewhere and attested here, or from the chain."""

    COMPUTED = "computed"
    ATTESTED = "attested"
    CHAIN = "chain"


class ChunkState(StrEnum):
    """A chunk waits until its ChunkPaid event was read, or until the chain voided what was not paid."""

    WAITING = "waiting"
    PAID = "paid"
    VOIDED = "voided"
