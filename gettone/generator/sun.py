"""Sun by model: clear sky and module by pvlib, clouds by a chain of three kinds of day (§7).

The only floating point of the generator: it ends where the power is rounded to W per kWp.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from pvlib.irradiance import get_total_irradiance
from pvlib.location import Location
from pvlib.pvsystem import pvwatts_dc
from pvlib.temperature import TEMPERATURE_MODEL_PARAMETERS, sapm_cell

from gettone.generator.draws import Int64Array, below, draw_below, draws
from gettone.generator.shares import half_even
from gettone.periods import midnight_s

SLOT_S = 900
LINKE_TURBIDITY = 3
AIR_TEMPERATURE_C, WIND_M_S = 25, 1
POWER_PER_KELVIN = -0.004
SYSTEM_FACTOR = 0.86
PERMILLE = 1000
_MODULE = TEMPERATURE_MODEL_PARAMETERS["sapm"]["open_rack_glass_glass"]

# Each kind of day: lowest and highest share of the clear sky [permille], and whether it is drawn hour by hour.
_DAYS = (("clear", 940, 1000, False), ("mixed", 350, 950, True), ("overcast", 120, 350, True))
# Chance of the next day [permille] from each kind; the year begins as a mixed day.
_NEXT = ((650, 250, 100), (300, 400, 300), (150, 400, 450))


@dataclass(frozen=True, slots=True)
class Site:
    """Where plants stand and how their modules face: degrees, metres; azimuth 180 is south."""

    latitude: float = 41.9
    longitude: float = 12.5
    altitude_m: float = 20
    tilt: float = 30
    azimuth: float = 180


@lru_cache(maxsize=400)
def clear_w_per_kwp(site: Site, day: date, zone: ZoneInfo) -> Int64Array:
    """Power [W per kWp] of a clear local day in the middle of each slot of 900 s.

    Ineichen clear sky with Linke turbidity 3, plane of array, SAPM cell temperature (glass on an open rack, 25 °C
    air, 1 m/s), PVWatts with -0.4 % a kelvin, system factor 0.86.
    """
    start_s, end_s = midnight_s(day, zone), midnight_s(day + timedelta(days=1), zone)
    times = pd.to_datetime(np.arange(start_s + SLOT_S // 2, end_s, SLOT_S), unit="s", utc=True)
    location = Location(site.latitude, site.longitude, "UTC", site.altitude_m)
    sun = location.get_solarposition(times)
    sky = location.get_clearsky(times, model="ineichen", solar_position=sun, linke_turbidity=LINKE_TURBIDITY)
    plane = get_total_irradiance(
        site.tilt, site.azimuth, sun["apparent_zenith"], sun["azimuth"], sky["dni"], sky["ghi"], sky["dhi"]
    )["poa_global"].fillna(0)
    cell_c = sapm_cell(plane, AIR_TEMPERATURE_C, WIND_M_S, **_MODULE)
    power = pvwatts_dc(plane, cell_c, PERMILLE, POWER_PER_KELVIN) * SYSTEM_FACTOR
    watts: Int64Array = np.rint(power.to_numpy()).astype(np.int64)
    return watts


def cloud_permille(seed: str, place: str, day: date, slots: int) -> Int64Array:
    """Share of the clear sky [permille] in each slot of a day; the same for every plant of a place.

    The chain of days begins afresh each year, so that a day does not depend on where a series begins.
    """
    _, low, high, hourly = _DAYS[sky_of_day(seed, place, day)]
    drawn = below(draws(seed, [f"clouds/{place}/{day}"], 26)[0, 1:], high - low + 1) + low
    return drawn[np.arange(slots) // 4] if hourly else np.full(slots, drawn[0])


def sky_of_day(seed: str, place: str, day: date) -> int:
    """Kind of a day: 0 clear, 1 mixed, 2 overcast."""
    kind = 1
    for number in range((day - date(day.year, 1, 1)).days + 1):
        at = draw_below(seed, f"clouds/{place}/{date(day.year, 1, 1) + timedelta(days=number)}", 0, PERMILLE)
        clear, mixed, _ = _NEXT[kind]
        kind = 0 if at < clear else 1 if at < clear + mixed else 2
    return kind


def production_wh(w_per_kwp: Int64Array, clouds: Int64Array, peak_w: Int64Array) -> Int64Array:
    """Energy [Wh >= 0] of plants of peak_w [W] in each slot, int64 [plants, slots]."""
    return half_even(peak_w[:, None] * (w_per_kwp * clouds)[None, :], PERMILLE * PERMILLE * 3600 // SLOT_S)
