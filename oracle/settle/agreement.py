"""Last step of a settlement: chain, database and leaves must say the same, down to the unit and the wallet."""

from collections.abc import Iterable

from sqlalchemy import Connection

from gettone.chain.contract import checksum_address
from gettone.chain.payments import ChunkPayment
from gettone.db.repositories.ingest_log import IngestLog
from gettone.db.repositories.settlement_rows import Committed, SettlementRow
from gettone.db.repositories.settlement_states import ChunkState, Origin
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed
from gettone.notary.payouts import assignment_fee, split_word
from gettone.notary.tree import leaf_hash, root_of_hashes
from gettone.rewards.engine import compute
from oracle.settle.context import SettlementContext
from oracle.settle.documents import stored_proposal
from oracle.settle.fees import fees_in_force, named_fees
from oracle.settle.publication import opened_event, paid_chunks, voided_units
from oracle.settle.revision import revision_before, superseded_leaves
from oracle.settle.sources import committed_sources
from oracle.settle.stored import StoredSettlement, load_stored
from oracle.settle.trees import TreeBuilder


def require_agreement(context: SettlementContext, connection: Connection, settlement_id: int) -> None:
    """Raise CheckFailed, naming what differs, unless everything agrees.

    1. The rewards, computed again from the readings as of the cut-off batch, have the stored digest.
    2. The trees, built again, have the stored roots, the stored leaves give those roots, and the log its own.
    3. The event of the opening carries the stored proposal, and the chain takes the fees that it names.
    4. Every payout word is one transfer, or one skip, of the same wallet and amount, in order; the others are the
       rest that the chain voided.
    5. From every payout but a skipped one the fee of its class went to the Treasury, and the stored sums are those.
    """
    stored = load_stored(connection, context.vault, settlement_id)
    _require_same_rewards(context, stored)
    _require_same_trees(context, connection, stored)
    _require_same_proposal(context, stored.row)
    _require_same_fees(context, stored.row)
    chunks = paid_chunks(context, stored.row)
    _require_same_payouts(connection, stored.row, chunks)
    _require_equal("voided rest", stored.row.voided_units, voided_units(context, stored.row))
    _require_same_charges(stored, chunks)


def _require_same_rewards(context: SettlementContext, stored: StoredSettlement) -> None:
    computed = stored.row.computed
    caps = context.contracts.ledger.caps(block_identifier=stored.row.opened_block or "latest")
    run = compute(
        stored.inputs.community,
        stored.model,
        stored.period,
        carry_in_units=computed.carry_in_units,
        period_cap_units=caps.period_units,
        erased=stored.inputs.erased,
    )
    _require_equal("result digest", computed.result_digest, run.to_document()["result_digest"])
    stored_units = {one.computed.member_id: one.computed.entitlement_units for one in stored.members}
    _require_equal("entitlements", stored_units, {one.member_id: one.reward_units for one in run.members})


def _require_same_trees(context: SettlementContext, connection: Connection, stored: StoredSettlement) -> None:
    committed = _committed(stored.row)
    chunks = Settlements(connection).chunks(stored.row.settlement_id)
    sources = committed_sources(connection, stored)
    superseded = superseded_leaves(revision_before(connection, stored.key))
    trees = TreeBuilder(context.contracts, context.vault, connection, stored, sources, superseded).build(
        max((len(one.payouts) for one in chunks), default=1)
    )
    _require_equal("assignment root", committed.assignment_root, trees.commitment.assignment_root)
    _require_equal("roster root", committed.roster_root, trees.commitment.roster_root)
    _require_equal("aggregates root", committed.aggregates_root, trees.commitment.aggregates_root)
    if stored.row.origin is not Origin.ATTESTED:
        # What another operator proposed names that operator's log.
        log_head = IngestLog(connection).head(committed.ingest_size)
        _require_equal("ingest root and size", (committed.ingest_root, committed.ingest_size), log_head)
    _require_equal("payouts root", committed.payouts_root, trees.payouts.root)
    leaves = [one.committed for one in stored.members if one.committed is not None]
    assignment_root = root_of_hashes([leaf_hash(one.assignment_leaf) for one in leaves])
    roster_root = root_of_hashes([leaf_hash(one.roster_leaf) for one in leaves])
    _require_equal("root of the stored assignment leaves", committed.assignment_root, assignment_root)
    _require_equal("root of the stored roster leaves", committed.roster_root, roster_root)


def _require_same_proposal(context: SettlementContext, settlement: SettlementRow) -> None:
    event = opened_event(context, settlement)
    deployment_id = context.contracts.ledger.deployment_id()
    mine = stored_proposal(settlement, deployment_id, event.proposal.previous_settlement)
    _require_equal("proposal", mine, event.proposal)


def _require_same_fees(context: SettlementContext, settlement: SettlementRow) -> None:
    computed = settlement.computed
    opened = context.contracts.ledger.settlement(computed.period_index, computed.revision)
    taken = fees_in_force(context.contracts, opened.opened_at_s)
    _require_equal("assignment fees by class", named_fees(computed), taken)


def _require_same_charges(stored: StoredSettlement, chunks: Iterable[ChunkPayment]) -> None:
    fees_bps = named_fees(stored.row.computed)
    of_wallet = {one.computed.wallet: fees_bps[one.computed.member_class] for one in stored.members}
    payments = [payment for chunk in chunks for payment in chunk.payments]
    expected = [
        0 if one.skipped else assignment_fee(one.amount_units, of_wallet[checksum_address(one.wallet)])
        for one in payments
    ]
    _require_equal("fees charged", expected, [one.fee_units for one in payments])
    skipped = sum(one.amount_units for one in payments if one.skipped)
    row = stored.row
    sums = (row.computed.total_units - skipped - (row.voided_units or 0), sum(expected), skipped)
    _require_equal("sums credited, charged and skipped", (row.credited_units, row.fee_units, row.skipped_units), sums)


def _require_same_payouts(connection: Connection, settlement: SettlementRow, chunks: Iterable[ChunkPayment]) -> None:
    stored = Settlements(connection).chunks(settlement.settlement_id)
    expected = [
        (row.chunk, "0x" + split_word(word)[0].hex(), split_word(word)[1])
        for row in stored
        if row.state is ChunkState.PAID
        for word in row.payouts
    ]
    rest = sum(row.total_units for row in stored if row.state is ChunkState.VOIDED)
    found = [
        (chunk.chunk, payment.wallet.lower(), payment.amount_units) for chunk in chunks for payment in chunk.payments
    ]
    _require_equal("payouts", expected, found)
    _require_equal("rest of unpaid chunks", settlement.voided_units, rest)
    _require_equal("total", settlement.computed.total_units, sum(amount for _, _, amount in found) + rest)


def _committed(settlement: SettlementRow) -> Committed:
    if settlement.committed is None:
        raise CheckFailed("settlement_state", f"settlement {settlement.settlement_id} has no trees")
    return settlement.committed


def _require_equal(what: str, expected: object, found: object) -> None:
    if expected != found:
        raise CheckFailed(
            "settlement_disagrees",
            f"the {what} of the settlement differs: stored is {_shown(expected)}, found is {_shown(found)}",
        )


def _shown(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)[:200]
