"""Which registered devices a file of readings speaks of, before anything of it is stored."""

from pathlib import Path

from gettone.db.engine import Database
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.sources import Sources
from gettone.errors import InputError
from gettone.vault import Vault
from oracle.formats.registry import read_batch
from oracle.intake_tables import is_table


def named_devices(database: Database, vault: Vault, flow_name: str, path: Path) -> frozenset[int]:
    """Numbers of the registered devices that a file of a flow names.

    Empty for prices and weather, and for a file that nothing can be read from: its batch will be refused as a whole.
    """
    with database.write() as connection:
        flow = Flows(connection).get(flow_name)
        by_number = Sources(connection).names_by_number(flow.flow_id)
    if is_table(flow.config.syntax):
        return frozenset()
    try:
        names = list(read_batch(path, flow.config).devices)
    except InputError:
        return frozenset()
    with database.write() as connection:
        devices = Devices(connection, vault)
        found = devices.find_numbers(names) if by_number else devices.find(names)
    return frozenset(one.device_id for one in found.values())
