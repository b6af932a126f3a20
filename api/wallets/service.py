"""Wallets: one active wallet for a member, an address for one member in the whole deployment (F5, §3.1)."""

from dataclasses import asdict

from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext
from api.instants import instant_text
from api.once import Answer
from api.operations.service import place_of
from api.refusals import NotFound
from api.wallets import proof, replacing, repository
from api.wallets.schemas import (
    ChallengeBody,
    ChallengeInput,
    LevelBody,
    LinkInput,
    NewWalletInput,
    ReplacementsBody,
    WalletBody,
)
from gettone.chain.consent import join_typed_data
from gettone.chain.contract import checksum_address
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.memberships import MembershipRow, Memberships
from gettone.db.repositories.wallet_replacements import WalletReplacements
from gettone.db.repositories.wallets import ACTIVE, LINKED, Consent, WalletRow, Wallets
from gettone.errors import Conflict
from gettone.membership.states import MemberState
from gettone.wallets.custody import LEVELS, Custody, new_sealed_key

_MAY_LINK = (MemberState.WALLET_PENDING, MemberState.ACTIVE)


def challenge(
    connection: Connection, context: ApiContext, access: Access, member_id: str, wanted: ChallengeInput
) -> ChallengeBody:
    """What a wallet signs to be linked."""
    address = checksum_address(wanted.address)
    member = repository.locked_member(connection, access.where.community_id, member_id)
    registry = proof.registry_of(context, access)
    issued = proof.issue(connection, context, access, member_id, address)
    chain = proof.chain_of(context)
    deadline_s = chain.client.now_s() + proof.CONSENT_S
    consent = proof.consent_of(access, member, registry.nonces(address), deadline_s)
    return ChallengeBody(
        message=issued.message,
        expires_at=instant_text(issued.expires_at),
        consent=join_typed_data(registry.address, chain.client.chain_id, consent),
        consent_deadline_s=deadline_s,
    )


def link(connection: Connection, context: ApiContext, access: Access, member_id: str, wanted: LinkInput) -> Answer:
    """Link a wallet whose owner proves it and consents; a repetition is answered with the same account."""
    member = _linkable(connection, access, member_id)
    address = proof.prove(connection, context, access, member_id, wanted.message, _bytes(wanted.signature))
    proof.refuse_unusable(context, address)
    wallets = Wallets(connection)
    present = wallets.of_member(member_id)
    if present is not None and present.address == address and present.state == ACTIVE:
        return _answer(context, access, present, 200)
    deadline_s, signature = wanted.consent.deadline_s, _bytes(wanted.consent.signature)
    consent = proof.checked_consent(context, access, member, address, deadline_s, signature)
    if present is not None and present.address == address:
        wallets.set_consent(address, consent)
        return _asked(connection, context, access, present, 200)
    _refuse_second(wallets, present, address)
    return _add(connection, context, access, member_id, address, Custody(wanted.custody), consent)


def make(
    connection: Connection, context: ApiContext, access: Access, member_id: str, _wanted: NewWalletInput
) -> Answer:
    """Make a wallet that the server holds; a repetition is answered with the same account."""
    _linkable(connection, access, member_id)
    proof.chain_of(context)
    wallets = Wallets(connection)
    present = wallets.of_member(member_id)
    if present is not None and present.custody is Custody.CUSTODIAL:
        return _answer(context, access, present, 200)
    key = new_sealed_key(context.vault, access.where.slug, member_id)
    _refuse_second(wallets, present, key.address)
    now_ms, where = context.clock(), access.where.community_id
    wallets.add(WalletRow(key.address, where, member_id, Custody.CUSTODIAL, LINKED, key, None, now_ms, None))
    return _linked(connection, context, access, key.address)


def read(context: ApiContext, access: Access, member_id: str) -> WalletBody:
    """The wallet of a member; NotFound for who has none."""
    found = repository.of_member(context, access.where.community_id, member_id)
    if found is None:
        raise NotFound("not_found", "this member has no wallet yet")
    return body_of(context, access, found)


def replacements(context: ApiContext, access: Access, member_id: str) -> ReplacementsBody:
    """The replacements of a member of this community, the newest first."""
    with context.database.read() as connection:
        Memberships(connection, access.where.community_id).get(member_id)
        rows = WalletReplacements(connection).of_member(member_id)
        return ReplacementsBody(items=[replacing.body_of(connection, one) for one in rows])


def body_of(context: ApiContext, access: Access, row: WalletRow, operation: str | None = None) -> WalletBody:
    """A wallet with what its level of custody means."""
    client = proof.chain_of(context).client
    place = (str(client.chain_id), client.genesis_hash.hex(), access.where.slug, row.member_id)
    return WalletBody.model_validate(
        {
            "chain_account_id": ":".join(place),
            "address": row.address,
            "custody": row.custody.value,
            "level": LevelBody(**asdict(LEVELS[row.custody])),
            "state": row.state,
            "linked_at": instant_text(row.linked_at),
            "joined_at": None if row.joined_at is None else instant_text(row.joined_at),
            "operation": operation,
        }
    )


def _linkable(connection: Connection, access: Access, member_id: str) -> MembershipRow:
    member = repository.locked_member(connection, access.where.community_id, member_id)
    if member.state not in _MAY_LINK:
        raise Conflict("conflict", f"a member who is {member.state} links no wallet: see the states of a member")
    return member


def _refuse_second(wallets: Wallets, present: WalletRow | None, address: str) -> None:
    """One wallet for a member: one that is on chain is replaced, one that never came there gives way."""
    if wallets.find(address) is not None:
        raise Conflict("wallet_taken", "this address serves a member already, or did: take another one")
    if present is not None and present.state == ACTIVE:
        raise Conflict("conflict", "this member has a wallet: ask for its replacement")
    if present is not None:
        wallets.unlink(present.address)


def _add(
    connection: Connection,
    context: ApiContext,
    access: Access,
    member_id: str,
    address: str,
    custody: Custody,
    consent: Consent,
) -> Answer:
    where, now_ms = access.where.community_id, context.clock()
    Wallets(connection).add(WalletRow(address, where, member_id, custody, LINKED, None, consent, now_ms, None))
    return _linked(connection, context, access, address)


def _linked(connection: Connection, context: ApiContext, access: Access, address: str) -> Answer:
    row = Wallets(connection).find(address)
    assert row is not None  # noqa: S101 - written just above
    deed = Deed(access.person.name, "wallet.link", row.member_id, access.where.community_id)
    AuditTrail(connection).append(deed, context.clock())
    return _asked(connection, context, access, row, 201)


def _asked(connection: Connection, context: ApiContext, access: Access, row: WalletRow, status: int) -> Answer:
    operation = repository.ask_join(connection, context, access, row)
    body = body_of(context, access, row, operation)
    return Answer(status, body.model_dump(mode="json"), {"Location": place_of(operation)})


def _answer(context: ApiContext, access: Access, row: WalletRow, status: int) -> Answer:
    return Answer(status, body_of(context, access, row).model_dump(mode="json"))


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
