"""A member with a linked wallet comes on chain, once: consent, transaction, and what follows from it (F4, F5).

The consent is stored before it is sent, the transaction goes through the outbox under an intent that names member,
wallet and nonce, and only what the chain then says of the member moves the membership on.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from gettone.chain.consent import JoinConsent, MemberClass, sign_join
from gettone.chain.contract_set import CommunityContracts
from gettone.db.columns import SLOT_S
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.communities import Communities, CommunityRow
from gettone.db.repositories.memberships import MembershipRow, Memberships
from gettone.db.repositories.operations import OperationRow
from gettone.db.repositories.wallets import Consent, WalletRow, Wallets
from gettone.errors import Conflict
from gettone.membership.states import MemberState
from gettone.periods import load_zone, local_date, midnight_s
from gettone.wallets.custody import Custody, open_key
from oracle.worker.job import Run

REGISTRAR = "registrar"
CONSENT_S = 24 * 3600


def join_member(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Bring a member on chain with the wallet that is linked, unless that is done already."""
    document = operation.document
    contracts = run.place.open_contracts(document["community"])
    community, member, wallet = _known(run, document)
    if wallet is None or wallet.address != document["address"]:
        return {"joined": False, "reason": "another wallet was linked meanwhile"}
    if contracts.members.wallet_of(member.member_id) != wallet.address or not _is_inside(contracts, wallet):
        run.step()
        _send(run, contracts, community, member, wallet)
        run.step()
    if contracts.members.wallet_of(member.member_id) != wallet.address:
        raise Conflict("join_differs", "the chain has another wallet for this member: see the member's replacements")
    with run.place.database.write() as connection:
        _settle_in(connection, community, member.member_id, wallet, run.place.clock())
    return {"joined": True, "address": wallet.address}


def _known(run: Run, document: Mapping[str, Any]) -> tuple[CommunityRow, MembershipRow, WalletRow | None]:
    with run.place.database.read() as connection:
        community = Communities(connection).get(document["community"])
        member = Memberships(connection, community.community_id).get(document["member_id"])
        return community, member, Wallets(connection).of_member(member.member_id)


def _is_inside(contracts: CommunityContracts, wallet: WalletRow) -> bool:
    """Whether the chain counts the wallet as a member's that has not left."""
    return contracts.members.grace_of(wallet.address) is None


def _send(
    run: Run, contracts: CommunityContracts, community: CommunityRow, member: MembershipRow, wallet: WalletRow
) -> None:
    """Send the join with the registrar's key; a custodial wallet consents here, any other has done so before."""
    consent = wallet.consent
    now_s = contracts.client.now_s()
    if wallet.custody is Custody.CUSTODIAL and (consent is None or consent.deadline_s <= now_s):
        consent = _consent_of(run, contracts, community, member, wallet)
    if consent is None or consent.deadline_s <= now_s:
        raise Conflict("consent_expired", "the wallet's consent has expired: the member links the wallet again")
    member_class = MemberClass(member.member_class.chain_class)
    call = contracts.members.join(member.member_id, wallet.address, member_class, consent.deadline_s, consent.signature)
    intent = f"join/{community.slug}/{member.member_id}/{wallet.address}/{consent.nonce}/{consent.deadline_s}"
    run.place.send(contracts.client, REGISTRAR, call, intent)


def _consent_of(
    run: Run, contracts: CommunityContracts, community: CommunityRow, member: MembershipRow, wallet: WalletRow
) -> Consent:
    """The consent of a custodial wallet, stored before it is used; each use follows a logged request."""
    if wallet.key is None:
        raise Conflict("key_destroyed", "the key of this wallet was destroyed: the member links another one")
    signer = open_key(run.place.vault(), community.slug, member.member_id, wallet.key)
    nonce = contracts.members.nonces(wallet.address)
    deadline_s = contracts.client.now_s() + CONSENT_S
    member_class = MemberClass(member.member_class.chain_class)
    stated = JoinConsent(community.slug, member.member_id, member_class, nonce, deadline_s)
    signature = sign_join(signer, contracts.members.address, contracts.client.chain_id, stated)
    consent = Consent(signature, nonce, deadline_s)
    with run.place.database.write() as connection:
        Wallets(connection).set_consent(wallet.address, consent)
        deed = Deed("signer", "wallet.sign.join", member.member_id, community.community_id)
        AuditTrail(connection).append(deed, run.place.clock())
    return consent


def _settle_in(connection: Connection, community: CommunityRow, member_id: str, wallet: WalletRow, now_ms: int) -> None:
    """What follows from a join, in one transaction: wallet and member are active, the membership begins."""
    if not Wallets(connection).join(wallet.address, now_ms):
        return
    Communities(connection).set_wallet(member_id, wallet.address)
    memberships = Memberships(connection, community.community_id)
    member = memberships.get(member_id)
    if member.state is MemberState.WALLET_PENDING:
        memberships.move(member_id, MemberState.ACTIVE, None, now_ms)
        start_slot = _first_slot(community, member, now_ms)
        Communities(connection).set_interval(member_id, start_slot)
    AuditTrail(connection).append(Deed("registrar", "member.join", member_id, community.community_id), now_ms)


def _first_slot(community: CommunityRow, member: MembershipRow, now_ms: int) -> int:
    """The slot of the next local midnight, or of the one at which the membership may begin at the earliest."""
    after_s = max(now_ms, member.not_before or 0) // 1000
    zone, day = load_zone(community.tz), local_date(after_s, community.tz)
    is_midnight = midnight_s(day, zone) == after_s and after_s * 1000 > now_ms
    return midnight_s(day if is_midnight else day + timedelta(days=1), zone) // SLOT_S
