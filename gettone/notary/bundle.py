"""A take-out as the verifier reads it: every file parsed strictly, what is broken kept as a problem.

A broken file is left out and the reading goes on, so that a later step can still name what was changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gettone.notary.leaves import SeriesHeader
from gettone.notary.records import Table

SettlementKey = tuple[int, int]
"""Period index and revision."""

SeriesKey = tuple[bytes, int, int]
"""Series pid, period index, first revision."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not what the format says; `code` is that of the refusal."""

    file: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What the manifest says of one file."""

    name: str
    length: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parsed manifest; `signature` is (address, 65 bytes) over `signed_message`, or None."""

    community: str
    subject: str
    from_s: int
    to_s: int
    level: str
    settlements: tuple[SettlementKey, ...]
    files: tuple[FileEntry, ...]
    signature: tuple[bytes, bytes] | None
    signed_message: bytes
    format: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Place and path of a leaf; `root` is the bundle's own statement, never trusted."""

    leaf_hash: bytes
    leaf_index: int
    leaf_count: int
    path: list[bytes]
    root: bytes


@dataclass(frozen=True, slots=True)
class SeriesReference:
    """One series under the data root of a leaf."""

    series_pid: bytes
    first_revision: int
    root: bytes
    tree_size: int


@dataclass(frozen=True, slots=True)
class MemberLeaf:
    """An assignment or roster leaf as the bundle gives it: bytes and fields, both None where erased."""

    leaf: bytes | None
    fields: Mapping[str, Any] | None
    proof: Proof


@dataclass(frozen=True, slots=True)
class SeriesTree:
    """One committed series: header, hash of every leaf (header first), and the place of its key."""

    period_index: int
    first_revision: int
    number: int
    header: SeriesHeader
    leaves: list[bytes]


@dataclass(frozen=True, slots=True)
class Aggregates:
    """Roots and tree sizes of the community's totals, and their trees where disclosed."""

    roots: tuple[tuple[bytes, int], ...]
    withdrawn: SeriesTree | None
    injected: SeriesTree | None


@dataclass(frozen=True, slots=True)
class Source:
    """A leaf of the ingest log: 128 bytes or None where withheld, place, and the hashes behind an assembly."""

    leaf: bytes | None
    leaf_hash: bytes
    leaf_index: int
    path: list[bytes]
    parts: list[bytes]


@dataclass(frozen=True, slots=True)
class IngestProofs:
    """Root and size of the ingest log as the bundle states them, and the leaves behind the subject's series."""

    root: bytes
    size: int
    leaves: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ChainPlace:
    """Where the bundle says the settlement was opened."""

    chain_id: int
    genesis_hash: bytes
    contract: bytes
    transaction: bytes
    block_number: int
    block_hash: bytes


@dataclass(frozen=True, slots=True)
class MemberKeys:
    """Keys and salts that open one settlement of the subject, as far as disclosed."""

    assignment: bytes | None
    roster: bytes | None
    input_salt: bytes | None
    trace_salt: bytes | None


@dataclass(slots=True)
class BundleSettlement:
    """All files of one revision of one period; None where absent, broken or withheld."""

    key: SettlementKey
    assignment: MemberLeaf | None = None
    series: tuple[SeriesReference, ...] = ()
    is_erased: bool = False
    roster: MemberLeaf | None = None
    aggregates: Aggregates | None = None
    totals: Table | None = None
    inputs: dict[str, Any] | None = None
    trace: str | None = None
    chain: ChainPlace | None = None
    keys: MemberKeys | None = None
    totals_keys: tuple[bytes, bytes] | None = None
    ingest: IngestProofs | None = None


@dataclass(slots=True)
class Bundle:
    """A parsed take-out."""

    entries: Mapping[str, bytes]
    deterministic: bool
    manifest: Manifest | None = None
    settlements: dict[SettlementKey, BundleSettlement] = field(default_factory=dict)
    series: dict[SeriesKey, SeriesTree] = field(default_factory=dict)
    readings: dict[SeriesKey, Table] = field(default_factory=dict)
    series_keys: dict[str, bytes] = field(default_factory=dict)
    models: dict[bytes, dict[str, Any]] = field(default_factory=dict)
    params: dict[bytes, dict[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
