"""A member's wallet is replaced (F16): at once where the old one signs, after a delay where it is lost.

What the chain says decides: a replacement is done when the member's wallet is the new one, and objected when its
proposal is gone before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gettone.chain.consent import (
    JoinConsent,
    MemberClass,
    Objection,
    ReplaceOrder,
    sign_join,
    sign_objection,
    sign_replace,
)
from gettone.chain.contract_set import CommunityContracts
from gettone.chain.signer import LocalSigner
from gettone.db.repositories.audit_trail import AuditTrail, Deed
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.mails import Mails
from gettone.db.repositories.memberships import Memberships
from gettone.db.repositories.operations import OperationRow
from gettone.db.repositories.wallet_replacements import (
    CONFIRMED,
    DONE,
    OBJECTED,
    OPEN,
    PROPOSED,
    ReplacementRow,
    WalletReplacements,
)
from gettone.db.repositories.wallets import ACTIVE, CLOSED, REPLACED, Wallets
from gettone.errors import Conflict, Held
from gettone.periods import utc_text
from gettone.wallets.custody import open_key
from oracle.operations.join_member import REGISTRAR
from oracle.worker.job import Run


@dataclass(frozen=True)
class _Case:
    """One replacement with what it needs: where it runs, the contracts, the row."""

    run: Run
    contracts: CommunityContracts
    slug: str
    row: ReplacementRow

    @property
    def is_done(self) -> bool:
        """Whether the chain has the new wallet for the member."""
        return self.contracts.members.wallet_of(self.row.member_id) == self.row.new_address

    def send(self, call: Any, act: str) -> None:
        """Send a call of this replacement once, with the registrar's key."""
        intent = f"wallet.{act}/{self.row.replacement_id}/{self.row.deadline_s}"
        self.run.place.send(self.contracts.client, REGISTRAR, call, intent)

    def key(self, address: str) -> LocalSigner | None:
        """The signer of a custodial wallet, None for any other."""
        with self.run.place.database.read() as connection:
            found = Wallets(connection).find(address)
        if found is None or found.key is None:
            return None
        return open_key(self.run.place.vault(), self.slug, self.row.member_id, found.key)

    def move(self, before: tuple[str, ...], after: str, **values: Any) -> None:
        """Write how far it came."""
        with self.run.place.database.write() as connection:
            WalletReplacements(connection).move(self.row.replacement_id, before, after, **values)


