"""The job that brings a file of weather into the table, once."""

from collections import Counter
from pathlib import Path

from sqlalchemy import Connection

from gettone.db.engine import Database
from gettone.db.partitions import ensure_partitions
from gettone.db.repositories.batches import Batches, BatchRow, Counters
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import FlowRow, Flows
from gettone.db.repositories.weather import StationValue, WeatherRows
from gettone.metering.codes import Code
from gettone.vault import Vault
from oracle.sources.recorded_batch import Digest, Recorded, Refusal, digest_of, earlier_batch, record_batch, report_of
from oracle.weather.weather_file import Signal, WeatherFile, WeatherValue, read


def import_weather(database: Database, vault: Vault, payload: Path, flow_name: str, *, now_ms: int) -> Recorded:
    """Store the weather of a file; stations are devices that the flow may speak for, others are refused row by row.

    1. this flow did these bytes already: duplicate   2. read the file by the registered signals   3. find the stations
    4. store values, refusals and the batch in one transaction

    Raises InputError with an F code for an unusable file, MissingInput for an unknown flow.
    """
    digest = digest_of(payload)
    with database.ingest() as connection:
        flow = Flows(connection).get(flow_name)
        earlier = earlier_batch(connection, flow.flow_id, digest)
        if earlier is not None:
            return earlier
        signals = {
            one.code: Signal(one.signal_id, one.scale, one.low, one.high) for one in WeatherRows(connection).signals()
        }
        return _store(connection, vault, read(payload, flow.config, signals), flow, digest, now_ms)


def _store(
    connection: Connection, vault: Vault, found: WeatherFile, flow: FlowRow, digest: Digest, now_ms: int
) -> Recorded:
    stations = _stations(connection, vault, flow.flow_id, found.values)
    values = [StationValue(stations[one.station], *one[1:]) for one in found.values if one.station in stations]
    refusals = [Refusal(one.code, one.field, found.texts.get(one.row, one.reason)) for one in found.broken]
    unknown = [one for one in found.values if one.station not in stations]
    refusals += [Refusal(Code.R_UNKNOWN, "station", ",".join(map(str, one))) for one in unknown]
    codes = Counter(one.code for one in refusals)
    batch_id = Batches(connection).next_id()
    if values:
        ensure_partitions(connection, min(one.slot for one in values), max(one.slot for one in values))
    stored = WeatherRows(connection).store(values, batch_id)
    counters = Counters(
        rows_new=stored.new,
        rows_changed=stored.changed,
        rows_equal=stored.equal + found.equal,
        rows_rejected=len(refusals),
    )
    report = report_of(codes, found.ignored, counters.total)
    row = BatchRow(batch_id, flow.flow_id, digest.sha256, digest.size_bytes, now_ms, "done", counters, report)
    return record_batch(connection, vault, row, refusals, codes)


def _stations(connection: Connection, vault: Vault, flow_id: int, values: list[WeatherValue]) -> dict[str, int]:
    allowed = Flows(connection).devices(flow_id)
    found = Devices(connection, vault).find(sorted({one.station for one in values}))
    return {name: device.device_id for name, device in found.items() if device.device_id in allowed}
