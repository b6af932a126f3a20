"""An API over a community on a test chain, with newcomers who wait for a wallet, and a worker that does the rest."""

import itertools
from dataclasses import dataclass, field
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

from eth_account.messages import encode_defunct
from httpx import Response

from api.context import Chain
from gettone.chain.consent import JoinConsent, MemberClass, sign_join
from gettone.chain.signer import Signer, sign_statement
from gettone.db.repositories.memberships import MembershipFacts, MembershipRow, Memberships
from gettone.membership.admission import Admission, admit
from gettone.membership.kinds import MembershipKind
from oracle.worker.job import Workplace
from tests.factories.api_world import FRONT, HERE, World, open_world
from tests.factories.chain_work import place_on_chain, work_off
from tests.factories.community import TestCommunity, throwaway_account

PAGE = "https://app.example.org"


@dataclass
class WalletWorld:
    """A world whose `fontana` is on a chain."""

    world: World
    community: TestCommunity
    place: Workplace
    tokens: dict[str, str] = field(default_factory=dict)
    keys: Any = field(default_factory=itertools.count)

    def newcomer(self, name: str, kind: MembershipKind = MembershipKind.CITIZEN_CONSUMER) -> str:
        """The member id of a person who was approved and waits for a wallet."""
        user_id = self.world.person(name)
        facts = MembershipFacts(kind, False, True, "1")
        admission = Admission(self.world.community_ids[HERE], "Europe/Rome", user_id, facts)
        with self.world.database.write() as connection:
            member_id = admit(connection, admission, self.world.now_ms)
        self.tokens[member_id] = self.world.tokens.issue(name)
        return member_id

    def call(self, method: str, member_id: str, path: str = "", body: Any = None, **headers: str) -> Response:
        """One request of a member about the own wallet, with a fresh key unless one is given."""
        sent = {"authorization": f"Bearer {self.tokens[member_id]}", "Idempotency-Key": f"key-{next(self.keys)}"}
        address = f"/api/v1/communities/{HERE}/members/{member_id}/wallet{path}"
        return self.world.client.request(method, address, json=body, headers=sent | headers)

    def challenge(self, member_id: str, wallet: Signer) -> dict[str, Any]:
        """What a wallet is asked to sign."""
        answer = self.call("POST", member_id, "/challenge", {"address": wallet.address})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def signed(self, member_id: str, wallet: Signer, asked: dict[str, Any] | None = None) -> dict[str, Any]:
        """The body that links a wallet, signed by it."""
        asked = asked or self.challenge(member_id, wallet)
        deadline_s = asked["consent_deadline_s"]
        registry = self.community.contracts.members
        consent = JoinConsent(HERE, member_id, MemberClass.CITIZEN, registry.nonces(wallet.address), deadline_s)
        signature = sign_join(wallet, registry.address, self.community.client.chain_id, consent)
        message = sign_statement(wallet, encode_defunct(text=asked["message"]))
        return {
            "message": asked["message"],
            "signature": "0x" + message.hex(),
            "consent": {"deadline_s": deadline_s, "signature": "0x" + signature.hex()},
        }

    def work(self, **changes: Any) -> dict[str, int | str]:
        """Let the worker do what is open."""
        return work_off(changed(self.place, **changes))

    def member(self, member_id: str) -> MembershipRow:
        """A member as the database knows them."""
        with self.world.database.read() as connection:
            return Memberships(connection, self.world.community_ids[HERE]).get(member_id)


def open_wallet_world(community: TestCommunity, database_url: str, folder: Path) -> WalletWorld:
    """The world over an upgraded, empty database and a deployed community; close its world."""
    front = changed(FRONT, origins=(PAGE,))
    world = open_world(database_url, folder, front=front, chain=Chain(community.client, community.deployment))
    return WalletWorld(world, community, place_on_chain(world.database, community, folder, lambda: world.now_ms))


def wallet_of(name: str) -> Signer:
    """The throw-away wallet of a name."""
    return throwaway_account(f"wallet of {name}")
