"""Step 9: what each series was made of stands in the ingest log whose root the settlement carries."""

from collections.abc import Iterable

from gettone.errors import InputError
from gettone.notary.bundle import BundleSettlement, IngestProofs, SeriesReference, Source
from gettone.notary.ingest_leaf import Leaf, LeafKind, assembly_digest
from gettone.notary.leaves import ZERO_HASH
from gettone.notary.tree import root_from_path
from gettone.notary.verify.case import Case, label_of
from gettone.notary.verify.report import State

LogHead = tuple[bytes, int]
"""Root and size of an ingest log."""

_NO_LOG: LogHead = (ZERO_HASH, 0)


def check_sources(case: Case) -> None:
    """Settlement by settlement: a log of size 0 and no source digests, or a proof for every source."""
    for one in case.settlements():
        head, named = _head(case, one), set(_digests(case, one))
        if one.ingest is not None:
            _check_proofs(case, one, one.ingest, head)
            _check_digests(case, one, one.ingest)
        elif head == _NO_LOG and not named:
            case.report.note(9, State.OK, "no ingest log yet: ingest root, size and source digests are 0")
        elif one.is_erased:
            case.report.note(9, State.ERASED, f"{label_of(one)}: proofs of the sources erased")
        else:
            case.report.note(9, State.PARTIAL, "sources are logged, but this take-out carries no proof of them")


def _head(case: Case, one: BundleSettlement) -> LogHead:
    """The log as the chain knows it; where there is no chain to compare with, as the bundle states it."""
    opening = case.opening(one)
    if opening is not None:
        return opening.proposal.ingest_root, opening.proposal.ingest_size
    return (one.ingest.root, one.ingest.size) if one.ingest else _NO_LOG


def _digests(case: Case, one: BundleSettlement) -> Iterable[bytes]:
    trees = (case.bundle.series.get(_place(one, each)) for each in one.series)
    return (tree.header.source_digest for tree in trees if tree and tree.header.source_digest != ZERO_HASH)


def _place(one: BundleSettlement, series: SeriesReference) -> tuple[bytes, int, int]:
    return series.series_pid, one.key[0], series.first_revision


def _check_proofs(case: Case, one: BundleSettlement, ingest: IngestProofs, head: LogHead) -> None:
    stated = (ingest.root, ingest.size)
    if stated != head:
        _fail(case, one, "ingest_root", "the ingest log is not that of the chain", _shown(head), _shown(stated))
    hashes = {source.leaf_hash for source in ingest.leaves}
    named = set(_digests(case, one)).union(*(source.parts for source in ingest.leaves))
    if hashes - named or len(hashes) != len(ingest.leaves):
        extra = min(hashes - named, default=b"").hex() or "a leaf twice"
        _fail(case, one, "source", "a leaf of the ingest log belongs to no series", "every leaf once", extra)
    for source in ingest.leaves:
        _check_place(case, one, source, head)
        _check_leaf(case, one, source)
        _check_parts(case, one, source, hashes)
    withheld = sum(source.leaf is None for source in ingest.leaves)
    detail = f"{len(ingest.leaves)} leaves of a log of {head[1]}, {withheld} of them by hash alone"
    case.report.note(9, State.OK, f"{label_of(one)}: {detail}")


def _check_place(case: Case, one: BundleSettlement, source: Source, head: LogHead) -> None:
    root = root_from_path(source.leaf_hash, source.leaf_index, head[1], source.path)
    if root != head[0]:
        text = f"leaf {source.leaf_index} does not lead to the ingest root"
        _fail(case, one, "ingest_path", text, f"ingest root {head[0].hex()}", root.hex() if root else "no root")


def _check_leaf(case: Case, one: BundleSettlement, source: Source) -> None:
    """The bytes, where they are given, are those of the hash and of the place; parts have an assembly alone."""
    if source.leaf is None and not source.parts:
        return
    try:
        leaf = Leaf.of_preimage(source.leaf or b"")
    except InputError as refusal:
        _fail(case, one, "source", f"leaf {source.leaf_index}: {refusal.message}", "a leaf", refusal.message)
        return
    kind = LeafKind.ASSEMBLY if source.parts else LeafKind.RECEIVED
    expected = (source.leaf_hash.hex(), source.leaf_index, kind.name)
    found = (leaf.hash().hex(), leaf.leaf_index, leaf.kind.name)
    if found != expected:
        _fail(case, one, "source", f"leaf {source.leaf_index} is not the one that was logged", expected, found)
    if source.parts and (leaf.sha256, leaf.size_bytes) != (assembly_digest(source.parts), len(set(source.parts))):
        text = f"leaf {source.leaf_index} does not assemble these batches"
        _fail(case, one, "source", text, f"{leaf.size_bytes} parts of digest {leaf.sha256.hex()}", len(source.parts))


def _check_parts(case: Case, one: BundleSettlement, source: Source, hashes: set[bytes]) -> None:
    if missing := set(source.parts) - hashes:
        text = f"leaf {source.leaf_index} assembles a batch without a proof"
        _fail(case, one, "source", text, f"leaf {min(missing).hex()}", "no such leaf")
    if source.parts != sorted(set(source.parts)):
        _fail(case, one, "source", f"leaf {source.leaf_index}: parts are not in order", "each once, sorted", "not so")


def _check_digests(case: Case, one: BundleSettlement, ingest: IngestProofs) -> None:
    """Every series names a leaf that is proved; values without a named source are said, since nothing proves them."""
    hashes = {source.leaf_hash for source in ingest.leaves}
    for missing in sorted(set(_digests(case, one)) - hashes):
        _fail(case, one, "source", "a series names a source without a proof", f"leaf {missing.hex()}", "no such leaf")
    for position, each in enumerate(one.series):
        tree, table = case.bundle.series.get(_place(one, each)), case.bundle.readings.get(_place(one, each))
        if tree and tree.header.source_digest == ZERO_HASH and table and any(table.second):
            detail = f"{label_of(one)} series {position}: its values name no source in the log"
            case.report.note(9, State.PARTIAL, detail)


def _fail(case: Case, one: BundleSettlement, reason: str, text: str, expected: object, found: object) -> None:
    label = label_of(one)
    case.report.fail(9, reason, f"{label}: {text}", period=label, expected=expected, found=found)


def _shown(head: LogHead) -> str:
    return f"ingest root {head[0].hex()} of {head[1]} leaves"
