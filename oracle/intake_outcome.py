"""What the intake answers: a receipt for a payload, and what became of a batch."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from gettone.db.repositories.batches import BatchRow
from gettone.metering.received import Rejected
from oracle.intake_judgement import stored_errors


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a payload was received: its leaf in the ingest log, with which an omitted delivery can be proved.

    duplicate_of: the batch that did the same content already, None for a new one.
    """

    batch_id: int
    sha256: bytes
    leaf_index: int
    leaf_hash: bytes
    duplicate_of: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: its state (§3.1), the counters of law 2, how often each rule spoke, first wrong rows.

    refusal: why a payload was unusable as a whole, in words, where this call judged it.
    """

    batch_id: int
    state: str
    rows: int
    counters: Mapping[str, int]
    codes: Mapping[str, int]
    errors: tuple[Rejected, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    refusal: str | None = None


def outcome_of(batch: BatchRow, errors: tuple[Rejected, ...] = (), refusal: str | None = None) -> Outcome:
    """The outcome of a stored batch; `errors` are those with words, else the stored ones have none."""
    report = json.loads(batch.report)
    return Outcome(
        batch_id=batch.batch_id,
        state=batch.state,
        rows=report.get("rows", 0),
        counters=asdict(batch.counters),
        codes=report.get("codes", {}),
        errors=errors or stored_errors(batch.report),
        ignored_columns=tuple(report.get("ignored_columns", ())),
        refusal=refusal,
    )
