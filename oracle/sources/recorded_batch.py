"""The batch of a file that holds no readings: prices and weather are counted and their refusals kept all the same."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from gettone.db.repositories.batches import Batches, BatchRow, Counters, RejectRow
from gettone.db.repositories.keys import REJECTS, Keys
from gettone.metering.codes import Code
from gettone.vault import Vault, seal
from oracle.payload.refusals import unusable

MAX_BYTES = 10 * 1024 * 1024
RAW_BYTES = 400


class Refusal(NamedTuple):
    """A row or day that is not stored: code, column, and what was received."""

    code: Code
    field: str
    text: str


class Digest(NamedTuple):
    """What tells a payload from any other."""

    sha256: bytes
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a file; state done or duplicate, `codes` how often each rule spoke."""

    state: str
    batch_id: int
    counters: Counters
    codes: dict[str, int]

    def counted(self) -> list[tuple[str, int]]:
        """The counters by name, in the order of law 2."""
        return list(asdict(self.counters).items())

    def to_document(self) -> dict[str, object]:
        """What became of the file, as a JSON object."""
        return asdict(self)


def digest_of(payload: Path) -> Digest:
    """Digest and size of a payload; InputError F_SIZE beyond 10 MiB, F_SCHEMA if it cannot be opened."""
    try:
        size = payload.stat().st_size
        if size > MAX_BYTES:
            raise unusable(Code.F_SIZE, f"has {size} bytes, more than {MAX_BYTES}: split it")
        return Digest(hashlib.sha256(payload.read_bytes()).digest(), size)
    except OSError as failure:
        raise unusable(Code.F_SCHEMA, f"cannot be read: {failure.strerror}") from None


def earlier_batch(connection: Connection, flow_id: int, digest: Digest) -> Recorded | None:
    """V1: what this flow made of the same bytes before, None if it never saw them."""
    for batch in Batches(connection).with_digest(flow_id, digest.sha256):
        if batch.state == "done":
            return Recorded("duplicate", batch.batch_id, Counters(), {str(Code.F_DUP): 1})
    return None


def record_batch(
    connection: Connection,
    vault: Vault,
    row: BatchRow,
    refusals: Sequence[Refusal],
    codes: Counter[Code],
) -> Recorded:
    """Store a batch that is done with its refusals, sealed; the caller stores what it holds in the same transaction."""
    batches = Batches(connection)
    batches.add(row)
    if refusals:
        key = Keys(connection, vault).platform_key(REJECTS)
        sealed = [
            RejectRow(
                number,
                one.code,
                one.field,
                seal(key, one.text.encode()[:RAW_BYTES], ("reject", row.batch_id, number)),
            )
            for number, one in enumerate(refusals, 1)
        ]
        batches.add_rejects(row.batch_id, sealed)
    return Recorded("done", row.batch_id, row.counters, {str(code): count for code, count in sorted(codes.items())})


def report_of(codes: Counter[Code], ignored: Sequence[str], rows: int) -> str:
    """The stored report: numbers and codes only."""
    document = {"codes": {str(code): count for code, count in codes.items()}, "ignored_columns": ignored, "rows": rows}
    return json.dumps(document, sort_keys=True, separators=(",", ":"))
