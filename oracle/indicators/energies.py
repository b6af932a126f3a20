"""Energies of the members of a community from stored readings, with estimates where a measured value is missing."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, select

from gettone.db.repositories.series import read_dense
from gettone.db.tables import Estimate
from gettone.metering.calendar.slots import SlotCalendar
from gettone.metering.indicators.energies import Energies
from gettone.metering.indicators.member_energies import Readings, member_energies
from gettone.types import Quality
from oracle.indicators.registry import IndicatorRegistry


def load_energies(connection: Connection, registry: IndicatorRegistry, calendar: SlotCalendar) -> Energies:
    """Energies of every member of the registry over the slots of the calendar."""
    chosen = registry.selection(calendar.from_slot, calendar.to_slot)
    readings = load_readings(connection, chosen.channel_ids, calendar.from_slot, calendar.to_slot)
    return member_energies(readings, chosen.parts, len(registry.members), calendar.step_s)


def load_readings(connection: Connection, channel_ids: Sequence[int], from_slot: int, to_slot: int) -> Readings:
    """Current readings of channels; an estimate (quality 2) stands in where there is no value."""
    wh, quality = read_dense(connection, channel_ids, from_slot, to_slot)
    query = select(Estimate.channel_id, Estimate.slot, Estimate.wh)
    rows = connection.execute(query.where(Estimate.slot >= from_slot, Estimate.slot < to_slot))
    row_of = {channel_id: row for row, channel_id in enumerate(channel_ids)}
    found = [(row_of[channel_id], slot - from_slot, value) for channel_id, slot, value in rows if channel_id in row_of]
    if found:
        rows_at, places, values = (np.array(column) for column in zip(*found, strict=True))
        missing = quality[rows_at, places] == Quality.MISSING
        wh[rows_at[missing], places[missing]] = values[missing]
        quality[rows_at[missing], places[missing]] = Quality.ESTIMATED
    return Readings(from_slot, wh, quality)
