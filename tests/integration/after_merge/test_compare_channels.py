"""Rule V15 and T_CLOCK on stored readings: channels of a member, a community, a flow and a slot beside each other."""

import pytest

from gettone.db.repositories.anomalies import Anomalies
from gettone.db.repositories.gaps import GapRow, Gaps
from gettone.types import Direction
from oracle.after_merge.check import check_touched
from tests.factories.merged_readings import Meters

pytestmark = pytest.mark.database

# Local midnights of 8 June and 1 June 2026 in Rome; the checks run in August.
DAY = 1_978_744
JUNE, JULY = DAY - 7 * 96, DAY + 23 * 96
NOW_MS = (DAY + 60 * 96) * 900_000
CODES = ("C_SOURCES", "C_INJECT", "C_NIGHT", "C_YIELD", "G_IMPLAUSIBLE", "T_CLOCK")


def check(meters: Meters, *channel_ids: int, first: int = DAY, end: int = DAY + 96) -> None:
    check_touched(meters.database, channel_ids, first, end, now_ms=NOW_MS)


def found(meters: Meters) -> list[tuple]:
    with meters.database.read() as connection:
        stored = Anomalies(connection).overlapping(
            CODES, 0, 2**31 - 2, channel_ids=meters.channel_ids, flow_ids=[meters.flow_id()]
        )
    return [(one.finding.channel_id, *one.finding[2:], one.state) for one in stored]


