"""An API whose members hold wallets on a test chain, with the worker that carries what they sign."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.context import Chain
from gettone.chain.authorization import TransferAuthorization, sign_transfer
from gettone.chain.typed_data import Domain
from oracle.index.context import IndexContext
from oracle.index.job import run_index
from tests.factories.api_world import HERE, World, close_world, open_world
from tests.factories.chain_work import place_on_chain, work_off
from tests.factories.community import TestCommunity, member_id_of


@dataclass
class MembersOnChain:
    """A world over a community; callers are members by number."""

    world: World
    community: TestCommunity
    folder: Path

    def join(self, number: int, **more: Any) -> None:
        """Give a member of the chain an account here."""
        subject = f"member {number}"
        user_id = self.world.person(subject)
        self.world.join(user_id, HERE, member_id=member_id_of(number), **more)
        self.world.callers[(subject, HERE)] = self.world.tokens.issue(subject)
        self.world.user_ids[(subject, HERE)] = user_id

    def call(self, method: str, path: str, number: int | str, **more: Any) -> Any:
        """One request of a member by number, or of a role, below the community."""
        role = f"member {number}" if isinstance(number, int) else number
        if method != "GET":
            more["headers"] = {"Idempotency-Key": more.pop("key", None) or secrets.token_hex(8)}
        return self.world.call(method, f"/api/v1/communities/{HERE}/{path}", role, **more)

    def index(self) -> int:
        """Index up to the head; its block."""
        return run_index(IndexContext(self.world.database, self.community.contracts), HERE).block_number

    def work(self) -> dict[str, int | str]:
        """Have the worker do what was asked for; how many ended in which state."""
        place = place_on_chain(self.world.database, self.community, self.folder, lambda: self.world.now_ms)
        return work_off(place)

    def signed(self, number: int, to: int, units: int, **changes: Any) -> dict[str, Any]:
        """A transfer as a member sends it, signed for ten minutes; `changes` are what is signed instead."""
        token, wallet, now_s = (
            self.community.contracts.token,
            self.community.wallet(number),
            self.community.client.now_s(),
        )
        fields: dict[str, Any] = {"to": self.community.wallet(to).address, "amount_units": units}
        fields |= {"valid_after_s": now_s - 60, "valid_before_s": now_s + 500, "nonce": secrets.token_bytes(32)}
        authorization = TransferAuthorization(sender=wallet.address, **fields | changes)
        domain = Domain(token.name(), self.community.client.chain_id, token.address)
        signature = sign_transfer(wallet, domain, authorization)
        return {
            "to": self.community.wallet(to).address,
            "units": str(units),
            "authorization": {
                "valid_after_s": authorization.valid_after_s,
                "valid_before_s": authorization.valid_before_s,
                "nonce": "0x" + authorization.nonce.hex(),
                "signature": "0x" + signature.hex(),
            },
        }


@contextmanager
def members_on_chain(database_url: str, community: TestCommunity, folder: Path) -> Iterator[MembersOnChain]:
    """The world of a community; its clock is the chain's."""
    chain = Chain(community.client, community.deployment)
    world = open_world(database_url, folder, chain=chain)
    world.now_ms = community.client.now_s() * 1000
    yield MembersOnChain(world, community, folder)
    close_world(world)
