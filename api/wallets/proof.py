"""Proof that a caller holds a wallet: a message of EIP-4361 issued here, signed, used once (§3.1)."""

from urllib.parse import urlsplit

from eth_account.messages import SignableMessage, encode_defunct
from sqlalchemy import Connection

from api.access import Access
from api.context import ApiContext, Chain
from api.instants import instant_text
from api.refusals import Gone, Invalid, Unavailable
from gettone.chain.consent import JoinConsent, MemberClass, join_statement
from gettone.chain.contract import checksum_address
from gettone.chain.member_registry import NAME, MemberRegistry
from gettone.chain.statements import is_signed_by
from gettone.db.repositories.memberships import MembershipRow
from gettone.db.repositories.wallets import ChallengeRow, Consent, Wallets
from gettone.row_ids import fresh_id
from gettone.wallets.siwe import SiweMessage, new_nonce, parse_siwe, require_issued

VALID_MS, LEEWAY_MS = 5 * 60_000, 30_000
CONSENT_S, LONGEST_CONSENT_S = 3 * 86_400, 7 * 86_400
STATEMENT = "Link this wallet to my membership of the energy community. It is not a login and moves no tokens."
_ZERO = "0x" + "00" * 20


def chain_of(context: ApiContext) -> Chain:
    """The chain of this server; Unavailable without one."""
    if context.chain is None:
        raise Unavailable("maintenance", "no chain is configured on this server: ask its operator")
    return context.chain


def registry_of(context: ApiContext, access: Access) -> MemberRegistry:
    """The registry of the community's members; MissingInput before its contracts are deployed."""
    chain = chain_of(context)
    return MemberRegistry.at(chain.client, chain.deployment.community(access.where.slug).address(NAME))


def issue(connection: Connection, context: ApiContext, access: Access, member_id: str, address: str) -> ChallengeRow:
    """A message for one wallet, good for five minutes."""
    chain, now_ms = chain_of(context), context.clock()
    refuse_unusable(context, address)
    page = _page(context)
    message = SiweMessage(
        domain=urlsplit(page).netloc,
        address=address,
        statement=STATEMENT,
        uri=f"{page}/wallet",
        chain_id=chain.client.chain_id,
        nonce=new_nonce(),
        issued_at=instant_text(now_ms),
        expiration_time=instant_text(now_ms + VALID_MS),
        request_id=fresh_id("chl"),
        resources=(
            f"urn:gettone:community:{access.where.slug}",
            f"urn:gettone:genesis:0x{chain.client.genesis_hash.hex()}",
        ),
    )
    row = ChallengeRow(message.nonce, access.person.name, member_id, address, message.text(), now_ms + VALID_MS, None)
    Wallets(connection).issue(row, now_ms)
    return row


def prove(connection: Connection, context: ApiContext, access: Access, member_id: str, text: str, sig: bytes) -> str:
    """The address that a signed message proves; its nonce is used up in this transaction.

    InputError and Invalid with the codes `siwe_…`, Gone for one that was used or has expired.
    """
    wallets, given = Wallets(connection), parse_siwe(text)
    issued = wallets.challenge(given.nonce)
    if issued is None or (issued.caller, issued.member_id) != (access.person.name, member_id):
        raise _invalid("siwe_malformed", "this message was not issued to you for this member: ask for a new one")
    require_issued(text, issued.message)
    if context.clock() > issued.expires_at + LEEWAY_MS:
        raise Gone("siwe_expired", "this message has expired: ask for a new one and sign it within five minutes")
    if issued.used_at is not None or not wallets.use(issued.nonce, context.clock()):
        raise Gone("siwe_used", "this message was used already: ask for a new one")
    if not is_signed_by(chain_of(context).client, issued.address, _personal(text), sig):
        raise _invalid("siwe_signature", "this is no signature of the wallet under this message: sign it unchanged")
    return issued.address


def checked_consent(
    context: ApiContext, access: Access, member: MembershipRow, address: str, deadline_s: int, signature: bytes
) -> Consent:
    """The wallet's consent to join, if it is one; Invalid for another signature or a wrong deadline."""
    chain, registry = chain_of(context), registry_of(context, access)
    now_s = chain.client.now_s()
    if not now_s < deadline_s <= now_s + LONGEST_CONSENT_S:
        raise _invalid(
            "invalid", "the consent must be good for some time, and at most seven days", "consent/deadline_s"
        )
    stated = consent_of(access, member, registry.nonces(address), deadline_s)
    statement = join_statement(registry.address, chain.client.chain_id, stated)
    if not is_signed_by(chain.client, address, statement, signature):
        raise _invalid("invalid", "this is no consent of the wallet to join as this member", "consent/signature")
    return Consent(signature, stated.nonce, deadline_s)


def consent_of(access: Access, member: MembershipRow, nonce: int, deadline_s: int) -> JoinConsent:
    """What the wallet of a member signs to join."""
    member_class = MemberClass(member.member_class.chain_class)
    return JoinConsent(access.where.slug, member.member_id, member_class, nonce, deadline_s)


def refuse_unusable(context: ApiContext, address: str) -> None:
    """Invalid `siwe_address` for the zero address, and for contracts and keys of this deployment."""
    deployment = chain_of(context).deployment
    sets = (deployment.platform, *deployment.communities.values())
    own = {record.address for one in sets for record in one.contracts.values()}
    own |= {checksum_address(holder) for one in sets for holders in one.roles.values() for holder in holders}
    if address == _ZERO or address in own:
        raise _invalid("siwe_address", "this address is a contract or a key of the service, or none: take a wallet")


def _personal(text: str) -> SignableMessage:
    return encode_defunct(text=text)


def _page(context: ApiContext) -> str:
    """The page of the DApp, whose host the message names."""
    if not context.front.origins:
        raise Unavailable("maintenance", "no page of the DApp is configured (GETTONE_DAPP_ORIGINS): ask the operator")
    return context.front.origins[0].rstrip("/")


def _invalid(code: str, message: str, field: str = "message") -> Invalid:
    return Invalid(code, message, fields=((f"/body/{field}", code),))
