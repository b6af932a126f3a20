"""Third step of a settlement: open it on chain, pay every chunk, and store what the chain says of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from gettone.chain.chunks import gas_of_chunk
from gettone.chain.outbox.planning import Planned
from gettone.chain.payments import ChunkPayment, chunk_payments
from gettone.chain.settlement_ledger import Settlement, SettlementOpened, SettlementState
from gettone.db.repositories.settlement_rows import Proposed, SettlementRow
from gettone.errors import CheckFailed, Conflict, MissingInput
from gettone.notary.payouts import chunk_hashes, payouts_root
from gettone.notary.tree import inclusion_paths
from oracle.settle.attestation import opening_intent, proposal_to_sign
from oracle.settle.context import SettlementContext
from oracle.settle.fees import fees_in_force, fees_text, named_fees, require_certain_fees


def must_be_signed_again(context: SettlementContext, settlement: SettlementRow) -> bool:
    """Whether an attested settlement names fees that the chain would not take any more, and can still be taken back.

    False where the chain has it open already: nothing can change it then.  Held `fee_changes_soon` as above, and
    Conflict `opening_under_way` where the opening was sent and may still be mined.
    """
    # The transaction before the state: an opening that cannot be mined any more shows in the state read later.
    under_way = context.sender.may_be_mined(opening_intent(settlement))
    computed, contracts = settlement.computed, context.contracts
    on_chain = contracts.ledger.settlement(computed.period_index, computed.revision)
    if on_chain.state is not SettlementState.NONE:
        return False
    named, in_force = named_fees(computed), fees_in_force(contracts)
    if named == in_force:
        require_certain_fees(contracts)
        return False
    if under_way:
        raise Conflict(
            "opening_under_way",
            f"period {computed.period_index} revision {computed.revision} was signed and sent with assignment fees "
            f"{fees_text(named)} and the chain now takes {fees_text(in_force)}: see that the node mines or drops the "
            "transaction, or use its nonce for another one, then run the settlement again",
        )
    return True


def is_open_on_chain(context: SettlementContext, settlement: SettlementRow) -> bool:
    """Whether the chain has opened this very proposal, whoever sent it; Conflict `proposal_differs` for another."""
    computed, proposed = settlement.computed, _proposed(settlement)
    on_chain = context.contracts.ledger.settlement(computed.period_index, computed.revision)
    if on_chain.state is SettlementState.NONE:
        return False
    if on_chain.proposal_hash != proposed.proposal_hash:
        raise _differs(settlement, on_chain.proposal_hash.hex())
    return True


def open_on_chain(
    context: SettlementContext, settlement: SettlementRow, chunks: Sequence[tuple[bytes, ...]] = ()
) -> SettlementOpened:
    """Open an attested settlement and return the event; what the chain has open already is not sent.

    With `chunks`, which are all of them, the payments follow at once, so that nobody waits for a block in between:
    the chain takes transactions of one sender in their order.
    """
    ledger = context.contracts.ledger
    proposal = proposal_to_sign(ledger, settlement)
    if not is_open_on_chain(context, settlement):
        opening = Planned(ledger.open(proposal, signatures_of(settlement)), opening_intent(settlement))
        context.sender.send_all(chain((opening,), _payments(context, settlement, chunks, 0)))
    return opened_event(context, settlement)


def signatures_of(settlement: SettlementRow) -> list[bytes]:
    """The stored signatures, ascending by signer."""
    return [bytes.fromhex(one["signature"]) for one in json.loads(settlement.signatures_json or "[]")]


def opened_event(context: SettlementContext, settlement: SettlementRow) -> SettlementOpened:
    """The event of a settlement's opening; Conflict when the chain opened another proposal in its place."""
    computed, proposed = settlement.computed, _proposed(settlement)
    events = context.contracts.ledger.settlements_opened(
        period_index=computed.period_index,
        revision=computed.revision,
        from_block=context.contracts.first_block,
    )
    if not events or events[-1].proposal_hash != proposed.proposal_hash:
        raise _differs(settlement, events[-1].proposal_hash.hex() if events else "none")
    return events[-1]


