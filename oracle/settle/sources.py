"""What the series of a settlement were made of: source class, and the leaf of the ingest log that stands for it."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from gettone.db.repositories.batches import Batches, BatchRow
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.ingest_log import IngestLog, LeafRow
from gettone.db.repositories.settlements import Settlements
from gettone.notary.ingest_leaf import LeafKind, assembly_digest
from gettone.notary.leaves import ZERO_HASH
from oracle.settle.stored import StoredSettlement

NONCE_BYTES = 32


@dataclass(frozen=True, slots=True)
class SeriesSource:
    """Class of a series' source (metering §1; 0 for none) and leaf hash in the ingest log, zero for none.

    `first_number` and `first_revision` are those under which its values were committed first, None for now.
    """

    source_class: int
    digest: bytes
    first_number: int | None = None
    first_revision: int | None = None


SeriesSources = Mapping[tuple[str, int], SeriesSource]
"""By member id and channel id."""

NO_SOURCE = SeriesSource(0, ZERO_HASH)


def log_sources(connection: Connection, stored: StoredSettlement, kept: SeriesSources) -> SeriesSources:
    """The source of every series of a settlement that is not committed yet; `kept` ones stay as they are.

    One batch stands for itself with its leaf of receipt, several get an assembly leaf, which is appended here, one
    for the same batches.  A series without values has no source; one with a batch from before the log has a class
    and no digest, since a digest of the others would claim to be all.
    """
    IngestLog(connection).lock()
    parts = {(one.member_id, one.channel.channel_id): one for one in stored.inputs.parts}
    new = {key: part for key, part in parts.items() if key not in kept}
    batches = Batches(connection).get({one for part in new.values() for one in part.batches})
    classes, receipts = _classes(connection, batches.values()), receipts_of(connection, batches.values())
    logged: dict[frozenset[int], SeriesSource] = {frozenset(): NO_SOURCE}
    for part in new.values():
        if part.batches not in logged:
            # The higher class is the less trusted one: it speaks for a series of several.
            source_class = max(classes[one] for one in part.batches)
            hashes = [receipts[one].leaf_hash for one in part.batches if one in receipts]
            is_logged = len(hashes) == len(part.batches)
            digest = _digest(connection, stored, source_class, hashes) if is_logged else ZERO_HASH
            logged[part.batches] = SeriesSource(source_class, digest)
    return {key: kept.get(key) or logged[part.batches] for key, part in parts.items()}


def committed_sources(connection: Connection, stored: StoredSettlement) -> SeriesSources:
    """The sources that a committed settlement named, for those of its members whose lines were read."""
    members = {one.computed.leaf_index: one.computed.member_id for one in stored.members}
    return {
        (members[one.leaf_index], one.channel_id): SeriesSource(
            one.source_class, one.source_digest, one.first_number, one.first_revision
        )
        for one in Settlements(connection).series(stored.row.settlement_id)
        if one.leaf_index in members and one.channel_id is not None
    }


def receipts_of(connection: Connection, batches: Iterable[BatchRow]) -> dict[int, LeafRow]:
    """The leaf of receipt of each batch; those from before the log have none."""
    indexes = {one.batch_id: one.received_leaf for one in batches if one.received_leaf is not None}
    rows = IngestLog(connection).at(indexes.values())
    return {batch_id: rows[index] for batch_id, index in indexes.items()}


def _classes(connection: Connection, batches: Iterable[BatchRow]) -> dict[int, int]:
    flows, found = Flows(connection), dict[tuple[int, int], int]()
    classes = {}
    for one in batches:
        key = (one.flow_id, one.flow_config)
        if key not in found:
            found[key] = int(flows.of_batch(*key).config.source_class)
        classes[one.batch_id] = found[key]
    return classes


def _digest(connection: Connection, stored: StoredSettlement, source_class: int, hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    leaf = IngestLog(connection).append(
        LeafKind.ASSEMBLY,
        nonce=secrets.token_bytes(NONCE_BYTES),
        source_class=source_class,
        received_at=stored.row.computed.computed_at,
        size_bytes=len(hashes),
        sha256=assembly_digest(hashes),
    )
    return leaf.leaf_hash
