"""Building what the settlement and take-out commands work with, from the settings."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cli.signing_keys import oracle_signers
from gettone.chain.client import ChainClient, connect
from gettone.chain.contract_set import CommunityContracts, open_community
from gettone.chain.deployment_file import load_deployment
from gettone.chain.outbox.pace import Pace
from gettone.chain.preflight import require_clock, require_oracles
from gettone.chain.signer import Signer
from gettone.chain.transactions import Sender
from gettone.db.engine import Database
from gettone.db.repositories.transactions import DatabaseTransactionStore
from gettone.db.schema import open_current
from gettone.settings import Clock, Settings, load_settings
from gettone.vault import Vault
from oracle.settle.context import PeriodContext, Progress, SettlementContext


def open_contracts(settings: Settings, community: str) -> CommunityContracts:
    """The community's contracts on the configured chain, checked to be those of the deployment file."""
    settings.require("rpc_url", "deployment_file")
    assert settings.rpc_url is not None  # noqa: S101 - required just above
    assert settings.deployment_file is not None  # noqa: S101 - required just above
    client = connect(settings.rpc_url, settings.chain_id, genesis_hash=settings.genesis_hash)
    return open_community(client, load_deployment(settings.deployment_file), community)


def open_vault(settings: Settings) -> Vault:
    """The vault of the configured key-encryption key."""
    settings.require("kek_file")
    assert settings.kek_file is not None  # noqa: S101 - required just above
    return Vault.from_file(settings.kek_file)


def open_sender(settings: Settings, database: Database, client: ChainClient, signer: Signer) -> Sender:
    """The outbox of a key in the database, with the limits of the settings."""
    pace = Pace(window=settings.transactions_in_flight, confirmations=settings.chain_confirmations)
    return Sender(client, signer, DatabaseTransactionStore(database, client.genesis_hash), pace)


@contextmanager
def settlement_context(
    community: str, progress: Progress, signers: Callable[[Settings], tuple[Signer, ...]] = oracle_signers
) -> Iterator[SettlementContext]:
    """All a settlement needs, open for the length of the block; every missing setting is named at once."""
    settings = load_settings()
    own_keys = signers is oracle_signers and not settings.oracle_signer_addresses
    settings.require("kek_file", "rpc_url", "deployment_file", *(("oracle_keystore_files",) if own_keys else ()))
    oracles = signers(settings)
    contracts = open_contracts(settings, community)
    require_oracles(contracts, (one.address for one in oracles))
    if settings.clock is Clock.SYSTEM:
        require_clock(contracts.client, contracts.ledger.period_kind(), int(time.time()))
    with open_current(settings.url) as database:
        sender = open_sender(settings, database, contracts.client, oracles[0])
        by_person = settings.settlement_approval == "person"
        clock_s = _system_clock_s if settings.clock is Clock.SYSTEM else None
        yield SettlementContext(
            database, open_vault(settings), contracts, oracles, sender, progress, by_person, clock_s
        )


@contextmanager
def period_context(community: str) -> Iterator[PeriodContext]:
    """What looking at a period needs, open for the length of the block: no key that signs."""
    settings = load_settings()
    contracts = open_contracts(settings, community)
    with open_current(settings.url) as database:
        yield PeriodContext(database, open_vault(settings), contracts)


def _system_clock_s() -> int:
    return int(time.time())
