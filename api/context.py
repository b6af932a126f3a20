"""What the endpoints work with, built once and handed to each of them."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request

from api.limits import Rates
from api.metrics import Metrics
from gettone.chain.client import ChainClient
from gettone.chain.contract_set import CommunityContracts, open_community
from gettone.chain.deployment_file import Deployment
from gettone.db.engine import Database
from gettone.figure_port import Figures, NullFigures
from gettone.identity.claims import TokenCheck
from gettone.identity.logout_tokens import LogoutTokens
from gettone.intake_port import Intake
from gettone.report_port import NullReports, Reports
from gettone.vault import Vault

# Judges a file of a flow without storing anything: (flow, file, receipt [unix ms]) to the report as a JSON object.
DryRun = Callable[[str, Path, int], Mapping[str, Any]]
# Which registered devices a file of a flow speaks of: (flow, file) to their numbers.
NamedDevices = Callable[[str, Path], Collection[int]]


def system_clock_ms() -> int:
    """The time of the server [unix ms]."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Front:
    """What the pages of people must know before a login; nothing of it is secret.

    origins: the pages whose scripts may call this server, each as scheme, host and port.
    """

    issuer: str
    audience: str
    clients: tuple[str, ...]
    is_demo: bool
    rpc_url: str | None
    security_contact: str | None = None
    origins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chain:
    """The chain this server reads, with the contracts that were deployed on it and the time between its blocks."""

    client: ChainClient
    source: Deployment | Callable[[], Deployment]
    block_period_s: int = 2
    opened: dict[str, CommunityContracts] = field(default_factory=dict, compare=False)

    @property
    def deployment(self) -> Deployment:
        """The contracts there are now: communities are deployed while a server runs."""
        return self.source() if callable(self.source) else self.source

    def contracts(self, slug: str) -> CommunityContracts:
        """The contracts of a community, checked to be those of the deployment file once in this process."""
        if slug not in self.opened:
            self.opened[slug] = open_community(self.client, self.deployment, slug)
        return self.opened[slug]


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job of the worker: its name, its schedule as people write it, and whether it runs for each community."""

    name: str
    schedule: str
    per_community: bool


@dataclass(frozen=True)
class ApiContext:
    """What this server works with.

    tokens: checks access tokens.  folder: where uploads wait, on the disk that is watched.  secret: signs cursors and
    hides networks, the same on every server of the deployment.  chain: None where no chain is configured.
    key_age_s: how old the provider's keys are; Unreachable when none can be had, None where there is no provider.
    jobs: what the worker can be asked to run.  reports: what the oracle tells of stored settlements and readings.
    syntaxes: names of those that files of a flow may have.
    stream_s: how long a stream of events lasts, so that the next one begins with the rights of then.
    """

    database: Database
    vault: Vault
    tokens: TokenCheck
    intake: Intake
    dry_run: DryRun
    folder: Path
    front: Front
    secret: bytes
    chain: Chain | None = None
    logouts: LogoutTokens | None = None
    key_age_s: Callable[[], int] | None = None
    jobs: tuple[JobLine, ...] = ()
    reports: Reports = field(default_factory=NullReports)
    figures: Figures = field(default_factory=NullFigures)
    named_devices: NamedDevices = lambda _flow, _path: ()
    syntaxes: tuple[str, ...] = ("json", "profile")
    clock: Callable[[], int] = system_clock_ms
    rates: Rates = field(default_factory=Rates)
    metrics: Metrics = field(default_factory=Metrics)
    stream_s: float = 300.0


def context_of(request: Request) -> ApiContext:
    """The context of the application that serves a request."""
    context: ApiContext = request.app.state.context
    return context


Context = Annotated[ApiContext, Depends(context_of)]
