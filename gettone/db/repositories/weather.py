"""Weather of stations, and the signals it is measured in."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from gettone.db.columns import Base
from gettone.db.tables import MeasurementTable, SignalLabel, Weather

_WEATHER = Base.metadata.tables[Weather.__tablename__]


class SignalRow(NamedTuple):
    """A signal: a stored value times 10**`scale` of its unit is what was measured; bounds in stored values."""

    signal_id: int
    code: str
    scale: int
    low: int | None
    high: int | None


class StationValue(NamedTuple):
    """A stored value of a station's signal over a slot of 900 s."""

    station_id: int
    slot: int
    signal_id: int
    value: int
    quality: int


class WeatherCounts(NamedTuple):
    """What became of values that were to be stored."""

    new: int = 0
    changed: int = 0
    equal: int = 0


class WeatherRows:
    """Reads and writes `weather`; reads `signal_labels`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def signals(self) -> tuple[SignalRow, ...]:
        """The signals of the weather table."""
        query = (
            select(SignalLabel.signal_id, SignalLabel.code, SignalLabel.scale, SignalLabel.min, SignalLabel.max)
            .join(MeasurementTable, MeasurementTable.table_id == SignalLabel.table_id)
            .where(MeasurementTable.name == Weather.__tablename__)
            .order_by(SignalLabel.signal_id)
        )
        return tuple(SignalRow(*row) for row in self._connection.execute(query))

    def read(self, station_id: int, from_slot: int, to_slot: int) -> tuple[StationValue, ...]:
        """The values of a station in [from_slot, to_slot), by slot and signal."""
        query = (
            select(Weather.station_id, Weather.slot, Weather.signal_id, Weather.value, Weather.quality)
            .where(Weather.station_id == station_id, Weather.slot >= from_slot, Weather.slot < to_slot)
            .order_by(Weather.slot, Weather.signal_id)
        )
        return tuple(StationValue(*row) for row in self._connection.execute(query))

    def store(self, values: Sequence[StationValue], batch_id: int) -> WeatherCounts:
        """Store values; one replaces what is there of its station, slot and signal."""
        known: dict[tuple[int, int, int], StationValue] = {}
        for station_id in {one.station_id for one in values}:
            slots = [one.slot for one in values if one.station_id == station_id]
            known |= {one[:3]: one for one in self.read(station_id, min(slots), max(slots) + 1)}
        added = [one for one in values if one[:3] not in known]
        changed = [one for one in values if known.get(one[:3], one) != one]
        if added:
            self._connection.execute(insert(Weather), [one._asdict() | {"batch_id": batch_id} for one in added])
        if changed:
            rows = [{f"new_{name}": value for name, value in one._asdict().items()} for one in changed]
            self._connection.execute(_REPLACE, [row | {"new_batch": batch_id} for row in rows])
        return WeatherCounts(len(added), len(changed), len(values) - len(added) - len(changed))


_REPLACE = (
    update(_WEATHER)
    .where(
        _WEATHER.c.station_id == bindparam("new_station_id"),
        _WEATHER.c.slot == bindparam("new_slot"),
        _WEATHER.c.signal_id == bindparam("new_signal_id"),
    )
    .values(value=bindparam("new_value"), quality=bindparam("new_quality"), batch_id=bindparam("new_batch"))
)
