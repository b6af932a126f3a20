"""Columns of readings into a dense matrix, and scores over it."""

import numpy as np
import pytest

from gettone.engine.reading_columns import dense_of_columns, dense_scores
from gettone.rewards.self_consumption import SelfConsumption

pytestmark = pytest.mark.unit

FROM = 1_963_584


def dense(rows: list[tuple[int, int, int, int]], slots: int = 4) -> tuple[list[int], list[list[int]], list[list[int]]]:
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    ids, wh, quality = dense_of_columns(*columns, FROM, FROM + slots)
    return ids.tolist(), wh.tolist(), quality.tolist()


def test_dense__missing_slots__are_0_of_quality_0() -> None:
    rows = [(3, FROM, 5, 1), (3, FROM + 2, 7, 3), (9, FROM + 3, -1, 2)]
    assert dense(rows) == ([3, 9], [[5, 0, 7, 0], [0, 0, 0, -1]], [[1, 0, 3, 0], [0, 0, 0, 2]])


def test_dense__every_slot_present__is_the_columns_themselves() -> None:
    rows = [(3, FROM, 5, 1), (3, FROM + 1, 6, 1), (4, FROM, 7, 1), (4, FROM + 1, 8, 4)]
    assert dense(rows, 2) == ([3, 4], [[5, 6], [7, 8]], [[1, 1], [1, 4]])


def test_dense__as_many_rows_but_other_slots__are_put_where_they_belong() -> None:
    rows = [(3, FROM, 5, 1), (3, FROM + 1, 6, 1), (3, FROM + 2, 7, 1), (4, FROM, 8, 1)]
    assert dense(rows, 2)[1] == [[5, 6], [8, 0]]


def test_dense__rows_outside_the_range__are_left_out() -> None:
    assert dense([(3, FROM - 1, 5, 1), (3, FROM + 4, 6, 1)])[1] == [[0, 0, 0, 0]]


def test_scores__estimates_and_substitutions__earn_nothing() -> None:
    wh = np.array([[600, 600], [-500, -500]])
    quality = np.array([[1, 2], [3, 4]], np.int8)
    measured = dense_scores(wh * (quality % 2), np.ones_like(quality), SelfConsumption(slot_s=900))
    assert np.array_equal(dense_scores(wh, quality, SelfConsumption(slot_s=900)), measured)
