"""What a job is, and what it is given when it runs."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from gettone.chain.contract_set import CommunityContracts
from gettone.db.engine import Database
from gettone.settings import Settings, variable_of
from gettone.vault import Vault
from oracle.settle.context import Progress, SettlementContext

LOGGER = logging.getLogger("gettone.worker")

Summary = Mapping[str, int | str]
"""What a run did, in counts and codes; no names, addresses or readings."""


class Interrupted(Exception):
    """A run stopped at a step boundary because the worker ends; what it did stands, the rest is done by the next."""


@dataclass(frozen=True)
class Workplace:
    """What all jobs share: settings, the open database, the time of the service [unix ms], and the way to the chain.

    `open_settlement` opens all that settling a community needs, oracle keys included, for the length of a block;
    `open_contracts` gives its contracts for reading.  `jobs` are those that a person may have run.
    """

    settings: Settings
    database: Database
    clock: Callable[[], int]
    open_settlement: Callable[[str, Progress], AbstractContextManager[SettlementContext]]
    open_contracts: Callable[[str], CommunityContracts]
    jobs: tuple["Job", ...] = ()

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
