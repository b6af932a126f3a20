"""The rules V14 to V19 on stored readings: what they write, once, and how late data mends it."""

import pytest

from gettone.db.repositories.anomalies import Anomalies
from gettone.db.repositories.batches import Batches
from gettone.db.repositories.coverage_days import CoverageDays
from gettone.db.repositories.devices import ChannelRow
from gettone.db.repositories.gaps import EstimateRow, GapRow, Gaps
from gettone.db.repositories.held_values import HeldValues
from gettone.db.repositories.readings import Readings
from gettone.metering.checks.estimation import EstimateRule
from gettone.types import Direction
from oracle.after_merge.check import check_touched
from tests.factories.merged_readings import Meters
from tests.factories.metering import contents

pytestmark = pytest.mark.database

# Local midnight of 8 June 2026 in Rome, and a check two months later.
DAY = 1_978_744
NOW_MS = (DAY + 60 * 96) * 900_000
TABLES = ("readings", "reading_versions", "estimates", "gaps", "coverage_days", "anomalies", "batches")


def curve(first: int, count: int, *, stride: int = 1) -> dict[int, int]:
    """Values that never repeat next to each other."""
    return {first + stride * i: 100 + (7 * i) % 50 for i in range(count)}


def without(wh: dict[int, int], first: int, count: int) -> dict[int, int]:
    return {slot: value for slot, value in wh.items() if not first <= slot < first + count}


def check(meters: Meters, *channel_ids: int, first: int = DAY, days: int = 1) -> dict[str, int]:
    report = check_touched(meters.database, channel_ids, first, first + days * 96, now_ms=NOW_MS)
    return {code.value: count for code, count in report.codes.items()}


def gaps_of(meters: Meters, *channel_ids: int) -> list[GapRow]:
    with meters.database.read() as connection:
        return list(Gaps(connection).overlapping(channel_ids, 0, 2**31 - 1))


def estimates_of(meters: Meters, channel_id: int) -> list[EstimateRow]:
    with meters.database.read() as connection:
        return list(Gaps(connection).estimates([channel_id], 0, 2**31 - 1))


def days_of(meters: Meters, channel_id: int) -> list[tuple[int, int, int, int]]:
    with meters.database.read() as connection:
        rows = CoverageDays(connection).get([channel_id], 0, 10**6)
    return [(row.expected, row.actual, row.estimated, row.quarantined) for row in rows]


def anomalies_of(meters: Meters) -> list[tuple[str, int, int, int, str]]:
    with meters.database.read() as connection:
        stored = Anomalies(connection).overlapping(
            SPOKEN, 0, 2**31 - 2, channel_ids=meters.channel_ids, flow_ids=[meters.flow_id()]
        )
    return [(one.finding.code, *one.finding[3:], one.state) for one in stored]


SPOKEN = ("S_STUCK", "S_ZERO", "S_CATCHUP", "C_SOURCES", "C_INJECT", "C_NIGHT", "C_YIELD", "G_IMPLAUSIBLE", "T_CLOCK")


def tables(meters: Meters) -> dict[str, list[tuple]]:
    return contents(meters.database, *TABLES)


def test_check__short_gap__is_estimated_in_its_own_table(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, without(curve(DAY, 96), DAY + 10, 2) | {DAY + 9: 200, DAY + 12: 100})
    check(meters, channel)
    assert gaps_of(meters, channel) == [GapRow(channel, DAY + 10, 2, None, "estimated")]
    line = int(EstimateRule.E_LINE)
    assert estimates_of(meters, channel) == [
        EstimateRow(channel, DAY + 10, 175, line), EstimateRow(channel, DAY + 11, 125, line),
    ]  # fmt: skip


def test_check__known_energy__is_placed_by_the_spline(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, without(curve(DAY, 96), DAY + 10, 4) | {DAY + 9: 200, DAY + 14: 100})
    with meters.database.write() as connection:
        Gaps(connection).replace([], [GapRow(channel, DAY + 10, 4, 600, "long")])
    check(meters, channel)
    assert [one.wh for one in estimates_of(meters, channel)] == [188, 163, 137, 112]
    assert gaps_of(meters, channel) == [GapRow(channel, DAY + 10, 4, 600, "estimated")]


def test_check__late_values__replace_gap_and_estimates(meters: Meters) -> None:
    (channel,) = meters.add()
    whole = curve(DAY, 96)
    meters.merge(channel, without(whole, DAY + 10, 4))
    check(meters, channel)
    meters.merge(channel, {slot: whole[slot] for slot in range(DAY + 10, DAY + 14)})
    check(meters, channel)
    assert (gaps_of(meters, channel), estimates_of(meters, channel), days_of(meters, channel)) == (
        [], [], [(96, 0, 0, 0), (96, 96, 0, 0), (96, 0, 0, 0)],
    )  # fmt: skip


def test_check__late_value_inside_a_gap__leaves_two_gaps_and_the_known_rest(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, without(curve(DAY, 96), DAY + 10, 4))
    with meters.database.write() as connection:
        Gaps(connection).replace([], [GapRow(channel, DAY + 10, 4, 500, "long")])
    meters.merge(channel, {DAY + 10: 110})
    check(meters, channel)
    assert gaps_of(meters, channel) == [GapRow(channel, DAY + 11, 3, 390, "estimated")]