def constant(wh: int, *, first: int = DAY, end: int = DAY + 96, stride: int = 1) -> dict[int, int]:
    return {slot: wh + (slot // stride % 2 if wh > 0 else -(slot // stride % 2)) for slot in range(first, end, stride)}


def test_sources__two_flows_far_apart__are_one_finding_a_day(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, constant(1000), flow=meters.also())
    meters.merge(channel, constant(1000) | {DAY + 5: 1030, DAY + 9: 1040, DAY + 11: 1015})
    check(meters, channel)
    assert found(meters) == [(channel, "C_SOURCES", DAY + 5, DAY + 9, 2, "open")]


def test_sources__one_flow_that_corrects_itself__is_one_source(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, constant(1000))
    meters.merge(channel, constant(2000))
    check(meters, channel)
    assert found(meters) == []


def test_sources__other_flow_comes_round__closes_the_finding(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, constant(1000), flow=meters.also())
    meters.merge(channel, constant(1000) | {DAY + 5: 1030})
    check(meters, channel)
    meters.merge(channel, {DAY + 5: 1000})
    check(meters, channel)
    assert found(meters) == [(channel, "C_SOURCES", DAY + 5, DAY + 5, 1, "closed")]


@pytest.fixture
def prosumer(meters: Meters) -> tuple[int, int, int]:
    """Injection and storage in quarters, a plant in hours, in one member's hands."""
    member = meters.member()
    injection, storage = meters.add(
        [(Direction.INJECTION, 900), (Direction.STORAGE, 900)], member_id=member, peak_w=90_000
    )
    (plant,) = meters.add([(Direction.PRODUCTION, 3600)], member_id=member, peak_w=9_000)
    return injection, storage, plant


@pytest.mark.parametrize(("injected", "spoken"), [(-125, False), (-126, True)])
def test_injection__more_than_produced_and_discharged__is_found(
    meters: Meters, prosumer: tuple[int, int, int], injected: int, spoken: bool
) -> None:
    injection, storage, plant = prosumer
    noon = DAY + 48
    meters.merge(plant, dict.fromkeys(range(DAY + 24, DAY + 76, 4), -400))
    meters.merge(storage, {slot: -25 if slot == noon else 30 for slot in range(DAY + 24, DAY + 76)} | {noon + 1: -75})
    meters.merge(
        injection, dict.fromkeys(range(DAY + 24, DAY + 76), -90) | dict.fromkeys(range(noon, noon + 4), injected)
    )
    check(meters, *prosumer)
    hour = [(injection, "C_INJECT", noon, noon, 1, "open")] if spoken else []
    assert [one for one in found(meters) if one[1] == "C_INJECT"] == hour


def test_injection__hour_with_a_missing_quarter__is_not_judged(meters: Meters, prosumer: tuple[int, int, int]) -> None:
    injection, storage, plant = prosumer
    meters.merge(plant, {DAY + 48: -400})
    meters.merge(storage, {slot: 1 + slot % 2 for slot in range(DAY + 48, DAY + 51)})
    meters.merge(injection, dict.fromkeys(range(DAY + 48, DAY + 52), -900))
    check(meters, *prosumer)
    assert [one for one in found(meters) if one[1] == "C_INJECT"] == []


def test_night__plant_that_yields_in_the_dark__is_found_by_local_day(meters: Meters) -> None:
    (plant,) = meters.add([(Direction.PRODUCTION, 900)], peak_w=4000)
    night = dict.fromkeys((DAY + 11, DAY + 12, DAY + 91, DAY + 92), -21)
    meters.merge(plant, constant(-10) | night)
    check(meters, plant)
    assert found(meters) == [(plant, "C_NIGHT", DAY + 11, DAY + 92, 2, "open")]


def plants(meters: Meters, *kilowatts: int) -> list[int]:
    return [meters.add([(Direction.PRODUCTION, 3600)], peak_w=1000 * kw)[0] for kw in kilowatts]


def month(wh: int) -> dict[int, int]:
    return constant(-wh, first=JUNE, end=JULY, stride=4)


def weak_plants(meters: Meters) -> list[tuple]:
    return [one for one in found(meters) if one[1] == "C_YIELD"]


def test_yields__less_than_half_the_median__is_found_once_the_month_is_over(meters: Meters) -> None:
    one, two, weak = plants(meters, 4, 5, 4)
    for plant, wh in ((one, 400), (two, 500), (weak, 190)):
        meters.merge(plant, month(wh))
        check(meters, plant, first=JUNE, end=JULY)
    assert weak_plants(meters) == [(weak, "C_YIELD", JUNE, JULY - 1, 1, "open")]


def test_yields__plant_with_a_tenth_of_the_month_missing__is_not_compared(meters: Meters) -> None:
    one, two, weak = plants(meters, 4, 5, 4)
    meters.merge(one, month(400))
    meters.merge(two, month(500))
    meters.merge(weak, {slot: wh for slot, wh in month(190).items() if slot >= JUNE + 4 * 96})
    check(meters, one, two, weak, first=JUNE, end=JULY)
    assert weak_plants(meters) == []


def test_yields__month_that_is_not_over__is_not_judged(meters: Meters) -> None:
    one, two, weak = plants(meters, 4, 5, 4)
    for plant, wh in ((one, 400), (two, 500), (weak, 190)):
        meters.merge(plant, month(wh))
    check_touched(meters.database, [one, two, weak], JUNE, JULY, now_ms=JULY * 900_000 - 1)
    assert weak_plants(meters) == []


def clock_jump(meters: Meters, channel: int, first: int) -> None:
    """Five quarters are missing, but the register moved by one quarter's energy only."""
    wh = constant(40)
    meters.merge(channel, {slot: value for slot, value in wh.items() if not first <= slot < first + 5})
    with meters.database.write() as connection:
        Gaps(connection).replace([], [GapRow(channel, first, 5, 43, "estimated")])


def test_clock__two_devices_of_a_flow_with_the_same_jump__are_suspected(meters: Meters) -> None:
    one, two, other = (meters.add()[0] for _ in range(3))
    for channel, first in ((one, DAY + 95 - 10), (two, DAY + 95 - 10), (other, DAY + 20)):
        clock_jump(meters, channel, first)
    check(meters, one, two, other)
    assert [row[1:] for row in found(meters) if row[1] == "T_CLOCK"] == [("T_CLOCK", DAY + 85, DAY + 89, 2, "open")]


def test_clock__second_device_that_comes_later__is_seen_with_the_first(meters: Meters) -> None:
    one, two = meters.add()[0], meters.add()[0]
    for channel in (one, two):
        clock_jump(meters, channel, DAY + 85)
        check(meters, channel)
    assert [row[1] for row in found(meters)].count("T_CLOCK") == 1


def test_clock__gap_filled_later__closes_both_findings(meters: Meters) -> None:
    one, two = meters.add()[0], meters.add()[0]
    for channel in (one, two):
        clock_jump(meters, channel, DAY + 85)
    check(meters, one, two)
    meters.merge(one, constant(40))
    check(meters, one)
    assert {(row[1], row[5]) for row in found(meters) if row[0] != two} == {
        ("G_IMPLAUSIBLE", "closed"), ("T_CLOCK", "closed"),
    }  # fmt: skip
