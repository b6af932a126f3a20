"""A throw-away installation for one file: database, lake, registered devices and flows."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import numpy as np
import psycopg
from sqlalchemy import text

from gettone.db import schema
from gettone.db.engine import Database
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.devices import ContractRow, Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.series import read_dense
from gettone.metering.flow import FlowConfig
from gettone.types import Direction
from gettone.vault import Vault
from oracle.after_merge.check import CheckReport, check_touched
from oracle.intake import open_intake
from oracle.intake_outcome import Outcome


class Meter(NamedTuple):
    """A device to register: its channels, and powers [W] that bound its readings; None is unknown."""

    name: str
    channels: Sequence[tuple[Direction, int]]
    contract_w: int | None = None
    plant_peak_w: int | None = None
    member: str | None = None


class Place(NamedTuple):
    """Where installations are made: in a folder, their databases beside them or on the server of a PostgreSQL URL."""

    folder: Path
    server: str | None = None

    def make_database(self, name: str) -> str:
        """The URL of a new database; one on the server that has its name already is an error, and is left alone."""
        if self.server is None:
            return f"sqlite:///{self.folder / name}.sqlite"
        self._run(f'CREATE DATABASE "{_on_server(name)}"')
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{_on_server(name)}"))

    def drop_database(self, name: str) -> None:
        """Remove the database of an installation from the server."""
        if self.server is not None:
            self._run(f'DROP DATABASE "{_on_server(name)}"')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.server or "", autocommit=True) as connection:
            connection.execute(statement.encode())


def _on_server(name: str) -> str:
    return f"gettone_check_{name}"


class Installation:
    """One database with its intake; `channels` holds the channel ids of each device, in the order asked for."""

    def __init__(self, place: Place, name: str) -> None:
        self._place, self._name = place, name
        url = place.make_database(name)
        schema.upgrade(url)
        self.database = Database(url)
        self.vault = Vault(secrets.token_bytes(32))
        self.intake = open_intake(self.database, self.vault, place.folder / f"{name}-lake")
        self.channels: dict[str, list[int]] = {}

    def register(self, meters: Iterable[Meter], flows: Mapping[str, FlowConfig], timezone: str) -> None:
        """Enter a community in a time zone, members, devices and flows that may speak for all of them."""
        with self.database.write() as connection:
            communities, devices = Communities(connection), Devices(connection, self.vault)
            community = communities.get_or_create("check", tz=timezone)
            members: dict[str, str] = {}
            made = [Flows(connection).get_or_create(name, config) for name, config in flows.items()]
            ids = []
            for meter in meters:
                owner = meter.member or meter.name
                if owner not in members:
                    members[owner] = communities.add_member(community.community_id).member_id
                    communities.set_interval(members[owner], 0)
                device_id = devices.get_or_create(meter.name).device_id
                devices.set_holder(device_id, members[owner], 0)
                devices.set_contract(ContractRow(device_id, 0, None, meter.contract_w, None, meter.plant_peak_w))
                self.channels[meter.name] = [
                    devices.add_channel(device_id, direction, step_s).channel_id for direction, step_s in meter.channels
                ]
                ids.append(device_id)
            for flow in made:
                Flows(connection).add_devices(flow.flow_id, ids)

    def deliver(self, flow: str, payload: bytes | Path, received_at_ms: int) -> Outcome:
        """Receive and process one file."""
        receipt = self.intake.receive(flow, payload, received_at_ms=received_at_ms)
        return self.intake.process(receipt.batch_id, now_ms=received_at_ms)

    def check(self, now_ms: int) -> CheckReport:
        """Run the rules after a merge over all that is stored."""
        first, last = self.row("SELECT min(slot), max(slot) FROM readings")
        return check_touched(self.database, self.all_channels(), first, last + 1, now_ms=now_ms)

    def all_channels(self) -> list[int]:
        """Ids of all channels."""
        return [one for channels in self.channels.values() for one in channels]

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query; sums are whole numbers on either database."""
        with self.database.read() as connection:
            rows = connection.execute(text(statement), values)
            return [tuple(int(one) if isinstance(one, Decimal) else one for one in row) for row in rows]

    def row(self, statement: str, **values: Any) -> tuple[Any, ...]:
        """The only row of a query."""
        (found,) = self.rows(statement, **values)
        return found

    def dense(self, names: Sequence[str], from_slot: int, to_slot: int) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Wh [devices, slots] of the first channel of each device; 0 where nothing is known."""
        with self.database.read() as connection:
            return read_dense(connection, [self.channels[name][0] for name in names], from_slot, to_slot)[0]

    def anomalies(self, code: str) -> list[str]:
        """Names of the devices with an open anomaly of a code, sorted."""
        found = self.rows("SELECT DISTINCT channel_id FROM anomalies WHERE code = :code AND state = 'open'", code=code)
        of_channel = {channel: name for name, channels in self.channels.items() for channel in channels}
        return sorted(of_channel.get(channel, "all") for (channel,) in found)

    def close(self) -> None:
        """Close the database, and leave nothing of it on a server."""
        self.database.close()
        self._place.drop_database(self._name)
