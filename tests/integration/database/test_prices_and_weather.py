"""Prices and weather through the intake into their tables: once, in whole days, with what was refused."""

from datetime import date
from pathlib import Path

import pytest

from gettone.db.engine import Database
from gettone.db.repositories.anomalies import Anomalies
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.devices import Devices
from gettone.db.repositories.flows import Flows
from gettone.db.repositories.prices import Prices, StoredPrice
from gettone.db.repositories.weather import StationValue, WeatherRows
from gettone.errors import InputError
from gettone.metering.flow import FlowConfig
from gettone.metering.zonal_prices import starts_of
from gettone.vault import Vault
from oracle.import_table import import_table
from oracle.intake import Intake, open_intake
from oracle.intake_outcome import Outcome
from oracle.prices.forecast import forecast_day
from oracle.prices.price_table import PRICE_SYNTAXES
from oracle.rejects import list_rejects
from oracle.replay import run_again
from oracle.weather.weather_table import WEATHER_SYNTAXES
from tests.factories.metering import contents
from tests.factories.price_files import labelled_file, market_file

pytestmark = pytest.mark.database

NOW_MS = 1_790_000_000_000
DAY = date(2026, 6, 1)
WEATHER = FlowConfig(syntax="weather_csv", null_marks=("",), max_reject_permille=400)
FIRST = starts_of(DAY, 900).start // 900
TABLES = ("prices", "weather", "rejects", "anomalies")


@pytest.fixture
def intake(database: Database, vault: Vault, tmp_path: Path) -> Intake:
    """The intake of an empty installation."""
    return open_intake(database, vault, tmp_path / "lake")


def import_prices(intake: Intake, path: Path, name: str) -> Outcome:
    return import_table(intake, path, name, now_ms=NOW_MS, syntaxes=PRICE_SYNTAXES, holds="prices")


def flow(database: Database, name: str, config: FlowConfig) -> None:
    with database.write() as connection:
        Flows(connection).get_or_create(name, config)


def market(intake: Intake, tmp_path: Path, prices: list[str], day: str = "20260601") -> Outcome:
    config = FlowConfig(syntax="price_xml", decimal=",", separator=";", options=(("kind", "actual"),))
    flow(intake.database, "market", config)
    path = tmp_path / "prices.xml"
    path.write_text(market_file(day, prices, zones=("NORD",)))
    return import_prices(intake, path, "market")


def table(intake: Intake, path: Path, kind: str = "scenario") -> Outcome:
    config = FlowConfig(
        syntax="price_csv", step_s=3600, columns=(("timestamp", "hour_local_label"),), options=(("kind", kind),)
    )
    flow(intake.database, kind, config)
    return import_prices(intake, path, kind)


def nord(database: Database, first: int = FIRST, slots: int = 100) -> list[StoredPrice]:
    with database.read() as connection:
        return list(Prices(connection).read("NORD", first, first + slots))


def test_prices__a_day__is_stored_exactly(intake: Intake, tmp_path: Path) -> None:
    recorded = market(intake, tmp_path, [f"{hour},5" for hour in range(24)])
    assert (recorded.state, recorded.counters["rows_new"], recorded.rows) == ("done", 24, 24)
    assert nord(intake.database) == [
        StoredPrice("NORD", FIRST + 4 * hour, 3600, hour * 1_000_000 + 500_000, "actual") for hour in range(24)
    ]


def test_prices__same_file_again__changes_nothing(intake: Intake, tmp_path: Path) -> None:
    market(intake, tmp_path, ["1"] * 24)
    before = contents(intake.database, *TABLES)
    assert market(intake, tmp_path, ["1"] * 24).state == "duplicate"
    assert contents(intake.database, *TABLES) == before


def test_prices__another_price_of_the_day__replaces_it(intake: Intake, tmp_path: Path) -> None:
    market(intake, tmp_path, ["1"] * 24)
    counters = market(intake, tmp_path, ["1"] * 23 + ["2"]).counters
    assert (counters["rows_equal"], counters["rows_changed"]) == (23, 1)
    assert nord(intake.database)[-1].ueur_mwh == 2_000_000


