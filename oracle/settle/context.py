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


def place_of(key: PeriodKey) -> tuple[int, int, int]:
    """Community id, period index and revision: where a settlement is in the tables."""
    return (key.community.community_id, key.period_index, key.revision)


@dataclass(frozen=True, slots=True)
class PeriodContext:
    """The database with its vault and the community's contracts: what looking at a period needs."""

    database: Database
    vault: Vault
    contracts: CommunityContracts


@dataclass(frozen=True, slots=True)
class SettlementContext(PeriodContext):
    """What settling needs besides: the oracle keys that sign and the key that sends.

    `progress` is told each step in words; it must not raise.  With `needs_approval` a person approves each proposal
    before it is signed.  `clock_s` is the clock of this machine [unix s], None where the chain's is the only one.
    """

    oracles: tuple[Signer, ...]
    sender: Sender
    progress: Progress
    needs_approval: bool = False
    clock_s: Callable[[], int] | None = None
