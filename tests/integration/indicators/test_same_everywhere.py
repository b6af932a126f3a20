"""P7: readings, coverage, K1 to K18 and scores have one digest from SQLite, from PostgreSQL and in memory."""

import hashlib
import json
from dataclasses import asdict

import numpy as np
import pytest

from gettone.db.engine import Database
from gettone.db.repositories.series import read_dense
from gettone.engine.reading_columns import dense_of_columns, dense_scores
from gettone.metering.indicators.energies import Energies
from gettone.metering.indicators.member_energies import Readings, member_energies
from gettone.metering.indicators.range_indicators import range_indicators
from gettone.metering.indicators.reading_quality import reading_quality
from gettone.rewards.self_consumption import SelfConsumption
from oracle.indicators.energies import load_energies, load_readings
from oracle.indicators.query import IndicatorQuery
from tests.factories.real_energies import fontana_september
from tests.factories.stored_energies import SEPTEMBER, SLUG, StoredCommunity

pytestmark = pytest.mark.database

REAL = fontana_september()


def digest(*arrays: np.ndarray) -> str:
    return hashlib.sha256(b"".join(np.ascontiguousarray(one, "<i8").tobytes() for one in arrays)).hexdigest()


def indicators_digest(members: Energies) -> str:
    found = range_indicators(members, REAL.calendar, 3600)
    document = [asdict(one) for one in (*found.members, found.community)]
    text = json.dumps([document, asdict(found.coincidence)], sort_keys=True)
    return digest(found.days.members.table(), found.days.community.table()) + hashlib.sha256(text.encode()).hexdigest()


def stored_readings(homes: Database, fontana: StoredCommunity) -> Readings:
    with homes.read() as connection:
        return load_readings(connection, fontana.channel_ids, REAL.calendar.from_slot, REAL.calendar.to_slot)


def test_readings__from_the_database_and_in_memory__are_equal(homes: Database, fontana: StoredCommunity) -> None:
    found = stored_readings(homes, fontana)
    assert digest(found.wh, found.quality) == digest(REAL.readings.wh, REAL.readings.quality)


def test_coverage__from_the_database_and_in_memory__is_equal(homes: Database, fontana: StoredCommunity) -> None:
    found = stored_readings(homes, fontana)
    assert [reading_quality(found, part) for part in REAL.parts] == [
        reading_quality(REAL.readings, part) for part in REAL.parts
    ]


def test_k1_to_k18__from_the_database_and_in_memory__are_equal(homes: Database, fontana: StoredCommunity) -> None:
    registry = IndicatorQuery(homes, SLUG).registry
    with homes.read() as connection:
        found = load_energies(connection, registry, registry.calendar(SEPTEMBER.first, SEPTEMBER.end))
    in_memory = member_energies(REAL.readings, REAL.parts, len(REAL.names), 3600)
    assert indicators_digest(found) == indicators_digest(in_memory)


def test_k1_to_k18__stored_days__are_those_of_memory(homes: Database, fontana: StoredCommunity) -> None:
    in_memory = member_energies(REAL.readings, REAL.parts, len(REAL.names), 3600)
    days = range_indicators(in_memory, REAL.calendar, 3600).days
    found = IndicatorQuery(homes, SLUG).days(SEPTEMBER)
    assert digest(found.members.table(), found.community.table()) == digest(
        days.members.table(), days.community.table()
    )


def test_scores__from_the_database_and_from_columns__are_equal(homes: Database, fontana: StoredCommunity) -> None:
    sharing, bounds = SelfConsumption(slot_s=3600), (REAL.calendar.from_slot, REAL.calendar.to_slot)
    with homes.read() as connection:
        wh, quality = read_dense(connection, fontana.channel_ids, *bounds, min_rank=10)
    rows, places = np.nonzero(REAL.readings.quality)
    columns = (rows + 1, places + bounds[0], REAL.readings.wh[rows, places], REAL.readings.quality[rows, places])
    _, dense_wh, dense_quality = dense_of_columns(*columns, *bounds)
    scores = [dense_scores(*one, sharing) for one in ((wh, quality), (dense_wh, dense_quality))]
    assert digest(scores[0]) == digest(scores[1])
    assert scores[0].sum() > 0


def test_scores__below_the_rank_that_may_earn__are_nothing(homes: Database, fontana: StoredCommunity) -> None:
    bounds = (REAL.calendar.from_slot, REAL.calendar.to_slot)
    with homes.read() as connection:
        wh, quality = read_dense(connection, fontana.channel_ids, *bounds, min_rank=31)
    assert not quality.any()
    assert not dense_scores(wh, quality, SelfConsumption(slot_s=3600)).any()