def test_prices__scenario__never_replaces_an_actual_price(intake: Intake, tmp_path: Path) -> None:
    market(intake, tmp_path, ["1"] * 24)
    path = tmp_path / "scenario.csv"
    path.write_text(labelled_file(["2026-06-01"]).replace(",PUN", ",x"))
    assert table(intake, path).counters["rows_older"] == 24
    assert {(one.kind, one.ueur_mwh) for one in nord(intake.database)} == {("actual", 1_000_000)}


def test_prices__day_of_another_length__is_refused_with_an_anomaly(intake: Intake, tmp_path: Path) -> None:
    recorded = market(intake, tmp_path, ["1"] * 23)
    assert (recorded.codes, recorded.counters["rows_rejected"]) == ({"X_DAYLEN": 1}, 1)
    with intake.database.read() as connection:
        (anomaly,) = Anomalies(connection).open()
        (reject,) = Batches(connection).rejects(recorded.batch_id)
    assert (anomaly.finding.code, anomaly.finding.first_slot, anomaly.finding.last_slot) == (
        "X_DAYLEN",
        FIRST,
        FIRST + 95,
    )
    assert (reject.code, nord(intake.database)) == ("X_DAYLEN", [])


@pytest.mark.parametrize(("price", "waits"), [("5000", 0), ("-500,000001", 1)])
def test_prices__beyond_the_bounds__wait_for_a_person(intake: Intake, tmp_path: Path, price: str, waits: int) -> None:
    recorded = market(intake, tmp_path, ["1"] * 23 + [price])
    assert (recorded.counters["rows_quarantined"], len(nord(intake.database))) == (waits, 24 - waits)
    assert recorded.codes == ({"P_BOUND": 1} if waits else {})


def test_prices__unusable_file__is_a_rejected_batch_and_stores_nothing(intake: Intake, tmp_path: Path) -> None:
    before = contents(intake.database, *TABLES)
    with pytest.raises(InputError, match="F_SCHEMA"):
        market(intake, tmp_path, ["1"] * 24, day="1 June")
    assert contents(intake.database, *TABLES) == before
    with intake.database.read() as connection:
        (batch,) = Batches(connection).all()
    assert (batch.state, batch.received_leaf, batch.outcome_leaf) == ("rejected", 0, 1)


def test_prices__flow_of_readings__is_no_flow_of_prices(intake: Intake, tmp_path: Path) -> None:
    flow(intake.database, "upload", FlowConfig())
    path = tmp_path / "prices"
    path.write_text("x")
    with pytest.raises(InputError, match="prices are read as"):
        import_prices(intake, path, "upload")


