"""A community on a local chain of its own, with throw-away keys for every role and member.

The keys are made from public names: they are for tests and protect nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eth_utils.crypto import keccak

from gettone.chain.agreement import Act, Authorization, Terms, sign_act
from gettone.chain.authorization import Permit, sign_permit
from gettone.chain.categories import Kind
from gettone.chain.client import ChainClient
from gettone.chain.community_spec import CommunitySpec, parse_spec
from gettone.chain.consent import JoinConsent, MemberClass, sign_join
from gettone.chain.contract import Call
from gettone.chain.contract_set import CommunityContracts
from gettone.chain.deployment_file import Deployment
from gettone.chain.local import LocalChain
from gettone.chain.proposal import ordered_signatures, sign_proposal
from gettone.chain.signer import LocalSigner, Signer
from gettone.chain.store import MemoryTransactionStore
from gettone.chain.transactions import Receipt, Sender
from gettone.chain.typed_data import Domain
from gettone.notary.payouts import plan_payouts
from gettone.notary.proposal import SettlementProposal

# 1 June 2016 00:00 UTC: the chain lives in the summer of the sample data.
CHAIN_START_S = 1_464_739_200
# September 2016 in Rome.
SEPTEMBER_START_S = 1_472_680_800
SEPTEMBER_END_S = 1_475_272_800
ROLES = (
    "deployer",
    "platform_admin",
    "community_admin",
    "token_admin",
    "oracle_admin",
    "oracle",
    "second_oracle",
    "registrar",
    "verifier",
    "guardian",
    "auditor",
)
POOL_MODEL: Mapping[str, Any] = {"kind": "self_consumption", "mode": "pool", "budget_units": 10**18}


def throwaway_account(name: str) -> Signer:
    """The test key of a name, the same in every run."""
    return LocalSigner(throwaway_secret(name))


def throwaway_secret(name: str) -> bytes:
    """Its 32 secret bytes."""
    return keccak(text=f"throw-away test key of {name}")


def spec_of(**changes: Any) -> CommunitySpec:
    """The file of a test community; `changes` replace its fields."""
    at = {name: throwaway_account(name).address for name in ROLES}
    document: dict[str, Any] = {
        "community_id": "fontana",
        "name": "Fontana",
        "token_name": "Fontana token",
        "token_symbol": "FON",
        "period_kind": "month",
        "min_notice_s": 3600,
        "period_cap_units": str(10**20),
        "member_cap_units": str(10**19),
        "required_signatures": 1,
        "oracle": [at["oracle"], at["second_oracle"]],
        "registrar": [at["registrar"]],
        "verifier": [at["verifier"]],
        "guardian": [at["guardian"]],
        "auditor": [at["auditor"]],
    }
    for role in ("platform_admin", "community_admin", "token_admin", "oracle_admin"):
        document[role] = at[role]
    return parse_spec(document | changes)


def member_id_of(number: int) -> str:
    """A pseudonymous member id for tests, 64 hex digits."""
    return keccak(text=f"member {number}").hex()


@dataclass
class TestCommunity:
    """A deployed community with everything a test needs to drive it."""

    __test__ = False

    chain: LocalChain
    client: ChainClient
    folder: Path
    spec: CommunitySpec
    deployment: Deployment
    contracts: CommunityContracts
    members: dict[str, Signer] = field(default_factory=dict)
    senders: dict[str, Sender] = field(default_factory=dict)

    def sender(self, role: str) -> Sender:
        """The sender of a role's key, with its memory in the test."""
        if role not in self.senders:
            self.senders[role] = Sender(self.client, throwaway_account(role), MemoryTransactionStore())
        return self.senders[role]

    def join(self, number: int, member_class: MemberClass = MemberClass.CITIZEN) -> Receipt:
        """Join member `number` with a wallet that consents, through the registrar."""
        member_id, wallet = member_id_of(number), throwaway_account(f"member {number}")
        registry = self.contracts.members
        deadline_s = self.client.now_s() + 600
        nonce = registry.nonces(wallet.address)
        consent = JoinConsent(self.spec.community_id, member_id, member_class, nonce, deadline_s)
        signature = sign_join(wallet, registry.contract.address, self.client.chain_id, consent)
        call = registry.join(member_id, wallet.address, member_class, deadline_s, signature)
        self.members[member_id] = wallet
        return self.sender("registrar").send(call, f"join/{member_id}/{nonce}")

    def wallet(self, number: int) -> Signer:
        """The throw-away key of member `number`."""
        return throwaway_account(f"member {number}")

    def send(self, role: str, call: Call, intent: str = "") -> Receipt:
        """Send a call by a role, or by `member <number>`; without an intent the call is its own."""
        return self.sender(role).send(call, intent or f"{call.what}/{keccak(call.data).hex()}/{self.client.now_s()}")

    def join_members(self, count: int) -> None:
        """Join members 0 to count - 1."""
        for number in range(count):
            self.join(number)

    def schedule_model(self, document: Mapping[str, Any], valid_from_s: int) -> Receipt:
        """Schedule a reward model through the oracle admin."""
        call = self.contracts.models.schedule(document, valid_from_s)
        return self.sender("oracle_admin").send(call, f"model/{valid_from_s}/{call.data.hex()}")

    def open(self, proposal: SettlementProposal, oracles: Sequence[str] = ("oracle",)) -> Receipt:
        """Open a settlement with the signatures of the oracles named."""
        ledger = self.contracts.ledger
        place = (ledger.address, self.client.chain_id)
        signatures = [sign_proposal(throwaway_account(one), *place, proposal) for one in oracles]
        call = ledger.open(proposal, ordered_signatures(signatures, *place, proposal))
        return self.sender("oracle").send(call, f"open/{proposal.struct_hash().hex()}")


