"""The job that stands in for a day of prices that no file came for."""

from datetime import date

from gettone.db.engine import Database
from gettone.db.repositories.prices import Prices, StoredPrice
from gettone.metering.zonal_prices import FORECAST, ZONES, PriceDay, repeat_day, starts_of
from oracle.prices.price_table import SLOT_S, day_of, prices_of


def forecast_day(database: Database, day: date) -> int:
    """Repeat the last day of each zone that has no price of a day; returns how many prices were stored."""
    with database.write() as connection:
        prices = Prices(connection)
        decided = prices.decide([one for zone in ZONES for one in _repeated(prices, zone, day)])
        prices.write(decided, None)
        return decided.counts.new


def _repeated(prices: Prices, zone: str, day: date) -> list[StoredPrice]:
    starts = starts_of(day, SLOT_S)
    first, end = starts.start // SLOT_S, starts.stop // SLOT_S
    last = prices.last_slot(zone, first)
    if last is None or prices.read(zone, first, end):
        return []
    before = day_of(last)
    known = prices.read(zone, starts_of(before, SLOT_S).start // SLOT_S, starts_of(before, SLOT_S).stop // SLOT_S)
    step_s = known[0].step_s
    row = {one.slot: one.ueur_mwh for one in known}
    slots = [start // SLOT_S for start in starts_of(before, step_s)]
    # A price of the last day that waits for a person leaves a hole: the one before it, or the first known, fills it.
    filled: list[int] = []
    for slot in slots:
        filled.append(row.get(slot, filled[-1] if filled else known[0].ueur_mwh))
    return prices_of(repeat_day(PriceDay(before, step_s, {zone: tuple(filled)}), day), FORECAST)