def test_check__known_energy_before_the_next_value__is_kept(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, curve(DAY, 10))
    with meters.database.write() as connection:
        Gaps(connection).replace([], [GapRow(channel, DAY + 10, 4, 500, "estimated")])
    check(meters, channel)
    assert gaps_of(meters, channel) == [GapRow(channel, DAY + 10, 4, 500, "unfilled")]


def test_check__known_energy_in_a_part_of_a_long_gap__keeps_a_row_of_its_own(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, without(curve(DAY, 96), DAY + 10, 40))
    with meters.database.write() as connection:
        Gaps(connection).replace([], [GapRow(channel, DAY + 20, 4, 500, "long")])
    check(meters, channel)
    assert gaps_of(meters, channel) == [
        GapRow(channel, DAY + 10, 10, None, "long"),
        GapRow(channel, DAY + 20, 4, 500, "long"),
        GapRow(channel, DAY + 24, 26, None, "long"),
    ]


@pytest.mark.parametrize("silent_days", [1, 3, 9])
def test_check__values_after_a_long_silence__close_one_long_gap(meters: Meters, silent_days: int) -> None:
    (channel,) = meters.add()
    meters.merge(channel, curve(DAY, 96))
    check(meters, channel)
    later = DAY + (silent_days + 1) * 96
    meters.merge(channel, curve(later, 96))
    check(meters, channel, first=later)
    assert gaps_of(meters, channel) == [GapRow(channel, DAY + 96, silent_days * 96, None, "long")]


def test_check__values_inside_a_long_gap__split_it(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, curve(DAY, 96))
    meters.merge(channel, curve(DAY + 20 * 96, 96))
    check(meters, channel, first=DAY + 20 * 96)
    meters.merge(channel, curve(DAY + 10 * 96, 96))
    check(meters, channel, first=DAY + 10 * 96)
    assert gaps_of(meters, channel) == [
        GapRow(channel, DAY + 96, 9 * 96, None, "long"), GapRow(channel, DAY + 11 * 96, 9 * 96, None, "long"),
    ]  # fmt: skip


def test_check__withdrawn_value_between_two_gaps__makes_one(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, without(without(curve(DAY, 96), DAY + 10, 10), DAY + 21, 20))
    check(meters, channel)
    meters.merge(channel, {DAY + 20: 0}, quality=0)
    check(meters, channel)
    assert gaps_of(meters, channel) == [GapRow(channel, DAY + 10, 31, None, "long")]


def test_check__hourly_channel__is_judged_in_hours(meters: Meters) -> None:
    (channel,) = meters.add([(Direction.LOAD, 3600)])
    meters.merge(channel, without(curve(DAY, 24, stride=4), DAY + 16, 12))
    check(meters, channel)
    assert (gaps_of(meters, channel)[0].slots, days_of(meters, channel)[1]) == (3, (24, 21, 3, 0))


def test_check__stuck_values__wait_for_a_person(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, curve(DAY, 96) | dict.fromkeys(range(DAY + 10, DAY + 34), 999))
    assert check(meters, channel)["S_STUCK"] == 24
    with meters.database.read() as connection:
        waiting = HeldValues(connection).waiting([channel], DAY, DAY + 96)
        current = Readings(connection).current([channel], DAY + 10, DAY + 34)
    assert {(one.slot, one.wh, one.state) for one in waiting} == {
        (slot, 999, "quarantined") for slot in range(DAY + 10, DAY + 34)
    }
    assert {one.quality for one in current.values()} == {0}
    assert days_of(meters, channel)[1] == (96, 72, 0, 24)
    assert anomalies_of(meters) == [("S_STUCK", DAY + 10, DAY + 33, 24, "open")]


def test_check__stuck_values__are_still_read_as_of_the_batch_before(meters: Meters) -> None:
    (channel,) = meters.add()
    frozen = meters.merge(channel, curve(DAY, 96) | dict.fromkeys(range(DAY + 10, DAY + 34), 999))
    row = ChannelRow(channel, 1, Direction.WITHDRAWAL, 900)
    with meters.database.read() as connection:
        before = Readings(connection).as_of([row], DAY, DAY + 96, frozen)
    check(meters, channel)
    with meters.database.read() as connection:
        readings = Readings(connection)
        assert readings.as_of([row], DAY, DAY + 96, frozen) == before
        assert readings.quarantined([channel], DAY, DAY + 96, frozen) == 0
        now = Batches(connection).highest()
        measured = [one for one in readings.as_of([row], DAY, DAY + 96, now)[0].readings if one.quality]
        assert (len(measured), readings.quarantined([channel], DAY, DAY + 96, now)) == (72, 24)


def test_check__stuck_value_delivered_again__is_held_once(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, curve(DAY, 96) | dict.fromkeys(range(DAY + 10, DAY + 34), 999))
    check(meters, channel)
    meters.merge(channel, {DAY + 12: 999})
    assert check(meters, channel)["S_STUCK"] == 1
    with meters.database.read() as connection:
        assert len(HeldValues(connection).waiting([channel], DAY, DAY + 96)) == 24


