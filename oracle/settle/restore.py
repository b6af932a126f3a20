"""Settlements that only the chain remembers: restored as rows marked so, and finished from their published file."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from gettone.chain.contract import checksum_address
from gettone.chain.payments import ChunkPayment, chunk_payments
from gettone.chain.settlement_ledger import SettlementOpened
from gettone.db.repositories.communities import Communities, CommunityRow
from gettone.db.repositories.restored_rows import RestoredRows
from gettone.db.repositories.settlement_heads import NO_CALCULATION, PeriodBounds, SettlementHead, SettlementHeads
from gettone.db.repositories.settlement_rows import ComputedMember
from gettone.db.repositories.settlement_states import ChunkState, Origin, SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed, GettoneError
from gettone.notary.leaves import ZERO_HASH
from gettone.notary.payouts import payout_word, plan_payouts, split_word
from oracle.settle.computation import Calculation, calculate
from oracle.settle.context import PeriodKey, SettlementContext
from oracle.settle.documents import proposal_of_text, proposal_text
from oracle.settle.periods import key_of


def restore_from_chain(context: SettlementContext, community: str, *, timezone: str) -> CommunityRow:
    """Store every settlement that the chain has opened and this database does not know, with its paid chunks.

    The community itself is made where the database is empty.  CheckFailed `payments_differ` where the events of the
    chain do not add up.
    """
    with context.database.write() as connection:
        found = Communities(connection).find(community)
        if found is None:
            found = Communities(connection).get_or_create(community, tz=timezone)
        for opening in _unknown(context, SettlementHeads(connection).of_community(found.community_id)):
            context.progress(
                f"restoring period {opening.proposal.period_index} revision {opening.proposal.revision} from the chain"
            )
            RestoredRows(connection).add(_row(found, opening), _paid(context, opening))
    return found


def _unknown(context: SettlementContext, heads: Sequence[SettlementHead]) -> list[SettlementOpened]:
    """The openings that no row stands for; the chain is searched only if the last one is not known here."""
    contracts = context.contracts
    last = contracts.ledger.last_settlement_hash()
    if last == ZERO_HASH or last in {one.proposal_hash for one in heads}:
        return []
    known = {(one.bounds.period_index, one.bounds.revision) for one in heads if one.state is not SettlementState.HELD}
    openings = contracts.ledger.settlements_opened(from_block=contracts.first_block)
    return [one for one in openings if (one.proposal.period_index, one.proposal.revision) not in known]


def recall_lines(context: SettlementContext, community: CommunityRow) -> tuple[PeriodKey, ...]:
    """Compute the lines of restored settlements again, as far as the readings give the payouts that the chain made.

    Returns those whose lines are known now.  The first one that cannot be computed, or comes out otherwise, ends it:
    what members carry after it is not known then.
    """
    recalled = []
    with context.database.read() as connection:
        heads = _in_order(SettlementHeads(connection).of_community(community.community_id))
    for head in heads:
        if head.has_calculation or head.state is not SettlementState.CLOSED:
            continue
        key = key_of(community, head.bounds)
        try:
            with context.database.write() as connection:
                _recall(context, connection, key, head)
        except GettoneError as cause:
            context.progress(f"the lines of period {key.period_index} stay unknown: {cause.message}")
            break
        recalled.append(key)
    return tuple(recalled)


def require_chain_agreement(connection: Connection, settlement_id: int, chunks: Sequence[ChunkPayment]) -> None:
    """Raise CheckFailed unless the stored chunks of a restored settlement are what the chain paid, or voided."""
    stored, row = Settlements(connection).chunks(settlement_id), Settlements(connection).get(settlement_id)
    words = [split_word(word) for one in stored if one.state is ChunkState.PAID for word in one.payouts]
    expected = [("0x" + wallet.hex(), units) for wallet, units in words]
    found = [(one.wallet.lower(), one.amount_units) for chunk in chunks for one in chunk.payments]
    moved_units = sum(units for _, units in found) + (row.voided_units or 0)
    if expected != found or row.computed.total_units != moved_units:
        raise CheckFailed(
            "settlement_disagrees",
            f"the payouts of restored settlement {settlement_id} are not those that the chain made: compare the node "
            "with another one, then restore it into an empty database",
        )


def _recall(context: SettlementContext, connection: Connection, key: PeriodKey, head: SettlementHead) -> None:
    calculation = calculate(context, connection, key, opened_block=head.opened_block)
    if Settlements(connection).get(head.settlement_id).voided_units:
        rest = _computed_chunks(calculation, head)
        RestoredRows(connection).add_chunks(head.settlement_id, rest, ChunkState.VOIDED)
    chunks = Settlements(connection).chunks(head.settlement_id)
    paid = {split_word(word)[0]: split_word(word)[1] for one in chunks for word in one.payouts}
    _require_same(calculation, paid, head)
    values = asdict(calculation.computed) | {"computed_at": time.time_ns() // 1_000_000}
    RestoredRows(connection).fill(head.settlement_id, values, [asdict(one) for one in calculation.members])
    context.progress(f"period {key.period_index} revision {key.revision}: its payouts follow from the readings")


def _require_same(calculation: Calculation, paid: Mapping[bytes, int], head: SettlementHead) -> None:
    # Where nobody was paid the wallets say nothing, and the size of the roster at least something.
    leaf_count = proposal_of_text(head.proposal_json or "{}").leaf_count
    sizes = (calculation.computed.model_version, calculation.computed.total_units, len(calculation.members))
    computed = {_raw(one): one.payout_units for one in calculation.members if one.wallet and one.payout_units}
    if computed != paid or sizes != (head.model_version, head.total_units, leaf_count):
        which = next((one.hex() for one in sorted(set(computed) | set(paid)) if computed.get(one) != paid.get(one)), "")
        raise CheckFailed(
            "restored_differs",
            f"the readings in this database give other payouts than the chain made, {sizes[1]} units for {sizes[2]} "
            f"members where it has {head.total_units} for {leaf_count}, first to wallet 0x{which}: load the registry "
            "and import all readings of that time, or restore a backup",
        )


def _computed_chunks(calculation: Calculation, head: SettlementHead) -> dict[int, bytes]:
    """All chunks as they were committed, if the payouts computed have the root of the proposal; otherwise none.

    How many payouts went into a chunk followed from the network of then: it is found by the root.
    """
    proposal = proposal_of_text(head.proposal_json or "{}")
    amounts = [(_raw(one), one.payout_units) for one in calculation.members if one.wallet and one.payout_units]
    least = -(-len(amounts) // max(proposal.chunk_count, 1))
    most = -(-len(amounts) // (proposal.chunk_count - 1)) if proposal.chunk_count > 1 else least + 1
    for size in range(max(least, 1), max(most, 2)):
        plan = plan_payouts(amounts, size)
        if plan.root == proposal.payouts_root:
            return {number: b"".join(words) for number, words in enumerate(plan.chunks)}
    return {}


def _raw(line: ComputedMember) -> bytes:
    return bytes.fromhex((line.wallet or "").removeprefix("0x"))


def _in_order(heads: Sequence[SettlementHead]) -> list[SettlementHead]:
    return sorted(heads, key=lambda one: (one.opened_block if one.opened_block is not None else 2**63, one.bounds))


def _row(community: CommunityRow, opening: SettlementOpened) -> dict[str, Any]:
    proposal = opening.proposal
    bounds = PeriodBounds(
        community.community_id,
        proposal.period_index,
        proposal.revision,
        proposal.period_start_s,
        proposal.period_end_s,
        community.tz,
    )
    return (
        NO_CALCULATION
        | bounds._asdict()
        | {
            "state": SettlementState.OPEN.value,
            "origin": Origin.CHAIN.value,
            "model_version": proposal.model_version,
            "total_units": proposal.total_units,
            "proposal_json": proposal_text(proposal),
            "proposal_hash": opening.proposal_hash,
            "previous_settlement": proposal.previous_settlement,
            "opened_tx": bytes.fromhex(opening.tx_hash.removeprefix("0x")),
            "opened_block": opening.block_number,
            "computed_at": time.time_ns() // 1_000_000,
        }
    )


def _paid(context: SettlementContext, opening: SettlementOpened) -> dict[int, bytes]:
    """The payout words of each chunk that the chain paid, from the events of its wallets."""
    contracts, proposal = context.contracts, opening.proposal
    place = (proposal.period_index, proposal.revision)
    return words_of(chunk_payments(contracts.ledger, contracts.token, *place, from_block=opening.block_number))


def words_of(chunks: Iterable[ChunkPayment]) -> dict[int, bytes]:
    """The payout words of paid chunks, joined, by chunk."""
    return {
        one.chunk: b"".join(
            payout_word(bytes.fromhex(checksum_address(each.wallet)[2:]), each.amount_units) for each in one.payments
        )
        for one in chunks
    }
