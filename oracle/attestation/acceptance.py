"""The attestation of another operator, taken in: everything is asked before anything is stored."""

from dataclasses import dataclass

from gettone.chain.proposal import proposal_signer
from gettone.db.repositories.attestations import Attestations
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.settlement_rows import SettlementRow
from gettone.db.repositories.settlement_states import SettlementState
from gettone.db.repositories.settlements import Settlements
from gettone.errors import CheckFailed, Conflict, MissingInput
from gettone.notary.proposal import SettlementProposal
from oracle.attestation.oracles import require_oracle, require_place
from oracle.attestation.statement import Statement
from oracle.settle.attestation import add_signature, proposal_to_sign
from oracle.settle.context import PeriodContext

_COLLECTING = (SettlementState.PROPOSED, SettlementState.FAILED)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who attested, how many signatures there are now, and how many the chain asks for."""

    signer: str
    signatures: int
    needed: int


def accept_attestation(context: PeriodContext, statement: Statement) -> Accepted:
    """Store another oracle's signature under the proposal of this database.

    1. of this contract set   2. of this very proposal, which still collects signatures   3. made by who it says
    4. by an oracle of the set   5. by one that has not signed yet; each refused by a sentence of its own

    Enough of them make the settlement `attested` when it is resumed.
    """
    contracts = context.contracts
    require_place(contracts, statement.place, "attestation")
    with context.database.write() as connection:
        community = Communities(connection).get(statement.place.community)
        place = (community.community_id, statement.period_index, statement.revision)
        row = Settlements(connection).find(*place)
        if row is None or row.proposed is None:
            raise MissingInput(
                "not_proposed",
                f"there is no proposal for period {statement.period_index} revision {statement.revision} here: run "
                "`gettone settle run --until proposed`",
            )
        _require_same(row, statement)
        _require_signer(context, proposal_to_sign(contracts.ledger, row), statement)
        require_oracle(contracts, [statement.signer])
        stored = Attestations(connection).of(row.settlement_id)
        if statement.signer in {one.signer for one in stored}:
            raise Conflict("attestation_twice", f"{statement.signer} has attested this proposal already: one is enough")
        add_signature(connection, contracts.ledger, row, statement.signature)
    return Accepted(statement.signer, len(stored) + 1, contracts.ledger.required_signatures())


def _require_same(row: SettlementRow, statement: Statement) -> None:
    assert row.proposed is not None  # noqa: S101 - asked just before
    if row.proposed.proposal_hash != statement.proposal_hash:
        raise Conflict(
            "attestation_of_another",
            f"the attestation is of proposal {statement.proposal_hash.hex()[:16]}…, the one here is "
            f"{row.proposed.proposal_hash.hex()[:16]}…: the settlement was computed again since, so ask for a new one",
        )
    if row.state not in _COLLECTING:
        raise Conflict(
            "attestation_late",
            f"period {statement.period_index} revision {statement.revision} is {row.state} and has all signatures it "
            "needs: nothing is to be done",
        )


def _require_signer(context: PeriodContext, proposal: SettlementProposal, statement: Statement) -> None:
    ledger, chain_id = context.contracts.ledger, context.contracts.client.chain_id
    try:
        signer = proposal_signer(statement.signature, ledger.address, chain_id, proposal)
    except ValueError:
        signer = "nobody"
    if signer != statement.signer:
        raise CheckFailed(
            "attestation_signature",
            f"the signature is of {signer} and not of {statement.signer}: the file was changed, ask for it again",
        )
