"""What parties do about an agreement: carried with their signature, or prepared for their own wallet."""

import base64
import hashlib
import secrets

from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from api.access import Access
from api.agreements.repository import AgreementRepository, Known
from api.agreements.schemas import ActIn, PermitIn, PreparedBody
from api.agreements.service import require_mine
from api.chain_calls import try_call
from api.context import ApiContext
from api.health.service import require_chain
from api.member_wallets import ActingMember, acting_member, require_carried, require_unlocked
from api.once import Answer, Once
from api.operations import service as operations
from api.refusals import Invalid, NotPermitted
from gettone.chain.agreement import Act, Authorization
from gettone.chain.authorization import Permit
from gettone.chain.categories import CATEGORIES
from gettone.chain.service_exchange import AgreementState
from gettone.db.repositories.member_acts import ActRow, ActState, MemberActs
from gettone.economy.acts import agreement_document, call_of
from gettone.errors import Conflict

NOTHING = bytes(32)
_ALLOWED = {
    Act.CANCEL: (AgreementState.PROPOSED, AgreementState.ACCEPTED, AgreementState.DELIVERED),
    Act.ACCEPT: (AgreementState.PROPOSED,),
    Act.DELIVER: (AgreementState.ACCEPTED,),
    Act.CONFIRM: (AgreementState.DELIVERED,),
    Act.DISPUTE: (
        AgreementState.ACCEPTED,
        AgreementState.DELIVERED,
        AgreementState.LENT,
        AgreementState.RETURNED,
    ),
    Act.DECLARE_RETURN: (AgreementState.LENT,),
    Act.CONFIRM_RETURN: (AgreementState.LENT, AgreementState.RETURNED),
    Act.FEEDBACK: (AgreementState.SETTLED, AgreementState.RESOLVED),
}


def act(
    context: ApiContext, access: Access, once: Once, agreement: str, wanted: Act, body: ActIn, words: str = ""
) -> JSONResponse:
    """One act of the caller: 202 when it is signed and carried, 200 with the transaction for the own wallet.

    Conflict `state` where the agreement is elsewhere, `would_refuse` with the contract's words.  The administrator acts
    for the community where it pays.
    """
    require_unlocked(context, access)
    with context.database.read() as connection:
        known = AgreementRepository(connection, access.where.community_id).get(agreement)
    require_mine(access, known)
    if access.own_member_id not in known.parties:
        return once.run(body, lambda connection: _for_community(connection, context, access, known, wanted, words))
    wanted = _in_order(known, wanted)
    detail = _detail(wanted, words)
    with context.database.read() as connection:
        member = acting_member(connection, access)
        document = _document(member, known, body, detail)
        is_told = body.signature is not None and _told(connection, access, member, wanted, body) is not None
    chain = require_chain(context)
    contracts = chain.contracts(access.where.slug)
    call = call_of(contracts, wanted.value, document)
    if body.signature is None:
        nonce = contracts.exchange.nonces(member.wallet)
        prepared = PreparedBody(to=str(call.to), data="0x" + call.data.hex(), value_units=0, nonce=nonce)
        return JSONResponse(prepared.model_dump(mode="json"))
    if not is_told:
        try_call(chain, call)
    return once.run(body, lambda connection: _carry(connection, context, access, member, wanted, body, document, words))


def deliver(context: ApiContext, access: Access, once: Once, agreement: str, body: ActIn) -> JSONResponse:
    """The delivery, or the return of what was lent."""
    is_lent = _state(context, access, agreement) is AgreementState.LENT
    return act(context, access, once, agreement, Act.DECLARE_RETURN if is_lent else Act.DELIVER, body)


def confirm(context: ApiContext, access: Access, once: Once, agreement: str, body: ActIn) -> JSONResponse:
    """The confirmation of a delivery, or of the return of what was lent."""
    is_lent = _state(context, access, agreement) in (AgreementState.LENT, AgreementState.RETURNED)
    return act(context, access, once, agreement, Act.CONFIRM_RETURN if is_lent else Act.CONFIRM, body)


