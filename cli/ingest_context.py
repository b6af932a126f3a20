"""Building what the commands of ingestion work with, from the settings."""

from collections.abc import Iterator
from contextlib import contextmanager

from cli.settlement_context import open_vault
from gettone.db.engine import Database
from gettone.db.schema import open_current
from gettone.settings import Settings
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


def broker_of(settings: Settings) -> BrokerAddress | None:
    """The way to the broker, None where it is not configured at all; every missing setting is named at once."""
    if settings.mqtt_broker is None:
        return None
    settings.require("mqtt_password", "mqtt_ca_file")
    assert settings.mqtt_password is not None  # noqa: S101 - required just above
    assert settings.mqtt_ca_file is not None  # noqa: S101 - required just above
    password = settings.mqtt_password.get_secret_value()
    return broker_address(settings.mqtt_broker, CONSUMER, password, settings.mqtt_ca_file)
