"""The job of the second operator: compute a proposal again, sign what is equal, name what differs."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from gettone.chain.chunks import payouts_per_chunk
from gettone.chain.preflight import may_sign
from gettone.chain.proposal import proposal_signer, sign_proposal
from gettone.db.repositories.attestations import Attestations
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.restored_rows import RestoredRows
from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.db.repositories.settlement_states import Origin, SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed, Conflict
from gettone.periods import local_date, period_of_dates
from oracle.attestation.differences import Difference, differences
from oracle.attestation.oracles import require_oracle, require_place
from oracle.attestation.recomputation import recompute
from oracle.attestation.request import AttestationRequest
from oracle.attestation.statement import Statement
from oracle.settle.attestation import add_signature
from oracle.settle.computation import withdraw_calculation
from oracle.settle.context import PeriodKey, SettlementContext, place_of
from oracle.settle.limits import require_room

_REPLACED = (SettlementState.COMPUTING, SettlementState.PROPOSED)


class AttestationDiffers(CheckFailed):
    """The proposal is not what comes out here; `differences` has all of it, causes first.  Nothing was signed."""

    def __init__(self, found: Sequence[Difference]) -> None:
        """Say the first difference and how many there are."""
        self.differences = tuple(found)
        super().__init__(
            "attestation_differs",
            f"the proposal is not what this database gives ({len(found)} differences, the first: "
            f"{found[0].in_words()}): nothing was signed; find out with the other operator whose data is wrong",
        )


def attest(context: SettlementContext, request: AttestationRequest) -> Statement:
    """Sign a proposal that comes out equal here, and keep the settlement as attested; the same request again signs
    nothing anew.

    1. it is of this contract set, follows the last settlement, and a key here may sign   2. all is computed again
    3. everything is equal to the last bit, else AttestationDiffers and nothing is kept   4. signature and settlement
    are stored in one transaction, before the attestation leaves this program
    """
    contracts = context.contracts
    require_place(contracts, request.place, "request")
    signer = require_oracle(contracts, [str(one.address) for one in context.oracles])
    with context.database.write() as connection:
        key = _key(connection, request)
        opened_block = _restored_block(connection, key, request)
        row = _attested_before(connection, key, request)
        if row is None:
            _require_next(context, request)
            computed = recompute(context, connection, key, request, opened_block=opened_block)
            found = (*differences(request, computed), *_unsafe(context, request))
            if found:
                raise AttestationDiffers(found)
            row = Settlements(connection).get(computed.stored.row.settlement_id)
            if opened_block is None:
                require_room(contracts, row)
        return _sign(context, connection, row, request, signer)


def _key(connection: Connection, request: AttestationRequest) -> PeriodKey:
    proposal, community = request.proposal, Communities(connection).get(request.place.community)
    bounds = (proposal.period_start_s, proposal.period_end_s)
    first, last = (local_date(one, community.tz) for one in bounds)
    period = period_of_dates(first, last, community.tz)
    if (period.start_s, period.end_s) != bounds or community.tz != request.timezone:
        raise Conflict(
            "timezone_differs",
            f"the proposal counts days in {request.timezone} and this database in {community.tz}: load the registry "
            "that the community agreed on",
        )
    return PeriodKey(community, period, proposal.period_index, proposal.revision)


def _restored_block(connection: Connection, key: PeriodKey, request: AttestationRequest) -> int | None:
    """The block in which the chain opened this very proposal, where it is known here from the chain alone.

    What was restored has no leaves; with the salts of the request it gets them, so its row makes room in the
    transaction that computes it again.
    """
    row = Settlements(connection).find(*place_of(key), with_restored=True)
    if row is None or row.origin is not Origin.CHAIN or row.proposed is None:
        return None
    if row.proposed.proposal_hash != request.proposal.struct_hash():
        raise _otherwise(key)
    RestoredRows(connection).remove(row.settlement_id)
    return row.opened_block


def _otherwise(key: PeriodKey) -> Conflict:
    return Conflict(
        "attested_otherwise",
        f"another proposal for period {key.period_index} revision {key.revision} is signed or open here: an "
        "operator speaks for one proposal; see `gettone settle status`",
    )


def _attested_before(connection: Connection, key: PeriodKey, request: AttestationRequest) -> SettlementRow | None:
    """The stored settlement when it has this very proposal; one that nobody signed here is taken back.

    Conflict `attested_otherwise` when this operator signed, or the chain has, another proposal for the period.
    """
    row = Settlements(connection).find(*place_of(key))
    if row is None:
        return None
    if row.proposed is not None and row.proposed.proposal_hash == request.proposal.struct_hash():
        return row
    if row.state not in _REPLACED or Attestations(connection).of(row.settlement_id):
        raise _otherwise(key)
    withdraw_calculation(connection, key, row.settlement_id)
    return None


def _require_next(context: SettlementContext, request: AttestationRequest) -> None:
    proposal, ledger = request.proposal, context.contracts.ledger
    on_chain = ledger.settlement(proposal.period_index, proposal.revision)
    is_open = on_chain.proposal_hash == proposal.struct_hash()
    if not is_open and proposal.previous_settlement != ledger.last_settlement_hash():
        raise Conflict(
            "proposal_stale",
            f"the proposal for period {proposal.period_index} revision {proposal.revision} does not follow the last "
            "settlement on the chain: another one was opened since; ask for a new request",
        )


def _unsafe(context: SettlementContext, request: AttestationRequest) -> Iterator[Difference]:
    """What is wrong with a proposal even if it comes out equal: chunks that no block takes, a log that went back."""
    limit = payouts_per_chunk(context.contracts.client.block_gas_limit)
    if request.chunk_size > limit:
        yield Difference("payouts in a chunk", stated=str(request.chunk_size), found=f"at most {limit}")
    root, size = context.contracts.ledger.ingest()
    proposal = request.proposal
    went_back = proposal.ingest_size < size or (proposal.ingest_size == size and proposal.ingest_root != root)
    if went_back and context.contracts.ledger.last_settlement_hash() == proposal.previous_settlement:
        yield Difference(
            "ingest log", stated=f"{proposal.ingest_size} entries", found=f"{size} on the chain, or others"
        )


def _sign(
    context: SettlementContext, connection: Connection, row: SettlementRow, request: AttestationRequest, signer: str
) -> Statement:
    """Store the own signature, and those of the request whose signers may sign; the own one as a statement."""
    ledger, chain_id = context.contracts.ledger, context.contracts.client.chain_id
    attestations = Attestations(connection)
    if signer not in {one.signer for one in attestations.of(row.settlement_id)}:
        key = next(one for one in context.oracles if str(one.address) == signer)
        add_signature(connection, ledger, row, sign_proposal(key, ledger.address, chain_id, request.proposal))
    for signature in request.signatures:
        if may_sign(context.contracts, proposal_signer(signature, ledger.address, chain_id, request.proposal)):
            add_signature(connection, ledger, row, signature)
    own = next(one for one in attestations.of(row.settlement_id) if one.signer == signer)
    proposal = request.proposal
    return Statement(
        request.place, proposal.period_index, proposal.revision, proposal.struct_hash(), signer, own.signature
    )
