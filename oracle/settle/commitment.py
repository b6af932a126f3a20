"""Storing the trees of a settlement with the proposal made of them: computing → proposed."""

from sqlalchemy import Connection

from gettone.chain.chunks import payouts_per_chunk
from gettone.chain.settlement_ledger import SettlementLedger
from gettone.db.repositories.ingest_log import IngestLog
from gettone.db.repositories.settlement_rows import (
    ChunkRow,
    Committed,
    CommittedMember,
    CommittedSeriesRow,
    Proposed,
)
from gettone.db.repositories.settlements import Settlements
from gettone.notary.proposal import SettlementProposal
from oracle.settle.context import SettlementContext
from oracle.settle.documents import proposal_of, proposal_text, to_text
from oracle.settle.kept_series import kept_series
from oracle.settle.revision import revision_before, superseded_leaves
from oracle.settle.sources import log_sources
from oracle.settle.stored import StoredSettlement, load_stored
from oracle.settle.trees import SettlementTrees, TreeBuilder


def record_proposal(context: SettlementContext, connection: Connection, settlement_id: int) -> None:
    """Build and store leaves, roots, parameters, payouts and the proposal made of them; computing → proposed.

    The ingest log is committed as it stands now, with the assembly leaves that the series need.
    """
    stored, ledger = load_stored(connection, context.vault, settlement_id), context.contracts.ledger
    before = revision_before(connection, stored.key)
    bare = TreeBuilder(context.contracts, context.vault, connection, stored, {})
    sources = log_sources(connection, stored, kept_series(connection, bare, stored.inputs.parts, before))
    superseded = superseded_leaves(before)
    trees = TreeBuilder(context.contracts, context.vault, connection, stored, sources, superseded).build(
        payouts_per_chunk(context.contracts.client.block_gas_limit)
    )
    store_trees(ledger, connection, stored, trees, IngestLog(connection).head(), ledger.last_settlement_hash())


def store_trees(
    ledger: SettlementLedger,
    connection: Connection,
    stored: StoredSettlement,
    trees: SettlementTrees,
    log_head: tuple[bytes, int],
    previous_settlement: bytes,
) -> SettlementProposal:
    """Store trees with the proposal that they make on a head of the log (root, size); computing → proposed."""
    committed = _committed(trees, log_head)
    proposal = proposal_of(stored.row.computed, committed, ledger.deployment_id(), previous_settlement)
    Settlements(connection).record_proposed(
        stored.row.settlement_id,
        committed,
        Proposed(
            proposal_json=proposal_text(proposal),
            proposal_hash=proposal.struct_hash(),
            previous_settlement=proposal.previous_settlement,
        ),
        _members(trees),
        _series(trees, stored),
        [ChunkRow(chunk=number, payouts=words) for number, words in enumerate(trees.payouts.chunks)],
    )
    return proposal


def _committed(trees: SettlementTrees, log_head: tuple[bytes, int]) -> Committed:
    return Committed(
        params_json=to_text(trees.params),
        assignment_root=trees.commitment.assignment_root,
        leaf_count=trees.commitment.leaf_count,
        roster_root=trees.commitment.roster_root,
        aggregates_root=trees.commitment.aggregates_root,
        ingest_root=log_head[0],
        ingest_size=log_head[1],
        payouts_root=trees.payouts.root,
        chunk_count=len(trees.payouts.chunks),
    )


def _members(trees: SettlementTrees) -> list[CommittedMember]:
    return [
        CommittedMember(
            leaf_index=position,
            inputs_json=to_text(inputs),
            series_count=len(member.series),
            data_root=member.assignment.data_root,
            prev_leaf=member.assignment.prev_leaf,
            assignment_leaf=member.assignment.encode(),
            roster_leaf=member.roster.encode(),
        )
        for position, (member, inputs) in enumerate(zip(trees.commitment.members, trees.inputs, strict=True))
    ]


def _series(trees: SettlementTrees, stored: StoredSettlement) -> list[CommittedSeriesRow]:
    """One row per committed series, beside the channel its values came from."""
    rows = []
    for position, member in enumerate(trees.commitment.members):
        parts = {
            (part.pod, int(part.channel.direction)): part.channel
            for part in stored.inputs.series_of(member.member_id.hex())
        }
        for number, one in enumerate(member.series):
            channel = parts[one.pod, one.header.direction]
            rows.append(
                CommittedSeriesRow(
                    leaf_index=position,
                    number=number,
                    pid=one.header.series_pid,
                    device_id=channel.device_id,
                    channel_id=channel.channel_id,
                    direction=one.header.direction,
                    slot_s=one.header.slot_s,
                    first_number=one.number,
                    first_revision=one.first_revision,
                    tree_size=one.tree_size,
                    root=one.root,
                    source_class=one.header.source_class,
                    source_digest=one.header.source_digest,
                )
            )
    return rows