def _state(context: ApiContext, access: Access, agreement: str) -> AgreementState | None:
    with context.database.read() as connection:
        record = AgreementRepository(connection, access.where.community_id).get(agreement).record
    return None if record is None else record.state


def _in_order(known: Known, wanted: Act) -> Act:
    """The act that this is now: who accepts first proposes; Conflict `state` where it cannot be done."""
    if known.record is None:
        if wanted is not Act.ACCEPT:
            raise Conflict("state", "this agreement is a draft: it begins when one of its parties accepts")
        return Act.PROPOSE
    if known.record.state not in _ALLOWED[wanted]:
        raise Conflict("state", f"this agreement is {known.record.state.name.lower()}: it cannot be done there")
    return wanted


def _carry(
    connection: Connection,
    context: ApiContext,
    access: Access,
    member: ActingMember,
    wanted: Act,
    body: ActIn,
    document: dict[str, object],
    words: str,
) -> Answer:
    told = _told(connection, access, member, wanted, body)
    if told is not None:
        return operations.again(connection, told.operation_id)
    require_carried(connection, context, access, member)
    act_id = "act_" + base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
    answer = operations.ask(connection, context, access, "act.relay", {"act": act_id})
    MemberActs(connection).add(
        ActRow(
            act_id=act_id,
            community_id=access.where.community_id,
            member_id=member.member_id,
            wallet=member.wallet,
            kind=wanted.value,
            once=_once(wanted, body),
            is_relayed=True,
            document=document,
            receiver=None,
            units=None,
            memo=words or None,
            operation_id=answer.document["id"],
            state=ActState.WAITING,
            tx_hash=None,
            block_number=None,
            created_at=context.clock(),
        )
    )
    return answer


def _for_community(
    connection: Connection, context: ApiContext, access: Access, known: Known, wanted: Act, words: str
) -> Answer:
    """The community's own word, by the key of its administrator."""
    if not CATEGORIES[known.terms.category].is_paid_by_community:
        raise NotPermitted("not_permitted", "only its parties act on this agreement: the community does not pay it")
    if wanted not in (Act.ACCEPT, Act.CANCEL, Act.DISPUTE):
        raise NotPermitted("not_permitted", "the community accepts, cancels or disputes: the rest is its parties'")
    document = {
        "act": _in_order(known, wanted).value,
        "agreement": "0x" + known.agreement_id.hex(),
        "detail": _detail(wanted, words).hex(),
    }
    return operations.ask(connection, context, access, "agreement.community", document)


def _document(member: ActingMember, known: Known, body: ActIn, detail: bytes) -> dict[str, object]:
    signature = b"" if body.signature is None else bytes.fromhex(body.signature[2:])
    if body.signature is not None and not body.deadline_s:
        fields = (("/body/deadline_s", "missing"),)
        raise Invalid("invalid", "say until when the signature is good, as it was signed", fields=fields)
    authorization = Authorization(member.member_id, body.deadline_s, signature)
    rating = int(getattr(body, "score", 0))
    return agreement_document(known.terms, authorization, _permit(body.permit), detail, rating)


def _permit(given: PermitIn | None) -> Permit | None:
    if given is None:
        return None
    r, s = bytes.fromhex(given.r[2:]), bytes.fromhex(given.s[2:])
    return Permit(int(given.value_units), given.deadline_s, given.v, r, s)


def _detail(wanted: Act, words: str) -> bytes:
    """The SHA-256 of the words of a dispute or a feedback."""
    return hashlib.sha256(words.encode()).digest() if wanted in (Act.DISPUTE, Act.FEEDBACK) else NOTHING


def _once(wanted: Act, body: ActIn) -> bytes:
    return hashlib.sha256(f"{wanted.value}/{body.signature}".encode()).digest()


def _told(connection: Connection, access: Access, member: ActingMember, wanted: Act, body: ActIn) -> ActRow | None:
    return MemberActs(connection).find(access.where.community_id, member.wallet, _once(wanted, body))
