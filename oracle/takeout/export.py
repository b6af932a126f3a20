"""Building a take-out from the database, with the place on chain where each settlement was opened."""

from typing import Literal

from sqlalchemy import Connection

from gettone.chain.contract_set import CommunityContracts
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities, MemberRow
from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed, MissingInput
from gettone.notary.keys import KeyKind, period_key
from gettone.notary.takeout import ChainReference, Takeout, TakeoutSettlement, TreeProof
from gettone.notary.takeout_write import Signer, write_takeout
from gettone.notary.verify_bundle import verifier_source
from gettone.vault import Vault
from oracle.settle.stored import load_stored
from oracle.settle.trees import SettlementTrees, TreeBuilder
from oracle.takeout.disclosure import TakeoutRequest, member_series, slot_totals
from oracle.takeout.selection import wanted_settlements


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
        stored = load_stored(connection, self._vault, row.settlement_id)
        builder = TreeBuilder(self._contracts, self._vault, connection, stored)
        trees = builder.build(_chunk_size(connection, row))
        _require_stored_roots(row, trees)
        position = [one.computed.member_id for one in stored.members].index(member.member_id)
        committed, line = trees.commitment.members[position], stored.members[position].computed
        k_my = builder.member_key(member.member_id)
        scope = trees.commitment.scope
        keys = [period_key(k_my, KeyKind.MEMBER, number, scope.period_index, scope.revision) for number in (0, 1)]
        return TakeoutSettlement(
            period_index=scope.period_index,
            revision=scope.revision,
            assignment=committed.assignment,
            assignment_proof=_proof(trees, position, "assignment"),
            roster=committed.roster,
            roster_proof=_proof(trees, position, "roster"),
            k_assignment=keys[0],
            k_roster=keys[1],
            series=member_series(builder, stored, committed, k_my, request),
            inputs=trees.inputs[position],
            trace=line.trace,
            model=trees.model,
            params=trees.params,
            totals=slot_totals(builder, stored, trees, request),
            chain=self._reference(row),
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


def _chunk_size(connection: Connection, row: SettlementRow) -> int:
    chunks = Settlements(connection).chunks(row.settlement_id)
    return max((len(one.payouts) for one in chunks), default=1)


def _require_stored_roots(row: SettlementRow, trees: SettlementTrees) -> None:
    committed = row.committed
    if committed is None or committed.assignment_root != trees.commitment.assignment_root:
        raise CheckFailed(
            "settlement_disagrees",
            f"the readings in the database no longer give the root of period {row.computed.period_index}: "
            "a take-out made of them would not verify",
        )


def _proof(trees: SettlementTrees, position: int, tree: Literal["assignment", "roster"]) -> TreeProof:
    commitment, member = trees.commitment, trees.commitment.members[position]
    if tree == "assignment":
        parts = member.assignment_hash, commitment.assignment_path(position), commitment.assignment_root
    else:
        parts = member.roster_hash, commitment.roster_path(position), commitment.roster_root
    return TreeProof(parts[0], position, commitment.leaf_count, parts[1], parts[2])
