"""What a job is, and what it is given when it runs."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from gettone.chain.client import ChainClient
from gettone.chain.contract import Call
from gettone.chain.contract_set import CommunityContracts
from gettone.chain.signer import Signer
from gettone.chain.transactions import Receipt, Sender
from gettone.db.engine import Database
from gettone.errors import Held
from gettone.identity.provider import IdentityProvider
from gettone.settings import Settings, variable_of
from gettone.vault import Vault
from oracle.settle.context import Progress, SettlementContext

LOGGER = logging.getLogger("gettone.worker")

Summary = Mapping[str, int | str]
"""What a run did, in counts and codes; no names, addresses or readings."""


class Interrupted(Exception):
    """A run stopped at a step boundary because the worker ends; what it did stands, the rest is done by the next."""


def no_key(role: str) -> Signer:
    """No key of a role: Held, so that what needs it waits for the person who has it."""
    raise Held("key_missing", f"the key of the {role} is not held here: see GETTONE_ROLE_KEYS_DIR in .env.example")


def no_realm() -> IdentityProvider:
    """No identity provider: Held, so that a grant waits until there is one."""
    raise Held("identity_provider_missing", "no identity provider is configured for this worker: see .env.example")


@dataclass(frozen=True)
class Workplace:
    """What all jobs share: settings, the open database, the time of the service [unix ms], and the way to the chain.

    `open_settlement` opens all that settling a community needs, oracle keys included, for the length of a block;
    `open_contracts` gives its contracts for reading.  `jobs` are those that a person may have run.  `signer` is the key
    of a role on chain (registrar, deployer, guardian, …), Held without it; `sender` is the outbox of a key.  `realm`
    gives roles to users of the identity provider.
    """

    settings: Settings
    database: Database
    clock: Callable[[], int]
    open_settlement: Callable[[str, Progress], AbstractContextManager[SettlementContext]]
    open_contracts: Callable[[str], CommunityContracts]
    jobs: tuple["Job", ...] = ()
    signer: Callable[[str], Signer] = no_key
    sender: Callable[[ChainClient, Signer], Sender] | None = None
    realm: Callable[[], IdentityProvider] = no_realm

    def send(self, client: ChainClient, role: str, call: Call, intent: str) -> Receipt:
        """Bring a call on chain once with the key of a role; raises as `Sender.send`, Held without the key."""
        assert self.sender is not None  # noqa: S101 - whoever gives keys gives their outbox
        return self.sender(client, self.signer(role)).send(call, intent)

    def vault(self) -> Vault:
        """The vault of the configured key-encryption key."""
        self.settings.require("kek_file")
        assert self.settings.kek_file is not None  # noqa: S101 - required just above
        return Vault.from_file(self.settings.kek_file)


@dataclass(frozen=True)
class Run:
    """One run of a job: where it works, for which community (empty for none), and whether it should end."""

    place: Workplace
    community: str
    stopping: Callable[[], bool]

    def step(self) -> None:
        """Called between two steps: Interrupted when the worker ends or another one took this run over."""
        if self.stopping():
            raise Interrupted

    def say(self, words: str) -> None:
        """Tell a step in words."""
        LOGGER.info("%s%s", f"{self.community}: " if self.community else "", words)


@dataclass(frozen=True, slots=True)
class Job:
    """A job of the worker: its name, its schedule unless a setting changes it, what it needs, and what it does.

    `needs` are the settings without which it is not run, each with what may stand for it; that one is missing is not
    a failure.
    """

    name: str
    schedule: str
    run: Callable[[Run], Summary]
    needs: tuple[tuple[str, ...], ...] = ()
    per_community: bool = False

    def missing(self, settings: Settings) -> tuple[str, ...]:
        """The variables it needs and does not have; `A or B` where either would do."""
        return tuple(
            " or ".join(variable_of(name) for name in either)
            for either in self.needs
            if all(getattr(settings, name) in (None, ()) for name in either)
        )
