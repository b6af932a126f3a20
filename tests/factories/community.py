"""A community on a local chain of its own, with throw-away keys for every role and member.

The keys are made from public names: they are for tests and protect nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from gettone.chain.client import ChainClient
from gettone.chain.community_spec import CommunitySpec, parse_spec
from gettone.chain.consent import JoinConsent, MemberClass, sign_join
from gettone.chain.contract_set import CommunityContracts, open_community
from gettone.chain.deployment import deploy_community
from gettone.chain.deployment_file import Deployment
from gettone.chain.local import LocalChain
from gettone.chain.proposal import ordered_signatures, sign_proposal
from gettone.chain.store import MemoryTransactionStore
from gettone.chain.transactions import Receipt, Sender
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


def throwaway_account(name: str) -> LocalAccount:
    """The test key of a name, the same in every run."""
    account: LocalAccount = Account.from_key(keccak(text=f"throw-away test key of {name}"))
    return account


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
    members: dict[str, LocalAccount] = field(default_factory=dict)
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


def deploy_test_community(chain: LocalChain, client: ChainClient, folder: Path, **changes: Any) -> TestCommunity:
    """Deploy a test community on a chain and open its gateways."""
    spec = spec_of(**changes)
    deployment = deploy_community(
        client,
        throwaway_account("deployer"),
        spec,
        folder,
        platform_admin=throwaway_account("platform_admin"),
    )
    contracts = open_community(client, deployment, spec.community_id)
    return TestCommunity(chain, client, folder, spec, deployment, contracts)
