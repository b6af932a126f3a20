"""What a settlement works with, built once and passed in."""

from collections.abc import Callable
from dataclasses import dataclass

from gettone.chain.contract_set import CommunityContracts
from gettone.chain.signer import Signer
from gettone.chain.transactions import Sender
from gettone.db.engine import Database
from gettone.db.repositories.communities import CommunityRow
from gettone.types import SettlementPeriod
from gettone.vault import Vault

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PeriodKey:
    """A period of a community with its index on chain."""

    community: CommunityRow
    period: SettlementPeriod
    period_index: int
    revision: int = 0


@dataclass(frozen=True, slots=True)
class PeriodContext:
    """The database with its vault and the community's contracts: what looking at a period needs."""

    database: Database
    vault: Vault
    contracts: CommunityContracts


@dataclass(frozen=True, slots=True)
class SettlementContext(PeriodContext):
    """What settling needs besides: the oracle keys that sign and the key that sends.

    `progress` is told each step in words; it must not raise.
    """

    oracles: tuple[Signer, ...]
    sender: Sender
    progress: Progress