def september_proposal(community: TestCommunity, **fields: Any) -> SettlementProposal:
    """A proposal for the first month of a community whose model 1 is valid by then; `fields` replace its own."""
    empty = dict.fromkeys(("assignment_root", "roster_root", "aggregates_root", "params_digest"), b"\x01" * 32)
    ledger = community.contracts.ledger
    return SettlementProposal(
        **{
            "deployment_id": ledger.deployment_id(),
            "period_index": 0,
            "revision": 0,
            "period_start_s": SEPTEMBER_START_S,
            "period_end_s": SEPTEMBER_END_S,
            "model_version": 1,
            "leaf_count": 1,
            "ingest_root": bytes(32),
            "ingest_size": 0,
            "total_units": 0,
            "payouts_root": bytes(32),
            "chunk_count": 0,
            "previous_settlement": ledger.last_settlement_hash(),
            **empty,
            **fields,
        }
    )


def fund_by_settlement(community: TestCommunity, amounts: Mapping[int, int]) -> None:
    """Pay members their first tokens [base units by number] in the settlement of September, in one chunk."""
    community.schedule_model(POOL_MODEL, SEPTEMBER_START_S)
    community.chain.set_time(SEPTEMBER_END_S + 3600)
    wallets = {number: bytes.fromhex(community.wallet(number).address[2:]) for number in amounts}
    plan = plan_payouts([(wallets[number], units) for number, units in amounts.items()], len(amounts))
    community.open(
        september_proposal(
            community, total_units=plan.total_units, payouts_root=plan.root, chunk_count=1, leaf_count=len(amounts)
        )
    )
    call = community.contracts.ledger.pay(0, 0, 0, plan.chunks[0], plan.proofs[0])
    community.send("oracle", call, "fund/0")


def fund_treasury(community: TestCommunity, amount_units: int) -> None:
    """Issue tokens to the Treasury by the token admin, within the budget of the spec."""
    community.send("token_admin", community.contracts.treasury.issue(amount_units))


def terms_of(community: TestCommunity, provider: int, *payers: int, **changes: Any) -> Terms:
    """Terms of a service of category 1 at 1,000 base units, a week long; `changes` replace its fields."""
    fields: dict[str, Any] = {
        "category": 1,
        "kind": Kind.SERVICE,
        "provider": member_id_of(provider),
        "payers": tuple(sorted(member_id_of(one) for one in payers)),
        "price_units": 1_000,
        "deadline_s": community.client.now_s() + 7 * 86_400,
        "content_hash": keccak(text="garden work"),
        "salt": keccak(text="throw-away salt"),
    }
    return Terms(**(fields | changes))


def act_of(
    community: TestCommunity, number: int, act: Act, terms: Terms, *, detail: bytes = bytes(32)
) -> Authorization:
    """A member's signed act, good for ten minutes."""
    exchange, wallet = community.contracts.exchange, community.wallet(number)
    return sign_act(
        wallet,
        Domain("ServiceExchange", community.client.chain_id, exchange.address),
        act,
        terms,
        member_id=member_id_of(number),
        nonce=exchange.nonces(wallet.address),
        deadline_s=community.client.now_s() + 600,
        detail=detail,
    )


def permit_of(community: TestCommunity, number: int, amount_units: int) -> Permit:
    """A member's permit for the exchange, good for ten minutes."""
    token, wallet = community.contracts.token, community.wallet(number)
    domain = Domain(token.name(), community.client.chain_id, token.address)
    nonce, deadline_s = token.nonces(wallet.address), community.client.now_s() + 600
    return sign_permit(wallet, domain, community.contracts.exchange.address, amount_units, nonce, deadline_s)