def test_check__stuck_run_that_goes_on__is_one_anomaly(meters: Meters) -> None:
    (channel,) = meters.add()
    for day in range(4):
        meters.merge(channel, dict.fromkeys(range(DAY + day * 96, DAY + day * 96 + 96), 999))
        check(meters, channel, first=DAY + day * 96)
    assert anomalies_of(meters) == [("S_STUCK", DAY, DAY + 4 * 96 - 1, 384, "open")]


def test_check__stuck_values_replaced_by_others__close_the_anomaly(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, curve(DAY, 96) | dict.fromkeys(range(DAY + 10, DAY + 34), 999))
    check(meters, channel)
    meters.merge(channel, curve(DAY, 96))
    check(meters, channel)
    assert (anomalies_of(meters)[0][4], days_of(meters, channel)[1]) == ("closed", (96, 96, 0, 0))


def test_check__values_that_persons_let_stand__are_not_stuck(meters: Meters) -> None:
    (channel,) = meters.add(flow=f"{meters.flow} by hand")
    meters.manual(f"{meters.flow} by hand")
    meters.merge(channel, dict.fromkeys(range(DAY, DAY + 96), 999), flow=f"{meters.flow} by hand")
    assert "S_STUCK" not in check(meters, channel)


@pytest.mark.parametrize("order", [range(9), range(8, -1, -1), (4, 0, 8, 2, 6, 1, 7, 3, 5)])
def test_check__zeros_of_nine_days__are_one_run_in_any_order_of_days(meters: Meters, order: range) -> None:
    (channel,) = meters.add()
    for day in order:
        first = DAY + day * 96
        meters.merge(channel, dict.fromkeys(range(first, first + 96), 0))
        check(meters, channel, first=first)
    assert anomalies_of(meters) == [("S_ZERO", DAY, DAY + 9 * 96 - 1, 864, "open")]


def test_check__value_inside_a_run_of_zeros__cuts_it(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, dict.fromkeys(range(DAY, DAY + 18 * 96), 0))
    check(meters, channel, days=18)
    meters.merge(channel, {DAY + 8 * 96: 5})
    check(meters, channel, first=DAY + 8 * 96)
    assert anomalies_of(meters) == [
        ("S_ZERO", DAY, DAY + 8 * 96 - 1, 768, "open"),
        ("S_ZERO", DAY + 8 * 96 + 1, DAY + 18 * 96 - 1, 959, "open"),
    ]


def test_check__waiting_value_after_a_zero__catches_up(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, without(curve(DAY, 96), DAY + 11, 1) | {DAY + 10: 0})
    meters.hold(channel, DAY + 11, 47_050)
    check(meters, channel)
    assert anomalies_of(meters) == [("S_CATCHUP", DAY + 11, DAY + 11, 1, "open")]


def test_check__any_data__a_second_time_changes_nothing(meters: Meters) -> None:
    (channel,) = meters.add()
    wh = without(curve(DAY, 192), DAY + 50, 4) | dict.fromkeys(range(DAY + 100, DAY + 130), 999)
    meters.merge(channel, wh)
    meters.hold(channel, DAY + 51, 99_999)
    check(meters, channel, days=2)
    first = tables(meters)
    check(meters, channel, days=2)
    assert tables(meters) == first


def test_check__day_by_day_or_at_once__gives_the_same_tables(meters: Meters) -> None:
    one, other = meters.add()[0], meters.add()[0]
    wh = without(without(curve(DAY, 5 * 96), DAY + 90, 10), DAY + 3 * 96 - 20, 40)
    meters.merge(one, wh)
    check(meters, one, days=5)
    for day in (0, 1, 2, 3, 4):
        first = DAY + day * 96
        meters.merge(other, {slot: value for slot, value in wh.items() if first <= slot < first + 96})
        check(meters, other, first=first)
    rows = [[row[1:] for row in gaps_of(meters, channel)] for channel in (one, other)]
    estimates = [[row[1:] for row in estimates_of(meters, channel)] for channel in (one, other)]
    assert (rows[0], estimates[0], days_of(meters, one)) == (rows[1], estimates[1], days_of(meters, other))


def test_check__outside_membership__counts_for_nobody(meters: Meters) -> None:
    (channel,) = meters.add(from_slot=DAY + 48)
    meters.merge(channel, curve(DAY, 96))
    check(meters, channel)
    assert days_of(meters, channel) == [(48, 48, 0, 0), (96, 0, 0, 0)]


def test_check__day_that_is_not_over__has_no_coverage_yet(meters: Meters) -> None:
    (channel,) = meters.add()
    meters.merge(channel, curve(DAY, 96))
    check_touched(meters.database, [channel], DAY, DAY + 96, now_ms=(DAY + 96) * 900_000 - 1)
    assert days_of(meters, channel) == [(96, 0, 0, 0)]


def test_check__nothing_touched__does_nothing(meters: Meters) -> None:
    assert check_touched(meters.database, [], DAY, DAY + 96, now_ms=NOW_MS).channels == 0
