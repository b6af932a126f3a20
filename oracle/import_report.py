"""What an import says about itself to the person who ran it."""

from dataclasses import asdict, dataclass

from gettone.db.repositories.batch_states import PARKED
from gettone.db.repositories.batches import Counters
from gettone.metering.codes import Code
from gettone.metering.received import Rejected
from oracle.intake_examination import Examination
from oracle.intake_outcome import Outcome


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.  `state`: that of its batch (§3.1), or would_be_… in a dry run; `batch_id` if stored.

    `counters` are those of the batch (law 2), `codes` how often each rule spoke, `errors` the first refused rows.
    """

    state: str
    flow: str
    sha256: str
    size_bytes: int
    rows: int
    batch_id: int | None
    counters: Counters
    codes: dict[str, int]
    errors: tuple[Rejected, ...]
    ignored_columns: tuple[str, ...]

    def counted(self) -> list[tuple[str, int]]:
        """The counters by name, in the order of law 2."""
        return list(asdict(self.counters).items())

    def to_document(self) -> dict[str, object]:
        """The report as a JSON object."""
        return asdict(self) | {"errors": [one._asdict() for one in self.errors]}


def examined_report(examined: Examination) -> ImportReport:
    """The report of a dry run; a file of unknown devices alone would be refused by an import."""
    merged = examined.merged
    judged = merged.judged
    return ImportReport(
        state="would_be_rejected" if judged.state == PARKED else f"would_be_{judged.state}",
        flow=examined.flow,
        sha256=examined.sha256.hex(),
        size_bytes=examined.size_bytes,
        rows=judged.validated.rows,
        batch_id=None,
        counters=merged.counters,
        codes={str(code): count for code, count in sorted(judged.validated.codes.items())},
        errors=merged.errors,
        ignored_columns=judged.received.ignored_columns,
    )


def outcome_report(examined: Examination, outcome: Outcome, done: int | None) -> ImportReport:
    """The report of a file that was received and processed; `done` is the batch that did its content."""
    return ImportReport(
        state=outcome.state,
        flow=examined.flow,
        sha256=examined.sha256.hex(),
        size_bytes=examined.size_bytes,
        rows=outcome.rows,
        batch_id=outcome.batch_id if done is None else done,
        counters=Counters(**outcome.counters),
        codes=dict(sorted(outcome.codes.items())),
        errors=outcome.errors,
        ignored_columns=outcome.ignored_columns,
    )


def duplicate_report(examined: Examination) -> ImportReport:
    """V1: this flow did this content already; the answer names the batch that did."""
    done = examined.duplicate
    return ImportReport(
        state="duplicate",
        flow=examined.flow,
        sha256=examined.sha256.hex(),
        size_bytes=examined.size_bytes,
        rows=0 if done is None else done.counters.total,
        batch_id=None if done is None else done.batch_id,
        counters=Counters(),
        codes={str(Code.F_DUP): 1},
        errors=(),
        ignored_columns=(),
    )
