"""Files of zonal prices: the market operator's XML and tables with local labels."""

from datetime import date
from pathlib import Path

import pytest

from gettone.metering.flow import FlowConfig
from oracle.prices import labelled_csv, market_xml
from oracle.prices.price_file import PriceFile
from tests.factories.payloads import refusal_of, zip_of
from tests.factories.price_files import labelled_file, market_file

pytestmark = pytest.mark.unit

MARKET = FlowConfig(decimal=",", separator=";", options=(("kind", "actual"),))
COLUMNS = (("timestamp", "hour_local_label"),)


def table_flow(kind: str) -> FlowConfig:
    return FlowConfig(syntax="csv", step_s=3600, clock="Europe/Rome", columns=COLUMNS, options=(("kind", kind),))


def read_market(tmp_path: Path, document: str | bytes) -> PriceFile:
    path = tmp_path / "payload"
    path.write_bytes(document if isinstance(document, bytes) else document.encode())
    return market_xml.read(path, MARKET)


def read_table(tmp_path: Path, text: str, kind: str = "scenario") -> PriceFile:
    path = tmp_path / "payload"
    path.write_text(text)
    return labelled_csv.read(path, table_flow(kind))


@pytest.mark.parametrize(
    ("day", "item", "count"),
    [
        ("20260329", "Prezzi", 23),
        ("20260601", "Prezzi", 24),
        ("20261025", "Prezzi", 25),
        ("20260329", "Prezzi15", 92),
        ("20260601", "Prezzi15", 96),
        ("20261025", "Prezzi15", 100),
    ],
)
def test_market__count_of_the_calendar__is_a_day(tmp_path: Path, day: str, item: str, count: int) -> None:
    found = read_market(tmp_path, market_file(day, [f"{at},5" for at in range(count)], item=item))
    assert [(one.step_s, set(one.ueur_mwh)) for one in found.days] == [
        (3600 if item == "Prezzi" else 900, {"PUN", "NORD", "SICI"})
    ]
    assert found.days[0].ueur_mwh["SICI"] == tuple(at * 1_000_000 + 500_000 for at in range(count))


@pytest.mark.parametrize(("day", "count"), [("20260329", 24), ("20260601", 23), ("20260601", 25), ("20261025", 24)])
def test_market__another_count__refuses_the_day(tmp_path: Path, day: str, count: int) -> None:
    found = read_market(tmp_path, market_file(day, ["1"] * count))
    assert ([one.code for one in found.refused], found.days) == (["X_DAYLEN"], [])


def test_market__price_that_is_none__refuses_its_day_only(tmp_path: Path) -> None:
    good, bad = market_file("20260601", ["1"] * 24), market_file("20260602", ["1"] * 23 + ["n.d."])
    found = read_market(tmp_path, good.replace("</NewDataSet>", bad[bad.index("<Prezzi>") :]))
    assert [one.day for one in found.days] == [date(2026, 6, 1)]
    assert [(one.day, one.code) for one in found.refused] == [(date(2026, 6, 2), "R_SYNTAX")]


def test_market__rows_in_any_order_zip_and_other_zones__change_nothing(tmp_path: Path) -> None:
    document = market_file("20260601", [str(at) for at in range(24)], zones=("NORD", "FRAN"))
    rows = document.split("<Prezzi>")
    shuffled = "<Prezzi>".join([rows[0], *rows[-2:0:-1], rows[-1]])
    found = read_market(tmp_path, zip_of(shuffled.encode()))
    assert found.days[0].ueur_mwh == {"NORD": tuple(at * 1_000_000 for at in range(24))}
    assert found.ignored == ("FRAN",)


@pytest.mark.parametrize(
    "document",
    [
        "<NewDataSet/>",
        "<Other/>",
        market_file("20260231", ["1"] * 24),
        market_file("1/6/2026", ["1"] * 24),
        "<!DOCTYPE a>" + market_file("20260601", ["1"] * 24).partition("?>")[2],
        market_file("20260601", ["1"] * 24)[:-5],
    ],
)
def test_market__other_layout__refuses_the_file(tmp_path: Path, document: str) -> None:
    assert refusal_of(lambda: read_market(tmp_path, document)) == "F_SCHEMA"


def test_market__flow_without_a_kind__refuses_the_file(tmp_path: Path) -> None:
    path = tmp_path / "payload"
    path.write_text(market_file("20260601", ["1"] * 24))
    assert refusal_of(lambda: market_xml.read(path, FlowConfig())) == "F_SCHEMA"


def test_table__scenario_with_24_labels_every_day__fits_the_calendar(tmp_path: Path) -> None:
    found = read_table(tmp_path, labelled_file(["2026-03-29", "2026-10-25"]))
    spring, autumn = (one.ueur_mwh["NORD"] for one in found.days)
    assert (len(spring), len(autumn), found.dropped) == (23, 25, 1)
    assert spring[:3] == (500_000, 1_500_000, 3_500_000)
    assert autumn[:5] == (500_000, 1_500_000, 2_500_000, 2_500_000, 3_500_000)


def test_table__actual_with_24_labels_every_day__refuses_the_changeovers(tmp_path: Path) -> None:
    found = read_table(tmp_path, labelled_file(["2026-03-29", "2026-06-01", "2026-10-25"]), "actual")
    assert [one.day for one in found.days] == [date(2026, 6, 1)]
    assert {one.code for one in found.refused} == {"X_DAYLEN"}


@pytest.mark.parametrize("row", ["2026-06-01T05:00,1", "yesterday,1,1", "2026-06-01T05:00Z,1,1"])
def test_table__row_that_cannot_be_read__leaves_its_day_short(tmp_path: Path, row: str) -> None:
    text = labelled_file(["2026-06-01"]).replace("2026-06-01T05:00,5.5,100.00", row)
    found = read_table(tmp_path, text)
    assert ([one.row for one in found.broken], found.days) == ([7], [])
    assert [one.code for one in found.refused] == ["X_DAYLEN"]


def test_table__price_beyond_six_places__refuses_the_day(tmp_path: Path) -> None:
    found = read_table(tmp_path, labelled_file(["2026-06-01"], price="1.0000001"))
    assert [one.code for one in found.refused] == ["R_SYNTAX"]


def test_table__no_zone__refuses_the_file(tmp_path: Path) -> None:
    assert refusal_of(lambda: read_table(tmp_path, "hour_local_label,x\n")) == "F_COLUMN"
