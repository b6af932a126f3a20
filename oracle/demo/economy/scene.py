"""Who acts in the stories, and how an act comes on chain: each by the wallet of the person whose act it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from gettone.chain.agreement import Authorization, Terms
from gettone.chain.authorization import Permit, sign_permit
from gettone.chain.client import ChainClient
from gettone.chain.consent import JoinConsent, MemberClass, sign_join
from gettone.chain.contract import Call
from gettone.chain.contract_set import CommunityContracts
from gettone.chain.signer import Signer
from gettone.chain.transactions import Receipt, Sender
from gettone.chain.typed_data import Domain

SIGNATURE_VALID_S = 3600
TREASURY = "Treasury"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the community: name for the story, pseudonymous id, throw-away wallet."""

    name: str
    member_id: str
    wallet: Signer
    member_class: MemberClass = MemberClass.CITIZEN

    @property
    def act(self) -> Authorization:
        """An act that the person's own wallet sends."""
        return Authorization(self.member_id)


@dataclass(frozen=True, slots=True)
class Scene:
    """A community with its people; `sender` makes the sender of a wallet, `service` knows the keys of the roles."""

    client: ChainClient
    contracts: CommunityContracts
    citizens: tuple[Person, ...]
    businesses: Mapping[str, Person]
    service: Callable[[str], Signer]
    sender: Callable[[Signer], Sender]

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody with a wallet."""
        return (*self.citizens, *self.businesses.values())

    def send(self, account: Signer, call: Call) -> Receipt:
        """Bring a call on chain by the wallet of a person or of a role."""
        digest = sha256(account.address.encode() + call.data).hexdigest()[:16]
        return self.sender(account).send(call, f"story/{call.what}/{digest}")

    def send_as(self, role: str, call: Call) -> Receipt:
        """Bring a call on chain by the key of a role (`token_admin`, `community_admin`, `verifier` …)."""
        return self.send(self.service(role), call)

    def join(self, person: Person) -> None:
        """The person's wallet signs its consent; the registrar carries it."""
        registry, wallet = self.contracts.members, person.wallet.address
        deadline_s = self.client.now_s() + SIGNATURE_VALID_S
        consent = JoinConsent(
            self.contracts.community_id, person.member_id, person.member_class, registry.nonces(wallet), deadline_s
        )
        signature = sign_join(person.wallet, registry.contract.address, self.client.chain_id, consent)
        self.send_as("registrar", registry.join(person.member_id, wallet, person.member_class, deadline_s, signature))

    def permit(self, person: Person, terms: Terms) -> Permit:
        """The person's permit for exactly what the agreement asks of it."""
        exchange, token, wallet = self.contracts.exchange, self.contracts.token, person.wallet
        domain = Domain(token.name(), self.client.chain_id, token.address)
        value_units = exchange.funding_of(terms, person.member_id)
        deadline_s = self.client.now_s() + SIGNATURE_VALID_S
        return sign_permit(wallet, domain, exchange.address, value_units, token.nonces(wallet.address), deadline_s)

    def balances_units(self) -> dict[str, int]:
        """Tokens [u] of everybody and of the Treasury, by name."""
        token = self.contracts.token
        held = {person.name: token.balance_of(person.wallet.address) for person in self.people}
        return held | {TREASURY: token.balance_of(self.contracts.treasury.address)}

    def names(self) -> dict[str, str]:
        """Name of every wallet and contract that tokens move between, by address."""
        named = {person.wallet.address: person.name for person in self.people}
        return named | {self.contracts.treasury.address: TREASURY, self.contracts.exchange.address: "escrow"}
