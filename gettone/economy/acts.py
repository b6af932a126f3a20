"""What a member signed, as it is kept, and the call that carries it to the chain."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from gettone.chain.agreement import Act, Authorization, Terms
from gettone.chain.authorization import NO_PERMIT, Permit, TransferAuthorization
from gettone.chain.contract import Call
from gettone.chain.contract_set import CommunityContracts
from gettone.economy.agreements import terms_document, terms_of

TRANSFER = "transfer"

Document = Mapping[str, Any]


def call_of(contracts: CommunityContracts, kind: str, document: Document) -> Call:
    """The call that carries an act of a kind; InputError for a document that no contract would take."""
    return _CALLS[kind](contracts, document)


def transfer_document(authorization: TransferAuthorization, signature: bytes) -> dict[str, Any]:
    """A transfer that a member authorized (ERC-3009)."""
    return {
        "from": authorization.sender,
        "to": authorization.to,
        "units": str(authorization.amount_units),
        "valid_after_s": authorization.valid_after_s,
        "valid_before_s": authorization.valid_before_s,
        "nonce": authorization.nonce.hex(),
        "signature": signature.hex(),
    }


def _transfer_call(contracts: CommunityContracts, document: Document) -> Call:
    authorization = TransferAuthorization(
        document["from"],
        document["to"],
        int(document["units"]),
        document["valid_after_s"],
        document["valid_before_s"],
        bytes.fromhex(document["nonce"]),
    )
    return contracts.token.transfer_with_authorization(authorization, bytes.fromhex(document["signature"]))


def agreement_document(
    terms: Terms, authorization: Authorization, permit: Permit | None, detail: bytes, rating: int
) -> dict[str, Any]:
    """An act about an agreement; `detail` is the hash of a reason or of the words of a feedback."""
    return {
        "terms": terms_document(terms),
        "member_id": authorization.member_id,
        "deadline_s": authorization.deadline_s,
        "signature": authorization.signature.hex(),
        "permit": None
        if permit is None
        else {
            "value_units": str(permit.value_units),
            "deadline_s": permit.deadline_s,
            "v": permit.v,
            "r": permit.r.hex(),
            "s": permit.s.hex(),
        },
        "detail": detail.hex(),
        "rating": rating,
    }


def _agreement_call(act: Act, contracts: CommunityContracts, document: Document) -> Call:
    terms, exchange = terms_of(document["terms"]), contracts.exchange
    signed = Authorization(document["member_id"], document["deadline_s"], bytes.fromhex(document["signature"]))
    if act in (Act.PROPOSE, Act.ACCEPT):
        call = exchange.propose if act is Act.PROPOSE else exchange.accept
        return call(terms, signed, _permit(document["permit"]))
    if act is Act.DISPUTE:
        return exchange.dispute(terms, bytes.fromhex(document["detail"]), signed)
    if act is Act.FEEDBACK:
        return exchange.give_feedback(terms, document["rating"], bytes.fromhex(document["detail"]), signed)
    simple = {
        Act.CANCEL: exchange.cancel,
        Act.DELIVER: exchange.deliver,
        Act.CONFIRM: exchange.confirm,
        Act.DECLARE_RETURN: exchange.declare_return,
        Act.CONFIRM_RETURN: exchange.confirm_return,
    }
    return simple[act](terms, signed)


def _permit(document: Document | None) -> Permit:
    if document is None:
        return NO_PERMIT
    r, s = bytes.fromhex(document["r"]), bytes.fromhex(document["s"])
    return Permit(int(document["value_units"]), document["deadline_s"], document["v"], r, s)


_CALLS: dict[str, Callable[[CommunityContracts, Document], Call]] = {
    TRANSFER: _transfer_call,
    **{act.value: partial(_agreement_call, act) for act in Act},
}
