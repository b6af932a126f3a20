"""Replacing a member's wallet: at once where the present one signs, else confirmed by another person (F16)."""

from collections.abc import Mapping

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.instants import instant_text
from api.once import Answer
from api.operations.repository import asker_of
from api.operations.service import place_of
from api.refusals import Invalid, NotFound
from api.wallets import proof, repository
from api.wallets.schemas import DecideInput, ObjectInput, ReplaceInput, ReplacementBody
from gettone.chain.consent import Objection, ReplaceOrder, objection_statement, replace_statement
from gettone.chain.statements import is_signed_by
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.memberships import MembershipRow
from gettone.db.repositories.operations import Operations
from gettone.db.repositories.wallet_replacements import (
    CONFIRMED,
    OBJECTED,
    OPEN,
    REQUESTED,
    ReplacementRow,
    WalletReplacements,
)
from gettone.db.repositories.wallets import ACTIVE, CLOSED, REPLACING, WalletRow, Wallets
from gettone.errors import Conflict
from gettone.wallets.custody import Custody, new_sealed_key

REPLACE, OBJECT = "wallet.replace", "wallet.object"
SIGNED_S = 30 * 86_400


def ask(connection: Connection, context: ApiContext, access: Access, member_id: str, wanted: ReplaceInput) -> Answer:
    """Ask for another wallet; where the present one signs, the chain is asked at once."""
    member = repository.locked_member(connection, access.where.community_id, member_id)
    wallets, replacements = Wallets(connection), WalletReplacements(connection)
    present = wallets.of_member(member_id)
    if present is None or present.state != ACTIVE:
        raise Conflict("conflict", "this member has no wallet on chain yet: link one instead")
    if any(one.state in OPEN for one in replacements.of_member(member_id)):
        raise Conflict("conflict", "another replacement of this member is open: object to it first")
    new, consent, deadline_s = _new_wallet(connection, context, access, member, wanted)
    order = _order(context, access, present, new.address, deadline_s, wanted.order)
    wallets.add(new)
    stated = {"community_id": access.where.community_id, "member_id": member_id, "old_address": present.address}
    stated |= {"new_address": new.address, "consent": consent, "order_signature": order, "deadline_s": deadline_s}
    number = replacements.add(stated | {"requested_by": access.person.name, "requested_at": context.clock()})
    _note(connection, context, access, "wallet.replace.request", number, wanted.reason)
    row = _row(connection, number, member_id)
    if not _needs_confirmation(connection, row):
        return _asked(connection, context, access, row, REPLACE, {}, 202)
    return Answer(201, body_of(connection, row).model_dump(mode="json"))


def confirm(
    connection: Connection, context: ApiContext, access: Access, member_id: str, number: str, why: DecideInput
) -> Answer:
    """Another person has seen the member: the registrar proposes, and the delay begins."""
    repository.locked_member(connection, access.where.community_id, member_id)
    row = _row(connection, number, member_id)
    if row.requested_by == access.person.name or _is_own(access, member_id):
        raise Conflict("self_approval", "nobody confirms the replacement of the own wallet: ask another person")
    values = {"decided_by": access.person.name, "decided_at": context.clock()}
    if not WalletReplacements(connection).move(number, (REQUESTED,), CONFIRMED, **values):
        if row.state not in OPEN:
            raise Conflict("conflict", f"this replacement is {row.state} already")
        return Answer(200, body_of(connection, row).model_dump(mode="json"))
    _note(connection, context, access, "wallet.confirm", number, why.reason)
    return _asked(connection, context, access, _row(connection, number, member_id), REPLACE, {}, 202)


def object_to(
    connection: Connection, context: ApiContext, access: Access, member_id: str, number: str, word: ObjectInput
) -> Answer:
    """The member wants to keep the present wallet: before the proposal at once, after it with that wallet's word."""
    repository.locked_member(connection, access.where.community_id, member_id)
    row = _row(connection, number, member_id)
    if row.state == OBJECTED:
        return Answer(200, body_of(connection, row).model_dump(mode="json"))
    if row.state not in OPEN:
        raise Conflict("conflict", f"this replacement is {row.state} already: nothing is left to object to")
    _note(connection, context, access, "wallet.object", number)
    if row.state == REQUESTED and WalletReplacements(connection).move(number, (REQUESTED,), OBJECTED):
        Wallets(connection).end(row.new_address, CLOSED, context.clock())
        return Answer(200, body_of(connection, _row(connection, number, member_id)).model_dump(mode="json"))
    document = {"deadline_s": word.deadline_s, "signature": _objection(connection, context, access, row, word)}
    return _asked(connection, context, access, row, OBJECT, document, 202)


def body_of(connection: Connection, row: ReplacementRow, operation: str | None = None) -> ReplacementBody:
    """A replacement as the member and the administrators see it."""
    at = row.executable_at_s
    return ReplacementBody.model_validate(
        {
            "id": row.replacement_id,
            "old_address": row.old_address,
            "new_address": row.new_address,
            "state": row.state,
            "needs_confirmation": row.state == REQUESTED and _needs_confirmation(connection, row),
            "executable_at": None if at is None else instant_text(at * 1000),
            "requested_at": instant_text(row.requested_at),
            "operation": operation,
        }
    )


