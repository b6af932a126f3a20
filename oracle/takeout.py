"""`gettone takeout export`: a member's own readings, salts, proofs and chain evidence in one file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from gettone.chain.contract_set import CommunityContracts
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities, MemberRow
from gettone.db.repositories.settlement_rows import ComputedMember, SettlementRow
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed, MissingInput
from gettone.notary.commitments import CommittedMember, SeriesCommitment
from gettone.notary.keys import KeyKind, period_key
from gettone.notary.series import Reading
from gettone.notary.takeout import (
    ChainReference,
    Takeout,
    TakeoutSeries,
    TakeoutSettlement,
    TakeoutTotals,
    TotalsRoots,
    TreeProof,
)
from gettone.notary.takeout_format import Level
from gettone.notary.takeout_write import Signer, write_takeout
from gettone.notary.verify_bundle import verifier_source
from gettone.periods import BASELINE_DAYS
from gettone.rewards.model import parse_model
from gettone.types import DAY_S, SettlementPeriod
from gettone.vault import Vault
from oracle.settle.documents import model_of, slot_totals_of
from oracle.settle.period_inputs import reads_baseline
from oracle.settle.stored import StoredSettlement, load_stored
from oracle.settle.trees import SettlementTrees, TreeBuilder

DISCLOSURE_FLOOR = 8
"""Below eight members behind a total, totals minus one's own data reveal the neighbours (LECN-1 §1)."""


@dataclass(frozen=True, slots=True)
class TakeoutRequest:
    """Whose take-out of which range: `member` is a wallet or the first digits of a member id."""

    community: str
    member: str
    period: SettlementPeriod
    level: Level = Level.FULL


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
                for row in _wanted(connection, member, request.period)
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
            series=_series(builder, stored, committed, k_my, request),
            inputs=trees.inputs[position],
            trace=line.trace,
            model=trees.model,
            params=trees.params,
            totals=_totals(builder, stored, trees, request),
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


def _wanted(connection: Connection, member: MemberRow, period: SettlementPeriod) -> list[SettlementRow]:
    """The opened settlements of the range, and those before that support them, in order."""
    repository = Settlements(connection)
    opened = [
        one
        for one in repository.of_community(member.community_id)
        if one.opened_block is not None and _line(repository, one, member.member_id) is not None
    ]
    wanted = {
        one.settlement_id
        for one in opened
        if one.computed.period_start_s < period.end_s and one.computed.period_end_s > period.start_s
    }
    for at, one in enumerate(opened):
        if one.settlement_id in wanted:
            wanted |= _support(repository, member, opened[:at], one)
    return [one for one in opened if one.settlement_id in wanted]


def _support(
    repository: Settlements, member: MemberRow, before: list[SettlementRow], settlement: SettlementRow
) -> set[int]:
    """Ids of the earlier settlements behind a carried amount, and behind a percentile baseline."""
    found: set[int] = set()
    line = _line(repository, settlement, member.member_id)
    if before and line is not None and line.carried_before_units:
        found.add(before[-1].settlement_id)
    if reads_baseline(parse_model(model_of(settlement))):
        # A day more than the baseline covers the changes of the clock.
        baseline_from_s = settlement.computed.period_start_s - (BASELINE_DAYS + 1) * DAY_S
        found |= {one.settlement_id for one in before if one.computed.period_end_s > baseline_from_s}
    return found


def _line(repository: Settlements, settlement: SettlementRow, member_id: str) -> ComputedMember | None:
    lines = (one.computed for one in repository.members(settlement.settlement_id))
    return next((line for line in lines if line.member_id == member_id), None)


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


def _series(
    builder: TreeBuilder, stored: StoredSettlement, committed: CommittedMember, k_my: bytes, request: TakeoutRequest
) -> tuple[TakeoutSeries, ...]:
    parts = {(one.pod, one.direction): one for one in builder.series(committed.member_id.hex())}
    return tuple(
        _opened(one, parts[one.pod, one.header.direction].values, k_my, KeyKind.SERIES, stored, request)
        for one in committed.series
    )


def _totals(
    builder: TreeBuilder, stored: StoredSettlement, trees: SettlementTrees, request: TakeoutRequest
) -> TakeoutTotals | TotalsRoots:
    """Slot totals from eight members on behind each of them; else their roots alone (LECN-1 §1)."""
    both = (trees.totals.withdrawn, trees.totals.injected)
    if not totals_are_disclosed(stored):
        return TotalsRoots(*((one.root, one.tree_size) for one in both))
    totals = slot_totals_of(stored.row)
    values = ([(one.withdrawn_wh, 1) for one in totals], [(-one.injected_wh, 1) for one in totals])
    return TakeoutTotals(
        *(
            _opened(one, signed, builder.community_key(), KeyKind.TOTALS, stored, request)
            for one, signed in zip(both, values, strict=True)
        )
    )


def totals_are_disclosed(stored: StoredSettlement) -> bool:
    """Whether eight members or more stand behind each slot total."""
    withdrawing, injecting = set(), set()
    for part in stored.inputs.parts:
        values = part.counted().values()
        if any(wh > 0 for wh in values):
            withdrawing.add(part.member_id)
        if any(wh < 0 for wh in values):
            injecting.add(part.member_id)
    groups = (stored.members, withdrawing, injecting)
    return all(len(group) >= DISCLOSURE_FLOOR for group in groups)


def _opened(
    one: SeriesCommitment,
    values: Sequence[Reading],
    yearly_key: bytes,
    kind: KeyKind,
    stored: StoredSettlement,
    request: TakeoutRequest,
) -> TakeoutSeries:
    k_p = period_key(yearly_key, kind, one.number, stored.row.computed.period_index, one.first_revision)
    slots = range(one.header.period_start_s, stored.period.end_s, one.header.slot_s)
    disclosed = frozenset(
        at for at, start_s in enumerate(slots) if request.period.start_s <= start_s < request.period.end_s
    )
    return TakeoutSeries(one.header, one.number, one.first_revision, k_p, values, disclosed)
