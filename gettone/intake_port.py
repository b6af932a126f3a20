"""What transports and the API need of the intake: take the bytes for good, then have them judged.

Both stand beside the package that does it, so they know it by these protocols.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from gettone.metering.received import Rejected


class Receipt(Protocol):
    """Proof that a payload was received: its leaf in the ingest log."""

    @property
    def batch_id(self) -> int:
        """Number of the batch."""

    @property
    def sha256(self) -> bytes:
        """Digest of the payload."""

    @property
    def leaf_index(self) -> int:
        """Its place in the ingest log."""

    @property
    def leaf_hash(self) -> bytes:
        """Its leaf in the ingest log."""


class Outcome(Protocol):
    """What became of a batch; `state` as in §3.1."""

    @property
    def state(self) -> str:
        """State of the batch."""

    @property
    def counters(self) -> Mapping[str, int]:
        """The nine counters of law 2 by name."""

    @property
    def codes(self) -> Mapping[str, int]:
        """How often each rule spoke."""

    @property
    def errors(self) -> Sequence[Rejected]:
        """The first refused rows."""


class Intake(Protocol):
    """Receives and processes batches."""

    def receive(
        self, flow_name: str, payload: bytes | Path, *, received_at_ms: int, derived_from: int | None = None
    ) -> Receipt:
        """Take a payload for good: in the lake, in the log, state `received`; it may correct rows of another batch."""

    def process(self, batch_id: int, *, now_ms: int) -> Outcome:
        """Judge and store a received batch; again, it says what became of it."""

    def merge(self, batch_id: int, *, now_ms: int) -> Outcome:
        """As `process`, with the rules after a merge left to the worker."""
