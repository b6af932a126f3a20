"""Leaving a community: by the member's own wallet, or excluded by an administrator after the notice (F11)."""

from datetime import timedelta

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.matrix import OWN_COMMUNITY
from api.members.repository import set_end
from api.members.schemas import StateBody
from api.once import Answer
from api.operations import service as operations
from api.refusals import Invalid
from api.wallets import proof, repository
from api.wallets.schemas import LeaveInput
from gettone.chain.consent import LeaveNotice, leave_statement
from gettone.chain.statements import is_signed_by
from gettone.db.columns import SLOT_S
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.memberships import MembershipRow, Memberships
from gettone.db.repositories.wallets import ACTIVE, WalletRow, Wallets
from gettone.errors import Conflict
from gettone.membership.states import MemberState
from gettone.periods import load_zone, local_date, midnight_s
from gettone.wallets.custody import Custody

LEAVE = "wallet.leave"
SIGNED_S = 30 * 86_400
_GONE = (MemberState.LEAVING, MemberState.LEFT)


def leave(connection: Connection, context: ApiContext, access: Access, member_id: str, why: LeaveInput) -> Answer:
    """End a membership with the next local midnight, and the account on chain; a repetition changes nothing."""
    member = repository.locked_member(connection, access.where.community_id, member_id)
    if member.state in _GONE:
        return Answer(200, StateBody(id=member_id, state=member.state.value).model_dump(mode="json"))
    excluded = OWN_COMMUNITY in access.letters and access.own_member_id != member_id
    wallet = Wallets(connection).of_member(member_id)
    document: dict[str, object] | None = None
    if wallet is not None and wallet.state == ACTIVE:
        document = {"community": access.where.slug, "member_id": member_id, "excluded": excluded}
        document |= {"deadline_s": 0, "signature": None} if excluded else _word(context, access, wallet, why)
    _end_membership(connection, context, access, member, why.reason, on_chain=document is not None)
    deed = Deed(access.person.name, "member.leave", member_id, access.where.community_id, reason=why.reason)
    AuditTrail(connection).append(deed, context.clock())
    if document is None:
        return Answer(200, StateBody(id=member_id, state="left").model_dump(mode="json"))
    return operations.ask(connection, context, access, LEAVE, document)


def _word(context: ApiContext, access: Access, wallet: WalletRow, why: LeaveInput) -> dict[str, object]:
    """The wallet's notice, checked; a custodial one signs it later with the deadline that is set here."""
    registry, client = proof.registry_of(context, access), proof.chain_of(context).client
    if wallet.custody is Custody.CUSTODIAL:
        return {"deadline_s": client.now_s() + SIGNED_S, "signature": None}
    if why.signature is None or why.deadline_s is None:
        raise _invalid("the wallet's own word is needed: sign Leave and send it with its deadline")
    nonce = registry.nonces(wallet.address)
    notice = LeaveNotice(access.where.slug, wallet.member_id, nonce, why.deadline_s)
    statement = leave_statement(registry.address, client.chain_id, notice)
    signature = bytes.fromhex(why.signature[2:])
    if why.deadline_s <= client.now_s() or not is_signed_by(client, wallet.address, statement, signature):
        raise _invalid("this is no notice of the wallet to leave, or its deadline is over")
    return {"deadline_s": why.deadline_s, "signature": signature.hex()}


def _end_membership(
    connection: Connection, context: ApiContext, access: Access, member: MembershipRow, reason: str, *, on_chain: bool
) -> None:
    """The interval ends with the next local midnight, so that no later leaf is written."""
    memberships, now_ms = Memberships(connection, access.where.community_id), context.clock()
    if on_chain:
        memberships.move(member.member_id, MemberState.LEAVING, reason, now_ms)
    else:
        memberships.put_state(member.member_id, MemberState.LEFT, reason, now_ms)
        waiting = Wallets(connection).of_member(member.member_id)
        if waiting is not None:
            Wallets(connection).unlink(waiting.address)
    if member.from_slot is None:
        return
    tomorrow = local_date(now_ms // 1000, access.where.tz) + timedelta(days=1)
    end_slot = max(midnight_s(tomorrow, load_zone(access.where.tz)) // SLOT_S, member.from_slot + 1)
    if (member.to_slot is None or member.to_slot > end_slot) and not set_end(connection, member, end_slot):
        raise Conflict("period_closed", "a period after this day is settled already: wait for its revision")


def _invalid(message: str) -> Invalid:
    return Invalid("invalid", message, fields=(("/body/signature", "value"),))
