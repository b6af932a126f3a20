"""The people and services of the demonstration, with throw-away keys that never leave its folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from gettone.chain.consent import MemberClass
from gettone.chain.keys import create_keystore, load_signer
from gettone.chain.signer import LocalSigner, Signer
from oracle.demo.economy.scene import Person

SCRYPT_N = 1 << 12
"""Cost of the demo's keystores: throw-away keys are not worth seconds of waiting."""

SERVICES = (
    "deployer",
    "platform_admin",
    "community_admin",
    "token_admin",
    "oracle_admin",
    "registrar",
    "verifier",
    "guardian",
    "takeout",
)
ORACLES = ("oracle1", "oracle2", "oracle3")
BUSINESSES = ("association", "language school", "bicycle shop", "bakery", "cleaning firm")


@dataclass(frozen=True, slots=True)
class Home:
    """One home of the sample: name, pseudonymous member id, throw-away wallet."""

    name: str
    member_id: str
    wallet: Signer


@dataclass(frozen=True, slots=True)
class Services:
    """The keys of admins and services, each in a keystore file of its own."""

    accounts: Mapping[str, Signer]
    folder: Path

    def __getitem__(self, name: str) -> Signer:
        """The key of one service."""
        return self.accounts[name]

    @property
    def oracles(self) -> tuple[Signer, ...]:
        """The oracles' keys."""
        return tuple(self.accounts[name] for name in ORACLES)


def make_services(folder: Path) -> Services:
    """New keystores of all services in `folder`, one password file each."""
    accounts = {}
    for name in (*SERVICES, *ORACLES):
        keystore, password = folder / f"{name}.json", folder / f"{name}.password"
        create_keystore(keystore, password, scrypt_n=SCRYPT_N)
        accounts[name] = load_signer(keystore, password)
    return Services(accounts, folder)


def make_homes(names: Sequence[str], seed: str) -> tuple[Home, ...]:
    """Homes with ids and wallets derived from a public seed, so that every run shares out alike.

    In real use ids are random and wallets are the members' own; here everybody may know them.
    """
    return tuple(Home(name, _hex(seed, "member", name), _wallet(seed, name)) for name in names)


def make_businesses(seed: str) -> dict[str, Person]:
    """Stakeholders of the stories by name, derived from the public seed like the homes."""
    return {
        name: Person(
            name,
            _hex(seed, "member", name),
            _wallet(seed, name),
            MemberClass.STAKEHOLDER,
        )
        for name in BUSINESSES
    }


def _wallet(seed: str, name: str) -> Signer:
    return LocalSigner(bytes.fromhex(_hex(seed, "wallet", name)))


def _hex(seed: str, kind: str, name: str) -> str:
    return sha256(f"gettone demo, throw-away: {seed}/{kind}/{name}".encode()).hexdigest()
