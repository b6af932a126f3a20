"""Building what the commands of ingestion work with, from the settings."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cli.settlement_context import open_vault
from gettone.chain.client import connect
from gettone.db.engine import Database
from gettone.db.schema import open_current
from gettone.settings import Clock, Settings
from gettone.vault import Vault
from oracle.intake import Intake, open_intake
from oracle.transports.broker_files import CONSUMER
from oracle.transports.mqtt import BrokerAddress
from oracle.transports.sources import broker_address


@contextmanager
def ingest_context(settings: Settings) -> Iterator[tuple[Database, Vault, Intake]]:
    """Database, vault and intake, open for the length of the block."""
    vault = open_vault(settings)
    with open_current(settings.url) as database:
        yield database, vault, open_intake(database, vault, settings.lake_dir)


def clock_of(settings: Settings) -> Callable[[], int]:
    """The clock of receipts [unix ms]: our own, or that of the chain where it was moved."""
    if settings.clock is Clock.SYSTEM:
        return lambda: time.time_ns() // 1_000_000
    settings.require("rpc_url")
    client = connect(settings.rpc_url or "", settings.chain_id, genesis_hash=settings.genesis_hash)
    return lambda: client.now_s() * 1000


def broker_of(settings: Settings) -> BrokerAddress | None:
    """The way to the broker, None where it is not configured at all; every missing setting is named at once."""
    if settings.mqtt_broker is None:
        return None
    settings.require("mqtt_password", "mqtt_ca_file")
    assert settings.mqtt_password is not None  # noqa: S101 - required just above
    assert settings.mqtt_ca_file is not None  # noqa: S101 - required just above
    password = settings.mqtt_password.get_secret_value()
    return broker_address(settings.mqtt_broker, CONSUMER, password, settings.mqtt_ca_file)
