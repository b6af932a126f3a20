"""Decisions about agreements that others than their parties take, by the keys of their roles."""

from collections.abc import Mapping
from typing import Any

from gettone.chain.agreement import Act, Terms
from gettone.chain.categories import CATEGORIES
from gettone.chain.contract import Call
from gettone.chain.contract_set import CommunityContracts
from gettone.chain.service_exchange import AgreementState
from gettone.db.repositories.agreement_drafts import AgreementDrafts
from gettone.db.repositories.operations import OperationRow
from gettone.db.repositories.token_book import TokenBookRows
from gettone.errors import MissingInput
from oracle.operations.community_acts import COMMUNITY_ADMIN, PLATFORM_ADMIN
from oracle.worker.job import Run

VERIFIER = "verifier"


def act_for_community(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Accept, cancel or dispute for the community, which pays; accepting a draft proposes it."""
    contracts, terms = run.place.open_contracts(run.community), _terms(run, operation)
    detail = bytes.fromhex(operation.document["detail"])
    calls = {
        Act.PROPOSE: lambda: contracts.exchange.propose_for_community(terms),
        Act.ACCEPT: lambda: contracts.exchange.accept_for_community(terms),
        Act.CANCEL: lambda: contracts.exchange.cancel_for_community(terms),
        Act.DISPUTE: lambda: contracts.exchange.dispute_for_community(terms, detail),
    }
    return _sent(run, operation, contracts, COMMUNITY_ADMIN, calls[Act(operation.document["act"])]())


def check_agreement(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Record what a verifier found, by the verifier's key; a check that stands is left as it is."""
    contracts, terms = run.place.open_contracts(run.community), _terms(run, operation)
    call = contracts.exchange.record_check(terms, operation.document["checks"])
    return _sent(run, operation, contracts, VERIFIER, call)


def resolve_agreement(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Split a disputed escrow, by the key of the administrator whose it is; one that is resolved stays so."""
    contracts, terms = run.place.open_contracts(run.community), _terms(run, operation)
    if contracts.exchange.agreement(terms.agreement_id()).state is AgreementState.RESOLVED:
        return {"transaction": None}
    units = (int(operation.document["to_receiver_units"]), int(operation.document["to_structure_units"]))
    if CATEGORIES[terms.category].is_paid_by_community:
        call, role = contracts.exchange.resolve_for_community(terms, *units), PLATFORM_ADMIN
    else:
        call, role = contracts.exchange.resolve(terms, *units), COMMUNITY_ADMIN
    return _sent(run, operation, contracts, role, call)


def _sent(run: Run, operation: OperationRow, contracts: CommunityContracts, role: str, call: Call) -> Mapping[str, Any]:
    receipt = run.place.send(contracts.client, role, call, f"{operation.kind}/{operation.operation_id}")
    return {"transaction": receipt.tx_hash, "block_number": receipt.block_number}


def _terms(run: Run, operation: OperationRow) -> Terms:
    agreement_id, community_id = bytes.fromhex(operation.document["agreement"][2:]), operation.community_id
    assert community_id is not None  # noqa: S101 - agreements are asked for within a community
    with run.place.database.read() as connection:
        record = TokenBookRows(connection, community_id).agreements([agreement_id]).get(agreement_id)
        draft = AgreementDrafts(connection, community_id).find([agreement_id]).get(agreement_id)
    found = record or draft
    if found is None:
        raise MissingInput("agreement_missing", "the agreement is neither written down nor on chain")
    return found.terms
