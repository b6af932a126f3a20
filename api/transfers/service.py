"""Transfers are tried against the chain before anything is promised, then carried by the worker."""

import base64
import secrets
from typing import Any

from sqlalchemy import Connection

from api.access import Access, require_step_up
from api.chain_calls import try_call, would_refuse
from api.context import ApiContext
from api.health.service import require_chain
from api.member_wallets import ActingMember, acting_member, require_carried, require_unlocked
from api.once import Answer
from api.operations import service as operations
from api.refusals import Invalid
from api.transfers.repository import TransferRepository
from api.transfers.schemas import AuthorizationIn, PreviewBody, PreviewIn, TransferIn
from gettone.chain.authorization import TransferAuthorization
from gettone.chain.contract import checksum_address
from gettone.chain.refused import ContractRefused
from gettone.db.repositories.member_acts import ActRow, ActState
from gettone.economy.acts import TRANSFER, call_of, transfer_document
from gettone.errors import InputError

# Above this a person logs in afresh: a hundred tokens.
STEP_UP_UNITS = 100 * 10**18


def preview(context: ApiContext, access: Access, body: PreviewIn) -> PreviewBody:
    """Net and fee of a transfer now; Conflict `would_refuse` with the contract's reason where it would be refused."""
    token = require_chain(context).contracts(access.where.slug).token
    to = address_of(body.to)
    with context.database.read() as connection:
        member = acting_member(connection, access)
        is_first = TransferRepository(connection, access.where.community_id).is_first(member, to)
    try:
        found = token.preview_transfer(member.wallet, to, int(body.units))
    except ContractRefused as refusal:
        raise would_refuse(refusal) from None
    return PreviewBody(
        sender=member.wallet,
        to=to,
        net_units=found.net_units,
        fee_units=found.fee_units,
        first_time=is_first,
    )


def check(context: ApiContext, access: Access, body: TransferIn) -> None:
    """All that is refused before a transfer is written down; one that was written down before is not tried again."""
    require_unlocked(context, access)
    if int(body.units) > STEP_UP_UNITS:
        require_step_up(access.person, context.clock())
    chain = require_chain(context)
    with context.database.read() as connection:
        member = acting_member(connection, access)
        if TransferRepository(connection, access.where.community_id).find(member, once_of(body)) is not None:
            return
        if body.authorization is not None:
            require_carried(connection, context, access, member)
    if body.authorization is not None:
        document = document_of(member, body, body.authorization)
        try_call(chain, call_of(chain.contracts(access.where.slug), TRANSFER, document))


def transfer(connection: Connection, context: ApiContext, access: Access, body: TransferIn) -> Answer:
    """Write a transfer down and have it carried or watched; the same nonce again is the same transfer."""
    member = acting_member(connection, access)
    repository = TransferRepository(connection, access.where.community_id)
    found = repository.find(member, once_of(body))
    if found is not None:
        return operations.again(connection, found.operation_id)
    act_id = "act_" + base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
    kind = "act.watch" if body.authorization is None else "act.relay"
    answer = operations.ask(connection, context, access, kind, {"act": act_id})
    document = {} if body.authorization is None else document_of(member, body, body.authorization)
    repository.add(
        ActRow(
            act_id=act_id,
            community_id=access.where.community_id,
            member_id=member.member_id,
            wallet=member.wallet,
            kind=TRANSFER,
            once=once_of(body),
            is_relayed=body.authorization is not None,
            document=document,
            receiver=address_of(body.to),
            units=int(body.units),
            memo=body.memo,
            operation_id=answer.document["id"],
            state=ActState.WAITING,
            tx_hash=None,
            block_number=None,
            created_at=context.clock(),
        )
    )
    return answer


def once_of(body: TransferIn) -> bytes:
    """What makes a transfer this one: the nonce that was signed, or its transaction."""
    word = body.tx_hash if body.authorization is None else body.authorization.nonce
    return bytes.fromhex((word or "")[2:])


def document_of(member: ActingMember, body: TransferIn, signed: AuthorizationIn) -> dict[str, Any]:
    """What was signed, as it is kept; Invalid for a window that no contract takes."""
    try:
        authorization = TransferAuthorization(
            member.wallet,
            address_of(body.to),
            int(body.units),
            signed.valid_after_s,
            signed.valid_before_s,
            bytes.fromhex(signed.nonce[2:]),
        )
    except InputError as refusal:
        fields = (("/body/authorization/valid_before_s", "window"),)
        raise Invalid("invalid", refusal.message, fields=fields) from None
    return transfer_document(authorization, bytes.fromhex(signed.signature[2:]))


def address_of(text: str) -> str:
    """An address in EIP-55; Invalid where capitals and small letters are not those of its checksum."""
    address = checksum_address(text.lower())
    if text[2:] not in (address[2:], text[2:].lower()):
        raise Invalid("invalid", "the address has a wrong letter: copy it anew", fields=(("/body/to", "checksum"),))
    return address
