"""From proposed to attested: the signatures of oracles under a proposal, wherever and whenever they were made."""

import json
import time
from collections.abc import Iterable

from sqlalchemy import Connection

from gettone.chain.preflight import may_sign
from gettone.chain.proposal import ordered_signatures, proposal_signer, sign_proposal
from gettone.chain.settlement_ledger import SettlementLedger
from gettone.chain.settlement_ledger import SettlementState as ChainState
from gettone.db.repositories.attestations import AttestationRow, Attestations
from gettone.db.repositories.settlement_heads import SettlementHeads
from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed, Conflict
from gettone.notary.proposal import SettlementProposal
from oracle.settle.context import SettlementContext
from oracle.settle.documents import stored_proposal, to_text


def collect_again(context: SettlementContext, settlement: SettlementRow) -> bool:
    """Take back signatures that the chain would not count any more; whether some were, so that others are needed.

    The key of an oracle may have been rotated since, or the chain may ask for more.  The others' signatures stay.
    Nothing is taken back once the proposal is open, or while its opening may still be mined.
    """
    ledger = context.contracts.ledger
    # The transaction before the state: an opening that cannot be mined any more shows in the state read later.
    under_way = context.sender.may_be_mined(opening_intent(settlement))
    with context.database.write() as connection:
        if under_way or ledger.settlement(*_key(settlement)).state is not ChainState.NONE:
            return False
        signers = [one["signer"] for one in json.loads(settlement.signatures_json or "[]")]
        lost = [one for one in signers if not may_sign(context.contracts, one)]
        if not lost and len(signers) >= ledger.required_signatures():
            return False
        Attestations(connection).remove(settlement.settlement_id, lost)
        SettlementHeads(connection).take_signatures_back(settlement.settlement_id)
    return True


def opening_intent(settlement: SettlementRow) -> str:
    """The name of the opening in the outbox."""
    proposed = settlement.proposed
    return f"settlement/{proposed.proposal_hash.hex() if proposed else ''}/open"


def _key(settlement: SettlementRow) -> tuple[int, int]:
    return (settlement.computed.period_index, settlement.computed.revision)


def record_signatures(
    context: SettlementContext, connection: Connection, settlement: SettlementRow, *, is_open: bool = False
) -> int:
    """Sign with the own keys and count the stored signatures; proposed → attested when there are enough.

    Returns how many are still missing: others may add theirs later with `add_signature`, in any order.  Running it
    again signs nothing twice.  What the chain has open needs no more of them, whoever holds the others.
    """
    ledger = context.contracts.ledger
    proposal = proposal_to_sign(ledger, settlement)
    place = (ledger.address, context.contracts.client.chain_id)
    needed = ledger.required_signatures()
    attested = {one.signer for one in _counted(context, connection, settlement)}
    for key in context.oracles:
        if not is_open and len(attested) < needed and str(key.address) not in attested:
            signature = sign_proposal(key, *place, proposal)
            attested.add(add_signature(connection, ledger, settlement, signature))
    stored = _counted(context, connection, settlement)
    if len(stored) < needed and not is_open:
        return needed - len(stored)
    made = ordered_signatures([one.signature for one in stored[:needed]], *place, proposal)
    Settlements(connection).record_attested(settlement.settlement_id, _listed(made, place, proposal))
    return 0


def _counted(
    context: SettlementContext, connection: Connection, settlement: SettlementRow
) -> tuple[AttestationRow, ...]:
    """The stored signatures of oracles that hold the role now."""
    stored = Attestations(connection).of(settlement.settlement_id)
    return tuple(one for one in stored if may_sign(context.contracts, one.signer))


def add_signature(connection: Connection, ledger: SettlementLedger, settlement: SettlementRow, signature: bytes) -> str:
    """Store one oracle's signature (65 bytes) of the proposal of a settlement; returns the signer.

    The same signature again changes nothing.  Whether the signer is an oracle is for the caller to ask and for the
    chain to decide.
    """
    proposal = proposal_to_sign(ledger, settlement)
    signer = proposal_signer(signature, ledger.address, ledger.contract.client.chain_id, proposal)
    row = AttestationRow(signer, signature, time.time_ns() // 1_000_000)
    Attestations(connection).add(settlement.settlement_id, row)
    return signer


def proposal_to_sign(ledger: SettlementLedger, settlement: SettlementRow) -> SettlementProposal:
    """The proposal of a settlement, rebuilt from its rows; CheckFailed `proposal_changed` when they say another."""
    if settlement.proposed is None:
        raise Conflict("settlement_state", f"settlement {settlement.settlement_id} has no proposal yet")
    proposal = stored_proposal(settlement, ledger.deployment_id(), settlement.proposed.previous_settlement)
    if proposal.struct_hash() != settlement.proposed.proposal_hash:
        raise CheckFailed(
            "proposal_changed",
            f"the stored rows of settlement {settlement.settlement_id} no longer give its proposal: restore the "
            "database from a backup, or withdraw the settlement before it is open",
        )
    return proposal


def _listed(signatures: Iterable[bytes], place: tuple[str, int], proposal: SettlementProposal) -> str:
    return to_text([{"signer": proposal_signer(one, *place, proposal), "signature": one.hex()} for one in signatures])
