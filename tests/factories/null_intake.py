"""An intake in memory: the twin of the real one for tests of transports."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from gettone.metering.codes import Code
from gettone.metering.received import Rejected


@dataclass(frozen=True)
class NullReceipt:
    batch_id: int
    sha256: bytes
    leaf_index: int
    leaf_hash: bytes


@dataclass(frozen=True)
class NullOutcome:
    state: str
    counters: dict[str, int]
    codes: dict[str, int]
    errors: tuple[Rejected, ...] = ()


@dataclass
class NullIntake:
    """Keeps payloads; `states` says what becomes of a payload, done if it is silent."""

    states: dict[bytes, str] = field(default_factory=dict)
    payloads: list[bytes] = field(default_factory=list)

    def receive(
        self, flow_name: str, payload: bytes | Path, *, received_at_ms: int, derived_from: int | None = None
    ) -> NullReceipt:
        content = payload if isinstance(payload, bytes) else payload.read_bytes()
        if content not in self.payloads:
            self.payloads.append(content)
        number = self.payloads.index(content) + 1
        return NullReceipt(number, hashlib.sha256(content).digest(), number - 1, b"\x01" * 32)

    def merge(self, batch_id: int, *, now_ms: int) -> NullOutcome:
        return self.process(batch_id, now_ms=now_ms)

    def process(self, batch_id: int, *, now_ms: int) -> NullOutcome:
        content = self.payloads[batch_id - 1]
        state = self.states.get(content, "done")
        errors = (Rejected(3, Code.R_SYNTAX, "energy_wh", "device home01 says x"),) if state == "rejected" else ()
        return NullOutcome(state, {"rows_new": len(content)}, {}, errors)