def replace_wallet(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Bring a replacement on chain, or see what became of it."""
    case = _case(run, operation)
    if case.row.state == OBJECTED:
        return {"state": OBJECTED}
    if not case.is_done:
        case = _signed(case, operation)
        if case.row.order_signature is not None:
            _replace_at_once(case)
        elif not _after_the_delay(case):
            _give_up(case)
            return {"state": OBJECTED}
    _finish(case)
    return {"state": DONE, "address": case.row.new_address}


def object_to_replacement(run: Run, operation: OperationRow) -> Mapping[str, Any]:
    """Carry the old wallet's objection to the chain; a custodial one signs here, as the member asked."""
    case, document = _case(run, operation), operation.document
    registry, row = case.contracts.members, case.row
    pending = registry.pending_replacement(row.member_id)
    if pending is not None and pending.new_wallet == row.new_address:
        signature = document["signature"] or _objection_of(case)
        deadline_s = document["deadline_s"] if document["signature"] else row.deadline_s
        call = registry.object_to_replacement(row.member_id, deadline_s, bytes.fromhex(signature))
        case.send(call, "object")
    if case.is_done:
        raise Conflict("objection_late", "the replacement took effect before the objection came: see the chain")
    _give_up(case)
    return {"state": OBJECTED}


def _case(run: Run, operation: OperationRow) -> _Case:
    slug = operation.document["community"]
    contracts = run.place.open_contracts(slug)
    with run.place.database.read() as connection:
        row = WalletReplacements(connection).get(operation.document["replacement_id"])
    if row is None:
        raise Conflict("conflict", "this replacement is gone: the member was erased")
    return _Case(run, contracts, slug, row)


def _signed(case: _Case, operation: OperationRow) -> _Case:
    """The same with the signatures of custodial wallets, stored before they are used."""
    row, signers = case.row, (case.key(case.row.new_address), case.key(case.row.old_address))
    values: dict[str, Any] = {}
    registry, chain_id = case.contracts.members, case.contracts.client.chain_id
    if not row.consent and signers[0] is not None:
        consent = JoinConsent(
            case.slug, row.member_id, _class_of(case), registry.nonces(row.new_address), row.deadline_s
        )
        values["consent"] = sign_join(signers[0], registry.address, chain_id, consent)
    if row.order_signature is None and signers[1] is not None:
        nonce = registry.nonces(row.old_address)
        order = ReplaceOrder(case.slug, row.member_id, row.new_address, nonce, row.deadline_s)
        values["order_signature"] = sign_replace(signers[1], registry.address, chain_id, order)
    if values:
        case.move((row.state,), row.state, **values)
        with case.run.place.database.write() as connection:
            deed = Deed("signer", "wallet.sign.replace", row.member_id, row.community_id)
            AuditTrail(connection).append(deed, case.run.place.clock())
    return _case(case.run, operation) if values else case


def _replace_at_once(case: _Case) -> None:
    row, registry = case.row, case.contracts.members
    assert row.order_signature is not None  # noqa: S101 - the caller saw it
    case.run.step()
    call = registry.replace_wallet(row.member_id, row.new_address, row.deadline_s, row.order_signature, row.consent)
    case.send(call, "replace")


def _after_the_delay(case: _Case) -> bool:
    """Propose, wait for the delay, execute; False when somebody objected.  Held while it waits."""
    row, registry = case.row, case.contracts.members
    pending = registry.pending_replacement(row.member_id)
    if row.state == CONFIRMED and pending is None:
        call = registry.propose_replacement(row.member_id, row.new_address, row.deadline_s, row.consent)
        case.send(call, "propose")
        pending = registry.pending_replacement(row.member_id)
    if pending is None or pending.new_wallet != row.new_address:
        return False
    if row.state == CONFIRMED:
        _tell_proposed(case, pending.executable_at_s)
    if case.contracts.client.now_s() < pending.executable_at_s:
        raise Held("replacement_waits", "the wallet is replaced after the delay, unless the member or old key objects")
    case.send(registry.execute_replacement(row.member_id), "execute")
    return True


def _tell_proposed(case: _Case, executable_at_s: int) -> None:
    """Keep when the proposal takes effect, and write it to the member in the same transaction."""
    row, now_ms = case.row, case.run.place.clock()
    with case.run.place.database.write() as connection:
        values = {"executable_at_s": executable_at_s}
        WalletReplacements(connection).move(row.replacement_id, (CONFIRMED,), PROPOSED, **values)
        member = Memberships(connection, row.community_id).get(row.member_id)
        if member.user_id is not None:
            fields = {"date": utc_text(executable_at_s)}
            Mails(connection).add(member.user_id, "wallet_replacement", row.replacement_id, fields, now_ms)


def _objection_of(case: _Case) -> str:
    row, registry, signer = case.row, case.contracts.members, case.key(case.row.old_address)
    if signer is None:
        raise Conflict("signature_missing", "the old wallet's own signature is needed: it is not held here")
    nonce = registry.nonces(row.old_address)
    objection = Objection(case.slug, row.member_id, row.new_address, nonce, row.deadline_s)
    return sign_objection(signer, registry.address, case.contracts.client.chain_id, objection).hex()


def _class_of(case: _Case) -> MemberClass:
    with case.run.place.database.read() as connection:
        member = Memberships(connection, case.row.community_id).get(case.row.member_id)
    return MemberClass(member.member_class.chain_class)


def _finish(case: _Case) -> None:
    """The database follows the chain: the new wallet is the member's, the old one is retired."""
    row, now_ms = case.row, case.run.place.clock()
    if not case.is_done:
        raise Conflict("replacement_differs", "the chain has another wallet for this member: see its replacements")
    with case.run.place.database.write() as connection:
        if WalletReplacements(connection).move(row.replacement_id, OPEN, DONE):
            wallets = Wallets(connection)
            wallets.end(row.old_address, REPLACED, now_ms)
            wallets.activate(row.new_address, ACTIVE, now_ms)
            Communities(connection).set_wallet(row.member_id, row.new_address)
            AuditTrail(connection).append(Deed("registrar", "wallet.replace", row.member_id, row.community_id), now_ms)


def _give_up(case: _Case) -> None:
    row, now_ms = case.row, case.run.place.clock()
    with case.run.place.database.write() as connection:
        if WalletReplacements(connection).move(row.replacement_id, OPEN, OBJECTED):
            Wallets(connection).end(row.new_address, CLOSED, now_ms)
            AuditTrail(connection).append(Deed("registrar", "wallet.objected", row.member_id, row.community_id), now_ms)
