"""A file of weather into its table: values of stations that the flow may speak for (§2, §3.2)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from gettone.db.engine import Database
from gettone.db.partitions import ensure_partitions
from gettone.db.repositories.batch_states import PARKED, REJECTED
from gettone.db.repositories.batches import Counters
from gettone.db.repositories.flows import FlowRow
from gettone.db.repositories.weather import StationValue, WeatherRows
from gettone.metering.codes import Code
from gettone.metering.registry import Registry
from oracle.sources.table_file import Refusal, Tabled
from oracle.weather.weather_file import Signal, WeatherFile, read

WEATHER_SYNTAXES = ("weather_csv",)


def read_weather(database: Database, payload: Path, flow: FlowRow) -> "WeatherTable":
    """The weather of a file by the registered signals; InputError with an F code for an unusable file."""
    with database.read() as connection:
        found = WeatherRows(connection).signals()
    signals = {one.code: Signal(one.signal_id, one.scale, one.low, one.high) for one in found}
    return WeatherTable(read(payload, flow.config, signals))


@dataclass(frozen=True, slots=True)
class WeatherTable:
    """A file of weather that was read; its devices are stations."""

    found: WeatherFile

    @property
    def devices(self) -> tuple[str, ...]:
        """Names of the stations, sorted."""
        return tuple(sorted({one.station for one in self.found.values}))

    def named(self, rows: Collection[int]) -> dict[int, str]:
        """The stations that rows name, by number."""
        by_row = zip(self.found.value_rows, self.found.values, strict=True)
        return {row: one.station for row, one in by_row if row in rows}

    def taking(self, rows: Collection[int]) -> "WeatherTable":
        """Only these rows, each of which gives a value."""
        kept = [
            (row, one) for row, one in zip(self.found.value_rows, self.found.values, strict=True) if row in set(rows)
        ]
        values = [one for _, one in kept]
        return WeatherTable(WeatherFile(len(kept), values, [row for row, _ in kept], ignored=self.found.ignored))

    def store(self, connection: Connection, registry: Registry, flow: FlowRow, batch_id: int) -> Tabled:
        """Store the values of known stations; rows of others wait for them one by one.

        A file of unknown stations alone waits for them; one with too many wrong rows is refused whole (§3.1).
        """
        found = self.found
        refusals = [Refusal(one.row, one.code, one.field, found.texts.get(one.row, one.reason)) for one in found.broken]
        if len(refusals) * 1000 > flow.config.max_reject_permille * found.rows:
            codes = Counter({Code.F_TOO_MANY: 1})
            return Tabled(Counters(rows_rejected=found.rows), codes, refusals, found.ignored, REJECTED)
        if found.values and not registry:
            return Tabled(Counters(), Counter({Code.R_UNKNOWN: len(found.values)}), (), found.ignored, PARKED)
        refusals += [
            Refusal(row, Code.R_UNKNOWN, "station", ",".join(map(str, one)))
            for row, one in zip(found.value_rows, found.values, strict=True)
            if one.station not in registry
        ]
        values = [
            StationValue(registry[one.station].device_id, *one[1:]) for one in found.values if one.station in registry
        ]
        if values:
            ensure_partitions(connection, min(one.slot for one in values), max(one.slot for one in values))
        stored = WeatherRows(connection).store(values, batch_id)
        counters = Counters(
            rows_new=stored.new,
            rows_changed=stored.changed,
            rows_equal=stored.equal + found.equal,
            rows_rejected=len(refusals),
        )
        return Tabled(counters, Counter(one.code for one in refusals), refusals, found.ignored)
