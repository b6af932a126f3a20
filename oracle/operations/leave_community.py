"""A member leaves on chain (F11), or is excluded after the notice; after the grace what is left is swept.

The wallet's word is needed to leave; an exclusion is the community admin's.  The membership ends when the wallet is
empty and nothing more comes to it, or when its grace is over.
"""

from collections.abc import Mapping
from typing import Any

from gettone.chain.consent import LeaveNotice, sign_leave
from gettone.chain.contract_set import CommunityContracts
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.communities import Communities, CommunityRow
from gettone.db.repositories.memberships import MembershipRow, Memberships
from gettone.db.repositories.operations import OperationRow
from gettone.db.repositories.wallets import CLOSED, WalletRow, Wallets
from gettone.errors import Conflict, Held
from gettone.membership.states import MemberState
from gettone.wallets.custody import open_key
from oracle.operations.community_acts import COMMUNITY_ADMIN
from oracle.operations.join_member import REGISTRAR
from oracle.worker.job import Run

DAY_S = 24 * 3600


def leave_community(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """End a membership on chain, wait for the grace, sweep the rest; killed anywhere it goes on where it was."""
    document = operation.document
    contracts = run.place.open_contracts(document["community"])
    with run.place.database.read() as connection:
        community = Communities(connection).get(document["community"])
        member = Memberships(connection, community.community_id).get(document["member_id"])
        wallet = Wallets(connection).of_member(member.member_id)
    if wallet is None:
        return {"swept_units": "0"}
    if contracts.members.grace_of(wallet.address) is None:
        run.step()
        _leave(run, contracts, community, wallet, operation)
        run.step()
    swept_units = _sweep(run, contracts, wallet, operation)
    _end(run, community, member, wallet)
    return {"swept_units": str(swept_units)}


def _leave(
    run: Run, contracts: CommunityContracts, community: CommunityRow, wallet: WalletRow, operation: OperationRow
) -> None:
    document, registry = operation.document, contracts.members
    intent = f"{operation.kind}/{operation.operation_id}"
    if document["excluded"]:
        _exclude(run, contracts, wallet, intent)
        return
    signature = document["signature"]
    if signature is None:
        signature = _notice_of(run, contracts, community, wallet, document["deadline_s"]).hex()
    call = registry.leave(wallet.member_id, document["deadline_s"], bytes.fromhex(signature))
    run.place.send(contracts.client, REGISTRAR, call, intent)


def _notice_of(
    run: Run, contracts: CommunityContracts, community: CommunityRow, wallet: WalletRow, deadline_s: int
) -> bytes:
    """The signed notice of a custodial wallet; each use of its key follows a logged request.

    The deadline is that of the request, so that a repetition signs the same bytes.
    """
    if wallet.key is None:
        raise Conflict("signature_missing", "the wallet's own signature is needed to leave: its key is not held here")
    signer = open_key(run.place.vault(), community.slug, wallet.member_id, wallet.key)
    registry, client = contracts.members, contracts.client
    notice = LeaveNotice(community.slug, wallet.member_id, registry.nonces(wallet.address), deadline_s)
    with run.place.database.write() as connection:
        deed = Deed("signer", "wallet.sign.leave", wallet.member_id, community.community_id)
        AuditTrail(connection).append(deed, run.place.clock())
    return sign_leave(signer, registry.address, client.chain_id, notice)


def _exclude(run: Run, contracts: CommunityContracts, wallet: WalletRow, intent: str) -> None:
    """Announce, wait for the notice that everybody sees, exclude; Held while the notice runs."""
    registry, client = contracts.members, contracts.client
    pending = registry.pending_exclusion(wallet.member_id)
    if pending is None or client.now_s() > pending.until_s:
        announced = f"{intent}/announce/{client.now_s() // DAY_S}"
        run.place.send(client, COMMUNITY_ADMIN, registry.announce_exclusion(wallet.member_id), announced)
        pending = registry.pending_exclusion(wallet.member_id)
    if pending is not None and client.now_s() < pending.from_s:
        raise Held("notice_runs", "the exclusion is announced on chain and takes effect after the notice")
    run.place.send(client, COMMUNITY_ADMIN, registry.exclude(wallet.member_id), f"{intent}/exclude")


def _sweep(run: Run, contracts: CommunityContracts, wallet: WalletRow, operation: OperationRow) -> int:
    """Move what is left after the grace to the Treasury; Held while a member may still give or return tokens."""
    units = contracts.token.balance_of(wallet.address)
    if units == 0:
        return 0
    grace = contracts.members.grace_of(wallet.address)
    if grace is not None and grace.left_s > 0:
        raise Held("grace_runs", "the member left and may still give or return tokens: what remains is swept then")
    intent = f"{operation.kind}/{operation.operation_id}/sweep"
    run.place.send(contracts.client, REGISTRAR, contracts.members.sweep(wallet.address), intent)
    return units


def _end(run: Run, community: CommunityRow, member: MembershipRow, wallet: WalletRow) -> None:
    """The membership is over; a custodial key has nothing left to move and is destroyed."""
    now_ms = run.place.clock()
    with run.place.database.write() as connection:
        memberships = Memberships(connection, community.community_id)
        if memberships.get(member.member_id).state is MemberState.LEAVING:
            memberships.move(member.member_id, MemberState.LEFT, None, now_ms)
        Wallets(connection).end(wallet.address, CLOSED, now_ms)
        AuditTrail(connection).append(
            Deed("registrar", "member.left", member.member_id, community.community_id), now_ms
        )
