"""A community of meters, and readings put where a merge would put them, for the rules that run after it."""

import itertools
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, insert, select, update

from gettone.db.engine import Database
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.devices import ContractRow, Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.readings import Readings
from gettone.db.tables import Batch, Flow
from gettone.metering.flow import FlowConfig
from gettone.metering.rules.versions import NewReading, NewVersion
from gettone.types import Direction
from gettone.vault import Vault

RECEIVED_MS = 1_790_000_000_000
COUNTERS = ("new", "changed", "confirmed", "equal", "older", "merged", "missing", "rejected", "quarantined")
_NAMES = itertools.count(1)

Channels = Sequence[tuple[Direction, int]]


class Meters:
    """A community in Rome whose members hold devices of some channels each."""

    def __init__(self, database: Database, vault: Vault, *, timezone: str = "Europe/Rome") -> None:
        self.database, self.vault, number = database, vault, next(_NAMES)
        self.flow = f"meters{number}"
        self.channel_ids: list[int] = []
        with database.write() as connection:
            community = Communities(connection).get_or_create(f"rome{number}", tz=timezone)
            self.community_id = community.community_id
            Flows(connection).get_or_create(self.flow, FlowConfig())

    def add(
        self,
        channels: Channels = ((Direction.WITHDRAWAL, 900),),
        *,
        from_slot: int = 0,
        to_slot: int | None = None,
        contract_w: int | None = 10_000,
        peak_w: int | None = None,
        flow: str | None = None,
        member_id: str | None = None,
        name: str | None = None,
        config: FlowConfig | None = None,
    ) -> tuple[int, ...]:
        """A device of a member, held over [from_slot, to_slot); the ids of its channels."""
        with self.database.write() as connection:
            communities, devices = Communities(connection), Devices(connection, self.vault)
            if member_id is None:
                member_id = communities.add_member(self.community_id).member_id
                communities.set_interval(member_id, 0)
            device = devices.get_or_create(name or f"meter{next(_NAMES)}")
            devices.set_holder(device.device_id, member_id, from_slot, to_slot)
            devices.set_contract(ContractRow(device.device_id, 0, None, contract_w, None, peak_w))
            flows = Flows(connection)
            flows.add_device(flows.get_or_create(flow or self.flow, config or FlowConfig()).flow_id, device.device_id)
            ids = tuple(devices.add_channel(device.device_id, *channel).channel_id for channel in channels)
        self.channel_ids += ids
        return ids

    def member(self) -> str:
        """A member without devices."""
        with self.database.write() as connection:
            member = Communities(connection).add_member(self.community_id)
            Communities(connection).set_interval(member.member_id, 0)
        return member.member_id

    def also(self) -> str:
        """The name of a second flow."""
        name = f"{self.flow} too"
        with self.database.write() as connection:
            Flows(connection).get_or_create(name, FlowConfig())
        return name

    def flow_id(self) -> int:
        """The id of the flow of this community."""
        with self.database.read() as connection:
            return Flows(connection).get(self.flow).flow_id

    def merge(
        self, channel_id: int, wh: Mapping[int, int], *, flow: str | None = None, quality: int = 1, rank: int = 10
    ) -> int:
        """Make values the current ones by slot, as a batch that is always the better one; the id of the batch."""
        with self.database.ingest() as connection:
            batch_id = self._batch(connection, flow or self.flow, len(wh))
            readings = Readings(connection)
            box = ([channel_id], min(wh), max(wh) + 1)
            current, last = readings.current(*box), readings.last_versions(*box)
            added, replaced, versions = [], [], []
            for slot, value in sorted(wh.items()):
                key = (channel_id, slot)
                old = current.get(key)
                number = max(last.get(key, 0), old.version if old else 0) + 1
                row = NewReading(*key, value, quality, rank, number, batch_id)
                if old is None:
                    added.append(row)
                else:
                    replaced.append(row)
                    versions.append(
                        NewVersion(*key, old.version, old.wh, old.quality, old.rank, old.batch_id, "superseded")
                    )
            readings.add(added)
            readings.replace(replaced)
            readings.add_versions(versions)
        return batch_id

    def hold(self, channel_id: int, slot: int, wh: int) -> None:
        """Put a value in quarantine, as V11 does, where nothing is current."""
        with self.database.ingest() as connection:
            batch_id = self._batch(connection, self.flow, 1)
            Readings(connection).add_versions([NewVersion(channel_id, slot, 1, wh, 1, 10, batch_id, "quarantined")])

    def manual(self, flow: str) -> None:
        """Make a flow one of edits by persons (class 6)."""
        with self.database.write() as connection:
            connection.execute(update(Flow).where(Flow.name == flow).values(config='{"source_class":6}'))

    def _batch(self, connection: Connection, flow: str, rows: int) -> int:
        flow_id = connection.execute(select(Flow.flow_id).where(Flow.name == flow)).scalar_one()
        batch_id = Batches(connection).next_id()
        counters = dict.fromkeys((f"rows_{name}" for name in COUNTERS), 0) | {"rows_new": rows}
        connection.execute(
            insert(Batch).values(
                batch_id=batch_id,
                flow_id=flow_id,
                sha256=batch_id.to_bytes(32),
                bytes=0,
                received_at=RECEIVED_MS + batch_id,
                state="done",
                report="{}",
                merge_no=batch_id,
                **counters,
            )
        )
        return batch_id
