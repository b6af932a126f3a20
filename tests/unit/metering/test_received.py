"""Rows as received: their text for the rejects."""

import json

import numpy as np
import pytest

from gettone.metering.received import NO_DIRECTION, Received, Unit, decimal_text

pytestmark = pytest.mark.unit


def test_raw_texts__rows_kept_and_rows_read__are_both_there() -> None:
    received = Received(
        devices=("a", "b"),
        row=np.array([2, 3]),
        device=np.array([0, 1], np.int32),
        direction=np.array([NO_DIRECTION, 1], np.int8),
        start_s=np.array([1_472_688_000, 900]),
        interval_s=np.array([900, 900], np.int32),
        mantissa=np.array([187, 5]),
        exponent=np.array([-3, 0], np.int8),
        unit=np.array([Unit.KWH, Unit.WH], np.int8),
        quality=np.array([1, 2], np.int8),
        texts={4: "as it came"},
    )
    found = received.raw_texts({2, 3, 4, 9})
    assert found[4] == "as it came"
    assert json.loads(found[2]) == {
        "device": "a", "timestamp_utc": "2016-09-01T00:00:00Z", "interval_s": 900, "value": "0.187", "unit": "KWH",
        "quality": 1, "direction": None,
    }  # fmt: skip
    assert json.loads(found[3])["timestamp_utc"] == "900 s"
    assert sorted(found) == [2, 3, 4]


@pytest.mark.parametrize(("number", "text"), [((187, -3), "0.187"), ((-15, 2), "-1500"), ((1, -4), "0.0001")])
def test_decimal_text__number__is_written_out(number: tuple[int, int], text: str) -> None:
    assert decimal_text(*number) == text
