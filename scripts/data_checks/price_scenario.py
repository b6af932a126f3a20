"""The scenario of zonal prices with 24 labels on every day."""

from datetime import date
from pathlib import Path

from gettone.db.repositories.flows import Flows
from gettone.metering.flow import FlowConfig
from gettone.metering.zonal_prices import starts_of
from scripts.data_checks.installation import Installation, Place
from scripts.data_checks.single_meters import ms
from scripts.data_checks.table import Line, line

SCENARIO = FlowConfig(
    syntax="price_csv", step_s=3600, columns=(("timestamp", "hour_local_label"),), options=(("kind", "scenario"),)
)


def check_prices(place: Place, data: Path) -> list[Line]:
    """Every hour of the calendar has a price; the changes of the clock lose and repeat one label."""
    name = "italy_zonal_price_scenario_hourly"
    made = Installation(place, name)
    with made.database.write() as connection:
        Flows(connection).get_or_create("scenario", SCENARIO)
    outcome = made.deliver("scenario", data / f"{name}.csv.gz", ms("2023-01-01"))
    spring, autumn = _nord(made, date(2023, 3, 26)), _nord(made, date(2023, 10, 29))
    made.close()
    return [
        line(name, "8 zones by 8,760 hours", "§7", 8 * 8_760, outcome.counters["rows_new"]),
        line(name, "2023-03-26: label 02:00 (79.15) dropped", "§7", [79_500_000, 82_290_000], spring[1:3]),
        line(name, "2023-10-29: label 02:00 to both hours", "§7", [113_000_000, 113_000_000], autumn[2:4]),
    ]


def _nord(made: Installation, day: date) -> list[int]:
    hours = starts_of(day, 3600)
    query = "SELECT ueur_mwh FROM prices WHERE zone = 'NORD' AND slot >= :first AND slot < :last ORDER BY slot"
    return [one for (one,) in made.rows(query, first=hours.start // 900, last=hours.stop // 900)]
