"""Law 5 on stored readings: what a settlement reads does not change by estimates, and misses what waits."""

import pytest

from gettone.db.repositories.batches import Batches
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.gaps import Gaps
from gettone.periods import parse_period
from gettone.rewards.inputs import Series
from gettone.rewards.model import parse_model
from gettone.types import Direction
from oracle.after_merge.check import check_touched
from oracle.settle.period_inputs import Cutoff, PeriodReader
from tests.factories.merged_readings import Meters

pytestmark = pytest.mark.database

# Local midnight of 8 June 2026 in Rome.
DAY = 1_978_744
NOW_MS = (DAY + 9 * 96) * 900_000
PERIOD = parse_period("2026-06-08", "Europe/Rome")
MODEL = parse_model({"kind": "self_consumption", "mode": "rate", "rate_units_per_kwh": 1, "slot_s": 3600})


def inputs(meters: Meters, freeze_batch: int | None = None) -> dict[str, Series]:
    with meters.database.read() as connection:
        (community,) = [one for one in Communities(connection).all() if one.community_id == meters.community_id]
        cut = Batches(connection).highest() if freeze_batch is None else freeze_batch
        reader = PeriodReader(connection, meters.vault, community)
        return dict(reader.read(PERIOD, MODEL, Cutoff(cut, 10)).community.series)


def test_inputs__estimates_in_their_table__read_the_same(meters: Meters) -> None:
    (channel,) = meters.add([(Direction.EXCHANGE, 900)])
    meters.merge(channel, {DAY + slot: 100 + (7 * slot) % 50 for slot in range(96) if not 60 <= slot < 70})
    before = inputs(meters)
    check_touched(meters.database, [channel], DAY, DAY + 96, now_ms=NOW_MS)
    with meters.database.read() as connection:
        assert len(Gaps(connection).estimates([channel], DAY, DAY + 96)) == 10
    assert inputs(meters) == before


def test_inputs__values_in_quarantine__are_missing_from_then_on(meters: Meters) -> None:
    (channel,) = meters.add([(Direction.EXCHANGE, 900)])
    wh = {DAY + slot: 100 + (7 * slot) % 50 for slot in range(96)}
    frozen = meters.merge(channel, wh | dict.fromkeys(range(DAY + 10, DAY + 40), 999))
    before = inputs(meters)
    check_touched(meters.database, [channel], DAY, DAY + 96, now_ms=NOW_MS)
    (after,) = inputs(meters).values()
    assert set(after.readings) == {slot * 900 for slot in wh if not DAY + 10 <= slot < DAY + 40}
    assert inputs(meters, frozen) == before


def test_inputs__value_called_an_estimate_by_its_source__is_missing(meters: Meters) -> None:
    (channel,) = meters.add([(Direction.EXCHANGE, 900)])
    meters.merge(channel, {DAY: 100, DAY + 1: 101})
    meters.merge(channel, {DAY + 2: 500}, quality=2, rank=5)
    (series,) = inputs(meters).values()
    assert set(series.readings) == {DAY * 900, (DAY + 1) * 900}