def test_prices__scenario__fills_every_hour_of_the_calendar(intake: Intake, tmp_path: Path) -> None:
    path = tmp_path / "scenario.csv"
    path.write_text(labelled_file(["2026-03-29", "2026-10-25"]))
    assert table(intake, path).counters["rows_new"] == 2 * 48
    autumn = starts_of(date(2026, 10, 25), 3600)
    assert [one.ueur_mwh for one in nord(intake.database, autumn.start // 900)[2:4]] == [2_500_000, 2_500_000]


def test_forecast__missing_day__repeats_the_last_one(intake: Intake, tmp_path: Path) -> None:
    market(intake, tmp_path, [str(hour) for hour in range(24)])
    assert forecast_day(intake.database, date(2026, 6, 2)) == 24
    assert forecast_day(intake.database, date(2026, 6, 2)) == 0
    assert [(one.ueur_mwh, one.kind) for one in nord(intake.database, FIRST + 96, 96)] == [
        (hour * 1_000_000, "forecast") for hour in range(24)
    ]


def test_forecast__day_whose_prices_come__is_replaced(intake: Intake, tmp_path: Path) -> None:
    market(intake, tmp_path, ["1"] * 24)
    forecast_day(intake.database, date(2026, 6, 2))
    counters = market(intake, tmp_path, ["1"] * 12 + ["2"] * 12, day="20260602").counters
    assert (counters["rows_confirmed"], counters["rows_changed"]) == (12, 12)
    assert {one.kind for one in nord(intake.database, FIRST + 96, 96)} == {"actual"}


def weather(intake: Intake, tmp_path: Path, rows: str) -> tuple[Outcome, int]:
    with intake.database.write() as connection:
        made = Flows(connection).get_or_create("weather", WEATHER)
        station = Devices(connection, intake.vault).get_or_create("roof", kind="weather_station")
        Flows(connection).add_device(made.flow_id, station.device_id)
    path = tmp_path / "weather.csv"
    path.write_text("station,timestamp,signal,value\n" + rows)
    return import_table(
        intake, path, "weather", now_ms=NOW_MS, syntaxes=WEATHER_SYNTAXES, holds="weather"
    ), station.device_id


def test_weather__file__fills_the_table(intake: Intake, tmp_path: Path) -> None:
    rows = "roof,2026-03-29T00:00:00Z,temperature,21.55\nroof,2026-03-29T00:00:00Z,irradiance,800\n"
    recorded, station = weather(intake, tmp_path, rows)
    with intake.database.read() as connection:
        found = WeatherRows(connection).read(station, 1_971_936, 1_971_937)
    assert found == (StationValue(station, 1_971_936, 11, 216, 1), StationValue(station, 1_971_936, 12, 800, 1))
    assert (recorded.counters["rows_new"], recorded.rows) == (2, 2)


def test_weather__unknown_station_and_wrong_row__are_refused_alone(intake: Intake, tmp_path: Path) -> None:
    rows = "roof,2026-03-29T00:00:00Z,irradiance,1\nhill,2026-03-29T00:00:00Z,irradiance,1\nroof,x,irradiance,1\n"
    recorded, _ = weather(intake, tmp_path, rows)
    assert recorded.codes == {"R_SYNTAX": 1, "R_UNKNOWN": 1}
    assert (recorded.counters["rows_new"], recorded.counters["rows_rejected"]) == (1, 2)


def test_weather__row_of_an_unknown_station__waits_and_runs_once_it_is_registered(
    intake: Intake, tmp_path: Path
) -> None:
    rows = "roof,2026-03-29T00:00:00Z,irradiance,1\nhill,2026-03-29T00:00:00Z,irradiance,7\n"
    weather(intake, tmp_path, rows)
    assert run_again(intake, now_ms=NOW_MS) == ()
    with intake.database.write() as connection:
        hill = Devices(connection, intake.vault).get_or_create("hill", kind="weather_station").device_id
        Flows(connection).add_device(Flows(connection).get("weather").flow_id, hill)
    assert [(one.state, one.rows) for one in run_again(intake, now_ms=NOW_MS)] == [("done", 1)]
    with intake.database.read() as connection:
        found = WeatherRows(connection).read(hill, 1_971_936, 1_971_937)
    assert found == (StationValue(hill, 1_971_936, 12, 7, 1),)
    assert [one.state for one in list_rejects(intake, 1)] == ["fixed"]
    assert run_again(intake, now_ms=NOW_MS) == ()


def test_weather__later_file__replaces_and_confirms(intake: Intake, tmp_path: Path) -> None:
    row = "roof,2026-03-29T00:{:02}:00Z,irradiance,{}\n"
    weather(intake, tmp_path, row.format(0, 1) + row.format(15, 2))
    counters = weather(intake, tmp_path, row.format(0, 1) + row.format(15, 3))[0].counters
    assert (counters["rows_equal"], counters["rows_changed"]) == (1, 1)
    before = contents(intake.database, *TABLES)
    assert weather(intake, tmp_path, row.format(0, 1) + row.format(15, 3))[0].state == "duplicate"
    assert contents(intake.database, *TABLES) == before