def _new_wallet(
    connection: Connection, context: ApiContext, access: Access, member: MembershipRow, wanted: ReplaceInput
) -> tuple[WalletRow, bytes, int]:
    """The new wallet with its consent and the deadline of both signatures; a custodial one signs later."""
    where, now_ms = access.where.community_id, context.clock()
    if wanted.custody == "custodial":
        key = new_sealed_key(context.vault, access.where.slug, member.member_id)
        deadline_s = proof.chain_of(context).client.now_s() + SIGNED_S
        if wanted.order is not None:
            raise _invalid("order", "the present wallet cannot sign for an address that is made only now: leave it out")
        row = WalletRow(key.address, where, member.member_id, Custody.CUSTODIAL, REPLACING, key, None, now_ms, None)
        return row, b"", deadline_s
    if wanted.message is None or wanted.signature is None or wanted.consent is None:
        raise _invalid("message", "an own wallet proves itself: send message, signature and consent")
    signature = bytes.fromhex(wanted.signature[2:])
    address = proof.prove(connection, context, access, member.member_id, wanted.message, signature)
    proof.refuse_unusable(context, address)
    if Wallets(connection).find(address) is not None:
        raise Conflict("wallet_taken", "this address serves a member already, or did: take another one")
    deadline_s, signature = wanted.consent.deadline_s, bytes.fromhex(wanted.consent.signature[2:])
    consent = proof.checked_consent(context, access, member, address, deadline_s, signature)
    custody = Custody(wanted.custody)
    row = WalletRow(address, where, member.member_id, custody, REPLACING, None, consent, now_ms, None)
    return row, consent.signature, deadline_s


def _order(
    context: ApiContext, access: Access, present: WalletRow, new_address: str, deadline_s: int, given: str | None
) -> bytes | None:
    """The present wallet's signature, checked; None where it is lost, or held here."""
    if given is None:
        return None
    registry, client = proof.registry_of(context, access), proof.chain_of(context).client
    nonce = registry.nonces(present.address)
    order = ReplaceOrder(access.where.slug, present.member_id, new_address, nonce, deadline_s)
    statement = replace_statement(registry.address, client.chain_id, order)
    if not is_signed_by(client, present.address, statement, bytes.fromhex(given[2:])):
        raise _invalid("order", "this is no order of the present wallet to be replaced by the new one")
    return bytes.fromhex(given[2:])


def _objection(
    connection: Connection, context: ApiContext, access: Access, row: ReplacementRow, word: ObjectInput
) -> str | None:
    """The present wallet's objection in hex, checked; None where its key is held here."""
    present = Wallets(connection).find(row.old_address)
    if present is not None and present.custody is Custody.CUSTODIAL:
        return None
    if word.signature is None or word.deadline_s is None:
        raise _invalid("signature", "the present wallet's word is needed: sign Object and send it with its deadline")
    registry, client = proof.registry_of(context, access), proof.chain_of(context).client
    nonce = registry.nonces(row.old_address)
    objection = Objection(access.where.slug, row.member_id, row.new_address, nonce, word.deadline_s)
    statement = objection_statement(registry.address, client.chain_id, objection)
    if not is_signed_by(client, row.old_address, statement, bytes.fromhex(word.signature[2:])):
        raise _invalid("signature", "this is no objection of the present wallet to this replacement")
    return word.signature[2:]


def _needs_confirmation(connection: Connection, row: ReplacementRow) -> bool:
    """Whether the present wallet does not sign, so that another person must have seen the member."""
    old = Wallets(connection).find(row.old_address)
    return row.order_signature is None and (old is None or old.custody is not Custody.CUSTODIAL)


def _asked(
    connection: Connection,
    context: ApiContext,
    access: Access,
    row: ReplacementRow,
    kind: str,
    more: Mapping[str, object],
    status: int,
) -> Answer:
    document = {"community": access.where.slug, "replacement_id": row.replacement_id, **more}
    asker, where = asker_of(access.person), access.where.community_id
    operation = Operations(connection).add(kind, document, asker, context.clock(), where)
    body = body_of(connection, row, operation)
    return Answer(status, body.model_dump(mode="json"), {"Location": place_of(operation)})


def _row(connection: Connection, number: str, member_id: str) -> ReplacementRow:
    found = WalletReplacements(connection).get(number)
    if found is None or found.member_id != member_id:
        raise NotFound("not_found", "there is no such replacement of this member")
    return found


def _is_own(access: Access, member_id: str) -> bool:
    mine = [one.member_id for one in access.person.rights if one.community_id == access.where.community_id]
    return member_id in mine


def _note(
    connection: Connection, context: ApiContext, access: Access, action: str, subject: str, reason: str | None = None
) -> None:
    deed = Deed(access.person.name, action, subject, access.where.community_id, reason=reason)
    AuditTrail(connection).append(deed, context.clock())


def _invalid(field: str, message: str) -> Invalid:
    return Invalid("invalid", message, fields=((f"/body/{field}", "value"),))
