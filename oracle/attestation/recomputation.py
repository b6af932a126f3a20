"""The second operator: the proposal computed again, from its own registry, readings and earlier settlements.

Taken from the request are the salts, since equal readings under other salts have other roots; the sources of series
and the head of the ingest log, which only the first operator has; and the gate's report, which is compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from gettone.db.repositories.communities import Communities
from gettone.db.repositories.keys import Keys
from gettone.db.repositories.settlement_heads import SettlementHeads
from gettone.errors import Conflict
from gettone.metering.gate.report import GateReport
from gettone.notary.keys import series_pid
from gettone.notary.proposal import SettlementProposal
from oracle.attestation.request import AttestationRequest, StatedSeries
from oracle.settle.commitment import store_trees
from oracle.settle.computation import calculate, record_calculation
from oracle.settle.context import PeriodKey, SettlementContext
from oracle.settle.documents import digest_of
from oracle.settle.revision import revision_before, superseded_leaves
from oracle.settle.sources import NO_SOURCE, SeriesSource, SeriesSources
from oracle.settle.stored import StoredSettlement, load_stored, local_year
from oracle.settle.trees import SettlementTrees, TreeBuilder


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The settlement as this operator finds it, stored in an open transaction."""

    stored: StoredSettlement
    trees: SettlementTrees
    builder: TreeBuilder
    proposal: SettlementProposal
    report: GateReport


def recompute(
    context: SettlementContext,
    connection: Connection,
    key: PeriodKey,
    request: AttestationRequest,
    *,
    opened_block: int | None = None,
) -> Recomputed:
    """Compute, commit and store the settlement of a request as `proposed`; the caller takes it back if it differs.

    Raises what settling would raise: GateHeld while the own gate does not pass, Conflict while an earlier settlement
    is not closed here.  With `opened_block` a settlement that the chain opened in that block, as of then.
    """
    _take_salts(context, connection, key, request)
    calculation = calculate(context, connection, key, opened_block=opened_block)
    text = request.gate_report_json
    computed = replace(calculation.computed, gate_report_json=text, gate_report_sha256=digest_of(text))
    settlement_id = record_calculation(connection, replace(calculation, computed=computed))
    stored = load_stored(connection, context.vault, settlement_id)
    superseded = superseded_leaves(revision_before(connection, key))
    bare = TreeBuilder(context.contracts, context.vault, connection, stored, {})
    builder = TreeBuilder(
        context.contracts, context.vault, connection, stored, _stated_sources(bare, stored, request.series), superseded
    )
    trees = builder.build(request.chunk_size)
    proposal = store_trees(
        context.contracts.ledger,
        connection,
        stored,
        trees,
        (request.proposal.ingest_root, request.proposal.ingest_size),
        request.proposal.previous_settlement,
    )
    SettlementHeads(connection).mark_attested(settlement_id)
    return Recomputed(stored, trees, builder, proposal, calculation.report)


def series_by_pid(request_series: tuple[StatedSeries, ...]) -> Mapping[tuple[str, bytes], StatedSeries]:
    """The stated series by member id and pid."""
    return {(one.member_id, one.pid): one for one in request_series}


def _take_salts(
    context: SettlementContext, connection: Connection, key: PeriodKey, request: AttestationRequest
) -> None:
    """Keep the salts of the request for members that are known here; Conflict `salts_differ` where others are kept."""
    year, community_id = local_year(key.period), key.community.community_id
    keys = Keys(connection, context.vault)
    known = {one.member_id for one in Communities(connection).members(community_id)}
    kept = [keys.adopt_community_key(community_id, year, request.community_key)]
    kept += [keys.adopt_member_key(one.member_id, year, one.key) for one in request.members if one.member_id in known]
    if not all(kept):
        raise Conflict(
            "salts_differ",
            f"this database made salts of its own for {year}, so its roots can never be those of the proposal: "
            "attest from a database that settles nothing by itself",
        )


def _stated_sources(bare: TreeBuilder, stored: StoredSettlement, series: tuple[StatedSeries, ...]) -> SeriesSources:
    """The stated source of each own series, with the key under which it is committed; none where none is stated."""
    stated, found = series_by_pid(series), {}
    for part in stored.inputs.parts:
        pid = series_pid(bare.member_key(part.member_id), int(part.channel.direction), part.pod)
        one = stated.get((part.member_id, pid))
        source = (
            NO_SOURCE
            if one is None
            else SeriesSource(one.source_class, one.source_digest, one.number, one.first_revision)
        )
        found[part.member_id, part.channel.channel_id] = source
    return found
