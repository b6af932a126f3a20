"""The export of a community's month, and what reading it back gives."""

import json
from pathlib import Path

import pytest

from gettone.errors import Refused
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Received
from oracle.exports.kpi_dataset import ENERGIES, Totals, kpi_dataset, kwh_text
from oracle.formats.registry import read_batch

pytestmark = pytest.mark.unit

START_S = 1_472_712_400 // 3600 * 3600
MONTH = Totals(
    START_S, START_S + 720 * 3600, {"WithdrawnEnergy": 9_149_226, "InjectedEnergy": 3_365_017, "SharedEnergy": 0}
)
HOURS = [Totals(START_S + at * 3600, START_S + (at + 1) * 3600, {"SharedEnergy": at * 7 - 3}) for at in range(5)]


def export(members: int, hours: list[Totals]) -> bytes:
    return kpi_dataset("fontana", members, MONTH, hours, producer="gettone", made_at_s=START_S)


def read_back(tmp_path: Path, content: bytes, name: str) -> list[tuple[int, int, int]]:
    """(start, length, Wh) of a property."""
    path = tmp_path / "payload"
    path.write_bytes(content)
    options = (("property.CommunityID", "device"), (f"property.{name}", "value"), ("dataset", "EnergyCommunityKPI-2.0"))
    received = read_batch(path, FlowConfig(syntax="urban_dataset", unit=None, options=options))
    assert isinstance(received, Received)
    assert set(received.exponent.tolist()) == {-3}
    return list(zip(received.start_s.tolist(), received.interval_s.tolist(), received.mantissa.tolist(), strict=True))


def test_export__hours_read_back__are_the_same_integers(tmp_path: Path) -> None:
    content = export(8, HOURS)
    found = read_back(tmp_path, content, "SharedEnergy")
    assert found == [(one.from_s, 3600, one.wh["SharedEnergy"]) for one in HOURS]


@pytest.mark.parametrize("wh", [0, 1, 999, 1000, -1, 1_457_968, 9_149_226, 10**12])
def test_kwh_text__any_energy__is_that_many_thousandths(wh: int) -> None:
    assert int(kwh_text(wh).replace(".", "")) == wh


def test_export__month_of_a_small_community__has_one_line() -> None:
    document = json.loads(export(3, []))["UrbanDataset"]
    (line,) = document["values"]["line"]
    values = {one["name"]: one["val"] for one in line["property"]}
    assert values == {
        "CommunityID": "fontana",
        "Members": "3",
        "WithdrawnEnergy": "9149.226",
        "InjectedEnergy": "3365.017",
        "SharedEnergy": "0.000",
    }


def test_export__hours_of_seven_members__are_refused() -> None:
    with pytest.raises(Refused, match="from 8 on"):
        export(7, HOURS)


def test_export__every_energy__has_its_definition_in_kwh() -> None:
    definitions = json.loads(export(8, []))["UrbanDataset"]["specification"]["properties"]["propertyDefinition"]
    in_kwh = {one["propertyName"] for one in definitions if one.get("unitOfMeasure") == "kilowattHour"}
    assert in_kwh == set(ENERGIES)


def test_export__same_totals__same_bytes() -> None:
    assert export(8, HOURS) == export(8, HOURS)
