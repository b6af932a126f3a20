"""Readings as matrices: every slot there, in the order asked for."""

import numpy as np
import pytest

from gettone.db.engine import Database
from gettone.db.repositories import series
from gettone.db.repositories.readings import Readings
from gettone.db.repositories.series import read_dense
from gettone.metering.rules.versions import NewReading

pytestmark = pytest.mark.database

FROM = 1_963_584 + 2_975


@pytest.fixture
def stored(database: Database) -> Database:
    """Readings of three channels around the end of January 2026."""
    rows = [
        NewReading(channel, FROM + at, wh, quality, 10, 1, 1)
        for channel, at, wh, quality in (
            (7, -1, 5, 1),
            (7, 0, -(2**31) + 1, 1),
            (7, 1, 2**31 - 1, 3),
            (9, 2, 0, 0),
            (9, 3, -1, 2),
            (9, 4, 8, 1),
            (4, 0, 11, 4),
        )
    ]
    with database.write() as connection:
        Readings(connection).add(rows)
    return database


def test_read_dense__channels_in_any_order__have_every_slot(stored: Database) -> None:
    with stored.read() as connection:
        wh, quality = read_dense(connection, [9, 4, 7, 5], FROM, FROM + 4)
    assert (wh.dtype, quality.dtype) == (np.int64, np.int8)
    assert wh.tolist() == [[0, 0, 0, -1], [11, 0, 0, 0], [-(2**31) + 1, 2**31 - 1, 0, 0], [0, 0, 0, 0]]
    assert quality.tolist() == [[0, 0, 0, 2], [4, 0, 0, 0], [1, 3, 0, 0], [0, 0, 0, 0]]


def test_read_dense__nothing_asked_or_stored__is_empty(stored: Database) -> None:
    with stored.read() as connection:
        assert read_dense(connection, [], FROM, FROM + 4)[0].shape == (0, 4)
        assert read_dense(connection, [1, 2], FROM, FROM + 4)[1].sum() == 0
        assert read_dense(connection, [7], FROM, FROM)[0].shape == (1, 0)


def test_read_dense__over_two_connections__is_the_same(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with stored.read() as connection:
        at_once = read_dense(connection, [9, 4, 7, 5], FROM, FROM + 4)
    monkeypatch.setattr(series, "_CHANNELS_PER_QUERY", 1)
    with stored.read() as connection:
        in_parts = read_dense(connection, [9, 4, 7, 5], FROM, FROM + 4)
    assert [one.tolist() for one in in_parts] == [one.tolist() for one in at_once]


def test_read_dense__below_the_rank_asked_for__is_missing(stored: Database) -> None:
    with stored.read() as connection:
        assert not read_dense(connection, [4, 5, 7], FROM, FROM + 4, min_rank=1_000)[1].any()
