"""The proofs that what a member's series were made of stands in the ingest log of the settlement."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from gettone.db.repositories.batches import Batches
from gettone.db.repositories.ingest_log import IngestLog, LeafRow
from gettone.db.repositories.own_batches import own_batches
from gettone.db.repositories.settlement_states import Origin
from gettone.errors import CheckFailed
from gettone.notary.leaves import ZERO_HASH
from gettone.notary.takeout import TakeoutSource, TakeoutSources
from oracle.settle.sources import SeriesSources, receipts_of
from oracle.settle.stored import StoredSettlement

Parts = Mapping[bytes, tuple[bytes, ...]]
"""Leaf hashes of the batches behind each source digest, sorted; the digest itself where there is one batch."""


def source_proofs(connection: Connection, stored: StoredSettlement, sources: SeriesSources) -> TakeoutSources | None:
    """Leaves and paths behind the series of the one member of `stored`; None for a settlement without a log here.

    What another operator proposed names that operator's log, which alone can prove it.
    The bytes of a batch's leaf are given only where the batch held rows of this member alone: with the digest and
    the nonce of a file of several, its reader could confirm a guess of the others' readings.
    """
    committed = stored.row.committed
    if committed is None or committed.ingest_size == 0 or stored.row.origin is Origin.ATTESTED:
        return None
    batches = Batches(connection).get({each for one in stored.inputs.parts for each in one.batches})
    receipts = receipts_of(connection, batches.values())
    parts = _parts(stored, sources, {batch_id: row.leaf_hash for batch_id, row in receipts.items()})
    assemblies = {digest for digest, hashes in parts.items() if hashes != (digest,)}
    own = own_batches(connection, stored.members[0].computed.member_id, batches.values())
    shown = assemblies | {row.leaf_hash for batch_id, row in receipts.items() if batch_id in own}
    wanted = {*parts, *(each for hashes in parts.values() for each in hashes)}
    rows = {row.leaf_hash: row for row in receipts.values()} | IngestLog(connection).find(assemblies)
    return TakeoutSources(
        committed.ingest_root,
        committed.ingest_size,
        tuple(
            TakeoutSource(
                row.leaf_hash,
                row.leaf_index,
                path,
                row.preimage if row.leaf_hash in shown else None,
                parts[row.leaf_hash] if row.leaf_hash in assemblies else (),
            )
            for row, path in _placed(connection, stored, [row for leaf, row in rows.items() if leaf in wanted])
        ),
    )


def _parts(stored: StoredSettlement, sources: SeriesSources, hashes: Mapping[int, bytes]) -> Parts:
    named = ((sources[one.member_id, one.channel.channel_id].digest, one.batches) for one in stored.inputs.parts)
    return {digest: tuple(sorted(hashes[each] for each in batches)) for digest, batches in named if digest != ZERO_HASH}


def _placed(
    connection: Connection, stored: StoredSettlement, rows: Iterable[LeafRow]
) -> list[tuple[LeafRow, tuple[bytes, ...]]]:
    """Leaves by index with their paths; CheckFailed where the log is no longer the one that was committed."""
    committed, ordered = stored.row.committed, sorted(rows, key=lambda row: row.leaf_index)
    size = committed.ingest_size if committed else 0
    found = IngestLog(connection).inclusions((row.leaf_index for row in ordered), size)
    if any(committed is None or one.root != committed.ingest_root for one in found):
        raise CheckFailed(
            "ingest_disagrees",
            f"the ingest log no longer gives the root of period {stored.row.computed.period_index}: "
            "a take-out made of it would not verify; restore the log from a backup",
        )
    return [(row, one.path) for row, one in zip(ordered, found, strict=True)]
