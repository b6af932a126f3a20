"""How patient and how greedy an outbox is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Times and limits of an outbox.

    `timeout_s` without any progress ends a run; `rebroadcast_s` after it was last sent, a transaction that is not
    mined is sent again; `window` transactions of a key are in flight at most (Besu's pool takes 615 of one sender);
    after `confirmations` more blocks a transaction is final (IBFT 2.0: none, a block is final at once);
    `patience_s` is waited for a node that lags behind a block known to be final.
    """

    timeout_s: float = 120
    poll_s: float = 0.05
    rebroadcast_s: float = 15
    window: int = 64
    confirmations: int = 0
    patience_s: float = 10
