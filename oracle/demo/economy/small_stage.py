"""A small community made for the stories alone: twelve citizens by name, round numbers, a chain of its own."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from eth_utils.crypto import keccak

from gettone.chain.client import connect
from gettone.chain.community_spec import CommunitySpec
from gettone.chain.consent import MemberClass
from gettone.chain.contract_set import open_community
from gettone.chain.deployment import deploy_community
from gettone.chain.local import CHAIN_ID, LocalChain
from gettone.chain.roles import Role
from gettone.chain.settlement_ledger import PeriodKind
from gettone.chain.signer import LocalSigner, Signer
from gettone.chain.store import MemoryTransactionStore
from gettone.chain.transactions import Sender
from oracle.demo.economy.rules import POLICY, TOKEN_UNITS
from oracle.demo.economy.scene import Person, Scene
from oracle.demo.economy.stories import schedule_incentives

COMMUNITY = "story"
CHAIN_STARTS_S = 1_464_739_200
NOTICE_S = 7 * 86_400
CITIZENS = ("Ada", "Bruno", "Carla", "Dario", "Elena", "Fabio", "Giulia", "Hugo", "Irene", "Luca", "Marta", "Nino")
BUSINESSES = ("association", "language school", "bicycle shop", "bakery", "cleaning firm")


@contextlib.contextmanager
def small_scene(folder: Path) -> Iterator[Scene]:
    """A fresh community whose citizens have joined and whose incentives are in force; ended with the block."""
    with LocalChain.start(folder / "chain", timestamp_s=CHAIN_STARTS_S) as chain:
        client = connect(chain.rpc_url, CHAIN_ID)
        keys = {"platform_admin": _key("platform_admin"), "deployer": _key("deployer")}
        deployment = deploy_community(
            client, keys["deployer"], _spec(), folder / "deployments", platform_admin=keys["platform_admin"]
        )
        stores: dict[str, MemoryTransactionStore] = {}

        def sender(account: Signer) -> Sender:
            return Sender(client, account, stores.setdefault(account.address, MemoryTransactionStore()))

        citizens = tuple(_person(name, MemberClass.CITIZEN) for name in CITIZENS)
        businesses = {name: _person(name, MemberClass.STAKEHOLDER) for name in BUSINESSES}
        scene = Scene(client, open_community(client, deployment, COMMUNITY), citizens, businesses, _key, sender)
        for person in citizens:
            scene.join(person)
        schedule_incentives(scene, client.now_s() + NOTICE_S + 3600)
        chain.set_time(client.now_s() + NOTICE_S + 7200)
        yield scene


def _key(name: str) -> Signer:
    """The throw-away key of a name: everybody can make it, and it protects nothing."""
    return LocalSigner(keccak(text=f"gettone stories, throw-away: {name}"))


def _person(name: str, member_class: MemberClass) -> Person:
    return Person(name, keccak(text=f"gettone stories, member: {name}").hex(), _key(name), member_class)


def _spec() -> CommunitySpec:
    roles = (Role.PLATFORM_ADMIN, Role.COMMUNITY_ADMIN, Role.TOKEN_ADMIN, Role.ORACLE_ADMIN, Role.ORACLE)
    held = (*roles, Role.REGISTRAR, Role.VERIFIER, Role.GUARDIAN)
    return CommunitySpec(
        community_id=COMMUNITY,
        name="Story",
        token_name="Story token",  # noqa: S106 - the name of a token, no secret
        token_symbol="STO",  # noqa: S106 - the symbol of a token, no secret
        period_kind=PeriodKind.MONTH,
        min_notice_s=NOTICE_S,
        period_cap_units=1_000 * TOKEN_UNITS,
        member_cap_units=100 * TOKEN_UNITS,
        required_signatures=1,
        holders={role: (_key(role.name.lower()).address,) for role in held},
        policy=POLICY,
    )
