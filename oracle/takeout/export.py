"""Building a take-out from the database, with the place on chain where each settlement was opened."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from gettone.chain.contract_set import CommunityContracts
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities, MemberRow
from gettone.db.repositories.settled_lines import hash_of_stored, is_erased_leaf
from gettone.db.repositories.settlement_rows import Committed, SettlementMemberRow, SettlementRow
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed, MissingInput
from gettone.notary.commit import member_series
from gettone.notary.commitments import SeriesCommitment, TotalsCommitment
from gettone.notary.keys import KeyKind, period_key
from gettone.notary.leaves import AssignmentLeaf, decode_assignment, decode_roster
from gettone.notary.series import data_root
from gettone.notary.takeout import ChainReference, Takeout, TakeoutSettlement, TreeProof
from gettone.notary.takeout_write import Signer, write_takeout
from gettone.notary.tree import inclusion_path
from gettone.notary.verify_bundle import verifier_source
from gettone.vault import Vault
from oracle.settle.sources import committed_sources
from oracle.settle.stored import load_own
from oracle.settle.trees import TreeBuilder
from oracle.takeout.disclosure import TakeoutRequest, opened_series, slot_totals
from oracle.takeout.selection import wanted_settlements
from oracle.takeout.sources import source_proofs


class TakeoutExporter:
    """Builds take-outs from the database and names the place on chain where each settlement was opened."""

    def __init__(self, database: Database, vault: Vault, contracts: CommunityContracts) -> None:
        self._database = database
        self._vault = vault
        self._contracts = contracts

    def export(self, request: TakeoutRequest, *, sign: Signer | None = None) -> tuple[str, bytes]:
        """File name and bytes of the zip; the same content gives the same bytes.

        MissingInput `takeout_empty` when the member is on no opened settlement of the range.
        """
        # Keys of a period are made on first use, so this is a write transaction although nothing else changes.
        with self._database.write() as connection:
            community = Communities(connection).get(request.community)
            member = Communities(connection).member(community.community_id, request.member)
            settlements = tuple(
                self._settlement(connection, row, member, request)
                for row in wanted_settlements(connection, member, request.period)
            )
        if not settlements:
            raise MissingInput(
                "takeout_empty",
                f"member {member.member_id[:8]}… is on no settlement of {request.community} in this range: "
                "settle the period first, or ask for another one",
            )
        takeout = Takeout(
            request.community,
            member.member_id,
            request.period.start_s,
            request.period.end_s,
            request.level,
            settlements,
        )
        return takeout.file_name, write_takeout(takeout, verifier=verifier_source(), sign=sign)

    def _settlement(
        self, connection: Connection, row: SettlementRow, member: MemberRow, request: TakeoutRequest
    ) -> TakeoutSettlement:
        own, leaves = _own_line(connection, row, member.member_id)
        stored = load_own(connection, self._vault, row, own)
        sources = committed_sources(connection, stored)
        builder = TreeBuilder(self._contracts, self._vault, connection, stored, sources)
        scope, k_my = builder.scope(), builder.member_key(member.member_id)
        assignment = decode_assignment(leaves[own.computed.leaf_index][0])
        series = member_series(scope, k_my, builder.series(member.member_id))
        totals = builder.totals()
        committed = _require_committed(row, assignment, series, totals)
        keys = [period_key(k_my, KeyKind.MEMBER, number, scope.period_index, scope.revision) for number in (0, 1)]
        return TakeoutSettlement(
            period_index=scope.period_index,
            revision=scope.revision,
            assignment=assignment,
            assignment_proof=_proof([one for one, _ in leaves], own.computed.leaf_index, committed.assignment_root),
            roster=decode_roster(leaves[own.computed.leaf_index][1]),
            roster_proof=_proof([one for _, one in leaves], own.computed.leaf_index, committed.roster_root),
            k_assignment=keys[0],
            k_roster=keys[1],
            series=opened_series(builder, stored, series, request),
            inputs=_inputs(own),
            trace=own.computed.trace,
            model=builder.model_document(),
            params=json.loads(committed.params_json),
            totals=slot_totals(
                builder, stored, totals, request, holds_erased=any(is_erased_leaf(one) for one, _ in leaves)
            ),
            chain=self._reference(row),
            sources=source_proofs(connection, stored, sources),
        )

    def _reference(self, row: SettlementRow) -> ChainReference:
        client = self._contracts.client
        if row.opened_block is None or row.opened_tx is None:
            raise CheckFailed("settlement_state", f"settlement {row.settlement_id} was never opened")
        return ChainReference(
            chain_id=client.chain_id,
            genesis_hash=client.genesis_hash,
            contract=bytes.fromhex(self._contracts.ledger.address.removeprefix("0x")),
            transaction=row.opened_tx,
            block_number=row.opened_block,
            block_hash=bytes(client.block(row.opened_block)["hash"]),
        )


def _own_line(
    connection: Connection, row: SettlementRow, member_id: str
) -> tuple[SettlementMemberRow, tuple[tuple[bytes, bytes], ...]]:
    repository = Settlements(connection)
    own = repository.line(row.settlement_id, member_id)
    if own is None:
        raise MissingInput("member_unknown", f"member {member_id[:8]}… is not on settlement {row.settlement_id}")
    if own.committed is None:
        raise MissingInput(
            "leaves_lost",
            f"period {row.computed.period_index} was restored from the chain and its salts were in the lost database, "
            "so it has no leaves to prove: take-outs made before still verify; another operator's request brings the "
            "leaves back with `gettone settle attest`",
        )
    return own, repository.leaves(row.settlement_id)


def _inputs(own: SettlementMemberRow) -> Any:
    return None if own.committed is None else json.loads(own.committed.inputs_json)


def _require_committed(
    row: SettlementRow, assignment: AssignmentLeaf, series: Sequence[SeriesCommitment], totals: TotalsCommitment
) -> Committed:
    """The committed part, if the readings of today still give what was committed then."""
    committed = row.committed
    own_root = data_root((one.root, one.tree_size) for one in series)
    if committed is None or own_root != assignment.data_root or totals.aggregates_root != committed.aggregates_root:
        raise CheckFailed(
            "settlement_disagrees",
            f"the readings in the database no longer give the root of period {row.computed.period_index}: "
            "a take-out made of them would not verify",
        )
    return committed


def _proof(leaves: Sequence[bytes], index: int, root: bytes) -> TreeProof:
    hashes = [hash_of_stored(one) for one in leaves]
    return TreeProof(hashes[index], index, len(hashes), inclusion_path(hashes, index), root)
