"""C_SUM on stored readings."""

from pathlib import Path

import pytest

from gettone.db.repositories.anomalies import Anomalies
from gettone.db.repositories.stated_totals import StatedTotals
from gettone.metering.calendar.bands import band_numbers
from gettone.metering.calendar.slots import SlotCalendar
from gettone.metering.checks.stated_totals import StatedTotal
from oracle.after_merge.check import check_touched
from oracle.intake import open_intake
from tests.factories.distributor import POD, curve_of, distributor_flow, flow_of, point_of
from tests.factories.merged_readings import Meters

pytestmark = pytest.mark.database

# Local midnight of 8 June 2026 in Rome.
DAY = 1_978_744
NOW_MS = (DAY + 60 * 96) * 900_000


def state(meters: Meters, channel: int, batch_id: int, *totals: tuple[int, int, int]) -> None:
    with meters.database.write() as connection:
        rows = [StatedTotal(channel, DAY + 96 * first, DAY + 96 * end, 0, wh) for first, end, wh in totals]
        StatedTotals(connection).put(rows, batch_id)


def check(meters: Meters, channel: int, day: int = 0) -> None:
    first = DAY + 96 * day
    check_touched(meters.database, [channel], first, first + 96, now_ms=NOW_MS)


def found(meters: Meters, channel: int) -> list[tuple[int, int, str]]:
    with meters.database.read() as connection:
        stored = Anomalies(connection).overlapping(["C_SUM"], DAY, DAY + 96 * 40, channel_ids=[channel])
    return [(one.finding.first_slot - DAY, one.finding.last_slot - DAY, one.state) for one in stored]


@pytest.fixture
def channel(meters: Meters) -> int:
    return meters.add()[0]


def test_sum__day_and_month_apart__are_two_findings_that_stay(meters: Meters, channel: int) -> None:
    batch_id = meters.merge(channel, {DAY + slot: 10 + slot % 2 for slot in range(10 * 96)})
    state(meters, channel, batch_id, (0, 10, 5000), (2, 3, 500), (3, 4, 1008))
    check(meters, channel, day=2)
    before = found(meters, channel)
    check(meters, channel, day=5)
    assert found(meters, channel) == before == [(0, 959, "open"), (192, 287, "open")]


def test_sum__readings_corrected__closes_the_finding(meters: Meters, channel: int) -> None:
    batch_id = meters.merge(channel, {DAY + slot: 10 + slot % 2 for slot in range(96)})
    state(meters, channel, batch_id, (0, 1, 2016))
    check(meters, channel)
    meters.merge(channel, {DAY + slot: 20 + 2 * (slot % 2) for slot in range(96)})
    check(meters, channel)
    assert found(meters, channel) == [(0, 95, "closed")]


def test_sum__total_stated_again__takes_the_place_of_the_first(meters: Meters, channel: int) -> None:
    batch_id = meters.merge(channel, {DAY + slot: 10 + slot % 2 for slot in range(96)})
    state(meters, channel, batch_id, (0, 1, 2016))
    state(meters, channel, batch_id, (0, 1, 1008))
    check(meters, channel)
    assert found(meters, channel) == []


def test_sum__band_totals_of_a_distributor__are_compared_as_the_file_comes_in(meters: Meters, tmp_path: Path) -> None:
    flow = f"{meters.flow} xml"
    first = 1_972_216
    april = SlotCalendar(first, first + 2880, 900, "Europe/Rome")
    in_f1 = int((band_numbers(april) == 1).sum())
    f1_wh = in_f1 // 2 * 201
    curves = "".join(curve_of(day, ["0,100", "0,101"] * 48) for day in range(1, 31))
    point = point_of(curves, month="04/2026", EaF1=f"{f1_wh // 1000},{f1_wh % 1000:03}", EaF3="1,000")
    (channel,) = meters.add(name=POD, flow=flow, config=distributor_flow())
    intake = open_intake(meters.database, meters.vault, tmp_path / "lake")
    received = intake.receive(flow, flow_of(point).encode(), received_at_ms=NOW_MS)
    assert intake.process(received.batch_id, now_ms=NOW_MS).state == "done"
    with meters.database.read() as connection:
        stored = Anomalies(connection).overlapping(["C_SUM"], first, first + 2880, channel_ids=[channel])
    assert [(one.finding.first_slot, one.finding.counted) for one in stored] == [(first, 1)]
