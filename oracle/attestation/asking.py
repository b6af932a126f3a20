"""The first operator: what its proposal was made of, put into a request for other operators."""

from collections.abc import Iterator

from sqlalchemy import Connection

from gettone.db.repositories.attestations import Attestations
from gettone.db.repositories.settlement_rows import SettlementMemberRow, SettlementRow
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed, MissingInput
from gettone.notary.commit import member_series
from gettone.notary.keys import KeyKind, period_key
from gettone.notary.series import series_hashes
from gettone.notary.tree import leaf_hash, root_of_hashes
from gettone.vault import KEY_BYTES
from oracle.attestation.oracles import place_here
from oracle.attestation.request import SLOT_BYTES, AttestationRequest, StatedMember, StatedSeries
from oracle.settle.attestation import proposal_to_sign
from oracle.settle.context import PeriodContext, place_of
from oracle.settle.periods import find_period
from oracle.settle.sources import committed_sources
from oracle.settle.stored import StoredSettlement, load_stored
from oracle.settle.trees import TreeBuilder


def ask_attestation(context: PeriodContext, community: str, period: str) -> AttestationRequest:
    """The request for the proposal of a period; MissingInput `not_proposed` before there is one."""
    key = find_period(context.database, context.contracts, community, period)
    with context.database.read() as connection:
        row = Settlements(connection).find(*place_of(key))
        if row is None or row.committed is None or row.proposed is None:
            raise MissingInput(
                "not_proposed",
                f"period {period} of {community} has no proposal yet: run `gettone settle run --until proposed`",
            )
        stored = load_stored(connection, context.vault, row.settlement_id)
        sources = committed_sources(connection, stored)
        builder = TreeBuilder(context.contracts, context.vault, connection, stored, sources)
        chunks = Settlements(connection).chunks(row.settlement_id)
        return AttestationRequest(
            place=place_here(context.contracts, community),
            proposal=proposal_to_sign(context.contracts.ledger, row),
            timezone=row.computed.timezone,
            params_json=row.committed.params_json,
            gate_report_json=row.computed.gate_report_json,
            chunk_size=max((len(one.payouts) for one in chunks), default=1),
            community_key=builder.community_key(),
            members=tuple(_members(builder, stored)),
            series=tuple(_series(connection, builder, row, stored)),
            signatures=tuple(one.signature for one in Attestations(connection).of(row.settlement_id)),
        )


def _members(builder: TreeBuilder, stored: StoredSettlement) -> Iterator[StatedMember]:
    for on_roster, line in zip(stored.inputs.roster, stored.members, strict=True):
        computed, committed = line.computed, line.committed
        assert committed is not None  # noqa: S101 - every line of a proposal is committed
        yield StatedMember(
            member_id=computed.member_id,
            key=bytes(KEY_BYTES) if on_roster.is_erased else builder.member_key(computed.member_id),
            from_s=on_roster.from_s,
            to_s=on_roster.to_s,
            member_class=computed.member_class,
            wallet=computed.wallet,
            entitlement_units=computed.entitlement_units,
            entitlement_before_units=computed.entitlement_before_units,
            carried_before_units=computed.carried_before_units,
            skipped_units=computed.skipped_units,
            payout_units=computed.payout_units,
            carried_after_units=computed.carried_after_units,
            inputs_json=committed.inputs_json,
            assignment_hash=leaf_hash(committed.assignment_leaf),
        )


def _series(
    connection: Connection, builder: TreeBuilder, row: SettlementRow, stored: StoredSettlement
) -> Iterator[StatedSeries]:
    """Every series built again; CheckFailed when a reading of today no longer gives what was committed."""
    roots = {(one.leaf_index, bytes(one.pid)): one.root for one in Settlements(connection).series(row.settlement_id)}
    erased = {one.member_id for one in stored.inputs.erased_lines}
    for line in (one for one in stored.members if one.computed.member_id not in erased):
        for one in _of_member(builder, line):
            if roots.get((line.computed.leaf_index, one.pid)) != one.root:
                raise CheckFailed(
                    "settlement_disagrees",
                    f"the readings in the database no longer give the proposal of period {row.computed.period_index}: "
                    "run `gettone settle run` again, which computes it anew",
                )
            yield one


def _of_member(builder: TreeBuilder, line: SettlementMemberRow) -> Iterator[StatedSeries]:
    member_id = line.computed.member_id
    k_my, scope, parts = builder.member_key(member_id), builder.scope(), builder.series(member_id)
    values = {(one.pod, one.direction): one.values for one in parts}
    for one in member_series(scope, k_my, parts):
        k_p = period_key(k_my, KeyKind.SERIES, one.number, scope.period_index, one.first_revision)
        hashes = series_hashes(k_p, one.header, values[one.pod, one.header.direction])
        yield StatedSeries(
            member_id=member_id,
            pid=one.header.series_pid,
            direction=one.header.direction,
            slot_s=one.header.slot_s,
            source_class=one.header.source_class,
            source_digest=one.header.source_digest,
            number=one.number,
            first_revision=one.first_revision,
            root=root_of_hashes(hashes),
            slots=b"".join(hash_[:SLOT_BYTES] for hash_ in hashes[1:]),
        )
