"""What an import says about itself: to the person who ran it, and to the database."""

from dataclasses import asdict, dataclass
from itertools import islice

from gettone.db.repositories.batches import BatchRow, Counters
from gettone.db.repositories.flows import FlowRow
from gettone.metering.codes import Code
from gettone.metering.merge import BatchStamp, Merge
from gettone.metering.received import Received, Rejected
from gettone.metering.values import Validated

SHOWN_ERRORS = 100


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.  `state`: done, duplicate, rejected, or would_… in a dry run; `batch_id` if stored.

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


@dataclass(frozen=True, slots=True)
class FileContent:
    """What a file is, whatever it says."""

    sha256: bytes
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Examined:
    """A batch that was judged and not yet written."""

    state: str
    received: Received
    validated: Validated
    merge: Merge
    counters: Counters
    stamp: BatchStamp


def stored_report(examined: Examined) -> dict[str, object]:
    """What the database keeps of the judgement: numbers and codes, no name and no value of a row."""
    rejected = [[one.row, one.code, one.field] for one in islice(sorted(examined.validated.rejected), SHOWN_ERRORS)]
    return {
        "codes": dict(examined.validated.codes),
        "file_code": Code.F_TOO_MANY if examined.state == "rejected" else None,
        "ignored_columns": list(examined.received.ignored_columns),
        "rejected": rejected,
        "rows": examined.validated.rows,
    }


def report_of(content: FileContent, flow: FlowRow, examined: Examined, dry_run: bool) -> ImportReport:
    """The report of a batch that was judged, and written unless this was a dry run."""
    return ImportReport(
        state=f"would_be_{examined.state}" if dry_run else examined.state,
        flow=flow.name,
        sha256=content.sha256.hex(),
        size_bytes=content.size_bytes,
        rows=examined.validated.rows,
        batch_id=None if dry_run else examined.stamp.batch_id,
        counters=examined.counters,
        codes={str(code): count for code, count in sorted(examined.validated.codes.items())},
        errors=tuple(islice(sorted(examined.validated.rejected), SHOWN_ERRORS)),
        ignored_columns=examined.received.ignored_columns,
    )


def duplicate_report(content: FileContent, flow: FlowRow, done: BatchRow) -> ImportReport:
    """V1: this flow did this content already; the answer names the batch that did."""
    return ImportReport(
        state="duplicate",
        flow=flow.name,
        sha256=content.sha256.hex(),
        size_bytes=content.size_bytes,
        rows=done.counters.total,
        batch_id=done.batch_id,
        counters=Counters(),
        codes={str(Code.F_DUP): 1},
        errors=(),
        ignored_columns=(),
    )