def pay_on_chain(context: SettlementContext, settlement: SettlementRow, known: Mapping[int, tuple[bytes, ...]]) -> None:
    """Pay the chunks that the chain has not paid yet, in order; `known` are the payout words by chunk, as committed.

    MissingInput `chunk_file` where a chunk to pay, or one that its path needs, is not known here.
    """
    computed = settlement.computed
    on_chain = context.contracts.ledger.settlement(computed.period_index, computed.revision)
    if on_chain.state is SettlementState.OPEN and on_chain.next_chunk < on_chain.chunk_count:
        chunks = _all_chunks(settlement, known, on_chain)
        context.sender.send_all(_payments(context, settlement, chunks, on_chain.next_chunk))


def _payments(
    context: SettlementContext, settlement: SettlementRow, chunks: Sequence[tuple[bytes, ...]], first: int
) -> Iterator[Planned]:
    """The transactions of the chunks from `first` on.  Their gas is known: the chain could not try the later ones."""
    computed, proposed, paths = settlement.computed, _proposed(settlement), chunk_paths(chunks)
    for number in range(first, len(chunks)):
        payouts = chunks[number]
        context.progress(f"paying chunk {number + 1} of {len(chunks)} ({len(payouts)} payouts)")
        call = context.contracts.ledger.pay(computed.period_index, computed.revision, number, payouts, paths[number])
        yield Planned(call, intent_of(proposed, f"pay/{number}"), gas_of_chunk(len(payouts)))


def _all_chunks(
    settlement: SettlementRow, known: Mapping[int, tuple[bytes, ...]], on_chain: Settlement
) -> list[tuple[bytes, ...]]:
    computed = settlement.computed
    if sorted(known) != list(range(on_chain.chunk_count)):
        raise MissingInput(
            "chunk_file",
            f"period {computed.period_index} revision {computed.revision} has {on_chain.chunk_count} chunks and "
            f"{len(known)} of them are known here: run `gettone settle resume --from FILE` with the file that "
            "`gettone settle publish` wrote",
        )
    chunks = [known[number] for number in range(on_chain.chunk_count)]
    if payouts_root(chunks) != on_chain.payouts_root:
        raise CheckFailed(
            "payouts_root",
            f"the stored chunks of period {computed.period_index} revision {computed.revision} do not give the payouts "
            f"root {on_chain.payouts_root.hex()} of the chain: restore them with `gettone settle resume --from FILE`",
        )
    return chunks


def _differs(settlement: SettlementRow, found: str) -> Conflict:
    computed = settlement.computed
    return Conflict(
        "proposal_differs",
        f"period {computed.period_index} revision {computed.revision} should be open on chain with proposal "
        f"{_proposed(settlement).proposal_hash.hex()} and the chain has {found}: compare both with "
        "`gettone settle status`, and withdraw what is wrong here",
    )


def chunk_paths(chunks: Sequence[tuple[bytes, ...]]) -> list[list[bytes]]:
    """The path of each chunk under the payouts root."""
    hashes = chunk_hashes(chunks)
    return inclusion_paths(hashes, range(len(hashes)))


def paid_chunks(context: SettlementContext, settlement: SettlementRow) -> list[ChunkPayment]:
    """What the chain says it paid, chunk by chunk; CheckFailed while it may still pay more."""
    computed = settlement.computed
    contracts = context.contracts
    on_chain = contracts.ledger.settlement(computed.period_index, computed.revision)
    if on_chain.state not in (SettlementState.PAID, SettlementState.VOIDED):
        raise CheckFailed(
            "settlement_not_paid",
            f"period {computed.period_index} is {on_chain.state.name.lower()} on chain with "
            f"{on_chain.next_chunk} of {on_chain.chunk_count} chunks paid: run the settlement again",
        )
    return chunk_payments(
        contracts.ledger,
        contracts.token,
        computed.period_index,
        computed.revision,
        from_block=settlement.opened_block or contracts.first_block,
    )


def voided_units(context: SettlementContext, settlement: SettlementRow) -> int:
    """What the chain will never pay of a settlement because its rest was voided [base units]; 0 otherwise."""
    computed = settlement.computed
    on_chain = context.contracts.ledger.settlement(computed.period_index, computed.revision)
    if on_chain.state is not SettlementState.VOIDED:
        return 0
    return on_chain.total_units - on_chain.paid_units - on_chain.skipped_units


def intent_of(proposed: Proposed, effect: str) -> str:
    """Name of an effect on chain, from its content: the same work never gets a second name."""
    return f"settlement/{proposed.proposal_hash.hex()}/{effect}"


def _proposed(settlement: SettlementRow) -> Proposed:
    if settlement.proposed is None:
        raise Conflict("settlement_state", f"settlement {settlement.settlement_id} has no proposal yet")
    return settlement.proposed
