"""What a take-out holds, built from stored values; `takeout_files` turns it into files, `takeout_write` into a zip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gettone.notary.leaves import AssignmentLeaf, RosterLeaf, SeriesHeader
from gettone.notary.series import Reading
from gettone.notary.takeout_format import Level, settlement_label


@dataclass(frozen=True, slots=True)
class TakeoutSeries:
    """One committed series with its key and readings (one per slot, in order).

    `number` and `first_revision` are those under which the present values were first committed.
    `disclosed_slots` matters on level partial only: the slots to open there.
    """

    header: SeriesHeader
    number: int
    first_revision: int
    k_p: bytes
    readings: Sequence[Reading]
    disclosed_slots: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class TakeoutTotals:
    """The community's slot totals, disclosed: readings signed as committed (injection negative)."""

    withdrawn: TakeoutSeries
    injected: TakeoutSeries


@dataclass(frozen=True, slots=True)
class TotalsRoots:
    """The community's slot totals, withheld: root and tree size of withdrawn and injected."""

    withdrawn: tuple[bytes, int]
    injected: tuple[bytes, int]


@dataclass(frozen=True, slots=True)
class TreeProof:
    """Place of a leaf hash in a tree of `size` leaves, with the path to `root`."""

    leaf_hash: bytes
    index: int
    size: int
    path: Sequence[bytes]
    root: bytes


@dataclass(frozen=True, slots=True)
class TakeoutSource:
    """A leaf of the ingest log: one that a series names, or a part of one that does.

    preimage: its 128 bytes; None where they would help to guess what is not the subject's own.  parts: the leaf
    hashes behind an assembly, sorted; none for the leaf of a batch.
    """

    leaf_hash: bytes
    index: int
    path: Sequence[bytes]
    preimage: bytes | None
    parts: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class TakeoutSources:
    """The ingest log of a settlement, and the leaves behind the subject's series by index."""

    root: bytes
    size: int
    leaves: Sequence[TakeoutSource]


@dataclass(frozen=True, slots=True)
class ChainReference:
    """Where the settlement was opened; helps a person to find it, proves nothing."""

    chain_id: int
    genesis_hash: bytes
    contract: bytes
    transaction: bytes
    block_number: int
    block_hash: bytes


@dataclass(frozen=True, slots=True)
class ErasureNotice:
    """Tombstone of erased openings: why and when (unix seconds), without identity."""

    legal_basis: str
    erased_at_s: int


@dataclass(frozen=True, slots=True)
class TakeoutSettlement:
    """One revision of one period of the subject.

    assignment, roster: the leaves; None where an erasure deleted their blinds (then `erased` says why).
    k_assignment, k_roster: K_p(2, 0) and K_p(2, 1); None where erased.
    series: ordered by pid, as in the data root; empty where erased.
    inputs, trace: what the digests of the leaf open to; None where the digest is zero or erased.
    model, params: the objects behind the digests; None where erased.
    sources: None where the settlement has no ingest log.
    """

    period_index: int
    revision: int
    assignment: AssignmentLeaf | None
    assignment_proof: TreeProof
    roster: RosterLeaf | None
    roster_proof: TreeProof
    k_assignment: bytes | None
    k_roster: bytes | None
    series: Sequence[TakeoutSeries]
    inputs: Mapping[str, Any] | None
    trace: str | None
    model: Mapping[str, Any] | None
    params: Mapping[str, Any] | None
    totals: TakeoutTotals | TotalsRoots
    chain: ChainReference
    erased: ErasureNotice | None = None
    sources: TakeoutSources | None = None

    @property
    def label(self) -> str:
        """`<period>.r<revision>`, as in file names."""
        return settlement_label(self.period_index, self.revision)


@dataclass(frozen=True, slots=True)
class Takeout:
    """A take-out of one subject over [from_s, to_s); settlements of other periods only support these.

    Support are the periods a percentile baseline reads and the settlement before a carried amount.  `subject`
    is a pseudonym of letters, digits and hyphens: the member id on the chain, in hex.
    """

    community_id: str
    subject: str
    from_s: int
    to_s: int
    level: Level
    settlements: Sequence[TakeoutSettlement]

    @property
    def file_name(self) -> str:
        """`takeout-<community>-<subject>-<from>-<to>.zip`, instants in compact UTC."""
        bounds = "-".join(datetime.fromtimestamp(s, UTC).strftime("%Y%m%dT%H%M%SZ") for s in (self.from_s, self.to_s))
        return f"takeout-{self.community_id}-{self.subject}-{bounds}.zip"
