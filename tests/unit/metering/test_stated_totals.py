"""What sources say that readings sum to."""

import numpy as np
import pytest

from gettone.metering.calendar.slots import SlotCalendar
from gettone.metering.checks.stated_totals import StatedTotal, bands_apart, stated_totals
from gettone.metering.received import BandTotal, Unit
from gettone.metering.registry import RegisteredChannel, RegisteredDevice
from gettone.types import Direction

pytestmark = pytest.mark.unit

# Monday 8 June 2026 in Rome: 44 quarters in F1, 20 in F2, 32 in F3.
DAY = 1_978_744
CALENDAR = SlotCalendar(DAY, DAY + 96, 900, "Europe/Rome")
METER = RegisteredDevice(
    1, None, (RegisteredChannel(8, Direction.WITHDRAWAL, 3600), RegisteredChannel(9, Direction.WITHDRAWAL, 900)), ()
)


def total(mantissa: int, exponent: int, *, unit: Unit = Unit.KWH, band: str = "F1", device: str = "a") -> BandTotal:
    return BandTotal(device, int(Direction.WITHDRAWAL), DAY * 900, (DAY + 96) * 900, band, mantissa, exponent, unit)


@pytest.mark.parametrize(
    ("mantissa", "exponent", "unit", "wh"),
    [
        (12345, -1, Unit.KWH, 1_234_500),
        (5, -4, Unit.KWH, 0),
        (15, -4, Unit.KWH, 2),
        (3, 0, Unit.MWH, 3_000_000),
        (7, 2, Unit.WH, 700),
    ],
)
def test_stated_totals__any_unit__is_rounded_once_half_even(mantissa: int, exponent: int, unit: Unit, wh: int) -> None:
    assert stated_totals([total(mantissa, exponent, unit=unit)], {"a": METER}) == (
        StatedTotal(9, DAY, DAY + 96, 1, wh),
    )


@pytest.mark.parametrize("one", [total(1, 0, band="F5"), total(1, 0, unit=Unit.KW), total(1, 0, device="b")])
def test_stated_totals__band_unit_or_device_not_known__is_left_out(one: BandTotal) -> None:
    assert stated_totals([one], {"a": METER}) == ()


def stated(band: int, wh: int) -> StatedTotal:
    return StatedTotal(9, DAY, DAY + 96, band, wh)


@pytest.mark.parametrize(
    ("band", "wh", "apart"),
    [(0, 960 + 96, ()), (0, 960 + 97, (0,)), (1, 440 - 44, ()), (1, 440 - 45, (1,)), (3, 320, ())],
)
def test_bands_apart__one_wh_a_value__is_allowed(band: int, wh: int, apart: tuple[int, ...]) -> None:
    measured = np.ones(96, dtype=bool)
    assert bands_apart(np.full(96, 10), measured, CALENDAR, [stated(band, wh)]) == apart


def test_bands_apart__injection_and_positive_total__compare_amounts() -> None:
    assert bands_apart(np.full(96, -10), np.ones(96, dtype=bool), CALENDAR, [stated(0, 960)]) == ()


def test_bands_apart__slot_that_is_not_measured__leaves_its_band_alone() -> None:
    measured = np.arange(96) != 48
    assert bands_apart(np.full(96, 10), measured, CALENDAR, [stated(1, 0), stated(3, 0)]) == (3,)
