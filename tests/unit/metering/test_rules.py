"""The rules that refuse a row: vectors of §4, bounds by contract, and which code wins."""

from datetime import UTC, datetime

import pytest

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Unit
from gettone.metering.registry import Contract, RegisteredChannel, RegisteredDevice
from gettone.metering.rules.bounds import plant_bound_wh, withdrawal_bound_wh
from gettone.metering.rules.refusals import oldest_s
from gettone.types import Direction, Quality
from tests.factories.received import RECEIPT_S, SLOT, START_S, Row, judge, tuples_of, wh_of

pytestmark = pytest.mark.unit

# The first of two rows is wrong; the second shows that the rest of the batch stands.
GOOD = Row("5", at_s=900 * 20)
RECEIPT_AT_S = RECEIPT_S - START_S


def contract(contract_w: int | None, available_w: int | None = None, plant_peak_w: int | None = None) -> Contract:
    return Contract(0, None, contract_w, available_w, plant_peak_w)


@pytest.mark.parametrize(
    ("wrong", "code", "column"),
    [
        (Row("5", device="stranger"), Code.R_UNKNOWN, "device"),
        (Row("5", device="both", at_s=-3600 - 900), Code.R_INACTIVE, "timestamp_utc"),
        (Row("5", device="both"), Code.R_DIRECTION, "direction"),
        (Row("5", direction=2), Code.R_DIRECTION, "direction"),
        (Row("5", unit=Unit.UNKNOWN), Code.U_UNKNOWN, "unit"),
        (Row("5", unit=Unit.KW), Code.U_UNKNOWN, "unit"),
        (Row("5", k="20"), Code.U_MULTIPLIER, "k_factor"),
        (Row("5", k="0.5"), Code.U_MULTIPLIER, "k_factor"),
        (Row("5", at_s=(RECEIPT_AT_S // 900 + 1) * 900), Code.T_FUTURE, "timestamp_utc"),
        (Row("5", at_s=-86_400 * 365 * 5), Code.T_TOO_OLD, "timestamp_utc"),
        (Row("5", interval_s=700), Code.R_STEP, "interval_s"),
        (Row("5", interval_s=7200), Code.R_STEP, "interval_s"),
        (Row("5", interval_s=0), Code.R_STEP, "interval_s"),
        (Row("5", interval_s=1800), Code.R_STEP, "interval_s"),
        (Row("5", device="hour"), Code.R_STEP, "interval_s"),
        (Row("5", at_s=447), Code.T_MISALIGNED, "timestamp_utc"),
        (Row("5", device="hour", at_s=900, interval_s=3600), Code.T_MISALIGNED, "timestamp_utc"),
        (Row("-6370"), Code.N_NEGATIVE, "energy_wh"),
        (Row("1", device="panels"), Code.N_POSITIVE, "energy_wh"),
        (Row(str(2**31)), Code.R_RANGE, "energy_wh"),
        (Row("1e30"), Code.R_RANGE, "energy_wh"),
        (Row("-1e30", device="panels"), Code.R_RANGE, "energy_wh"),
    ],
)
def test_validate__wrong_row__is_refused_with_its_code(wrong: Row, code: Code, column: str) -> None:
    result = judge(wrong, GOOD)
    assert [(one.row, one.code, one.field) for one in result.rejected] == [(1, code, column)]
    assert result.rejected[0].reason
    assert (wh_of(result), dict(result.codes)) == ([5], {code: 1})


def test_validate__row_that_breaks_several_rules__is_refused_by_the_first() -> None:
    wrong = Row("-5", at_s=447, device="stranger", unit=Unit.UNKNOWN)
    assert [one.code for one in judge(wrong).rejected] == [Code.R_UNKNOWN]
    assert [one.code for one in judge(Row("-5", at_s=447, unit=Unit.UNKNOWN)).rejected] == [Code.U_UNKNOWN]
    assert [one.code for one in judge(Row("-5", at_s=447)).rejected] == [Code.T_MISALIGNED]


def test_validate__refused_row__is_named_in_the_columns_of_the_flow() -> None:
    flow = FlowConfig(syntax="csv", columns=(("value", "Energia"), ("timestamp", "Ora")))
    assert judge(Row("-1"), flow=flow).rejected[0].field == "Energia"
    assert judge(Row("1", at_s=1), flow=flow).rejected[0].field == "Ora"


def test_validate__vector_9_1__is_neither_clipped_nor_made_absolute() -> None:
    result = judge(Row("-6370"))
    assert [(one.code, "-6370" in one.reason) for one in result.rejected] == [(Code.N_NEGATIVE, True)]
    assert (wh_of(result), len(result.held)) == ([], 0)


@pytest.mark.parametrize(
    ("direction", "negative", "positive"),
    [
        (Direction.WITHDRAWAL, Code.N_NEGATIVE, None),
        (Direction.LOAD, Code.N_NEGATIVE, None),
        (Direction.INJECTION, None, Code.N_POSITIVE),
        (Direction.PRODUCTION, None, Code.N_POSITIVE),
        (Direction.EXCHANGE, None, None),
        (Direction.STORAGE, None, None),
    ],
)
def test_validate__sign__only_a_one_way_channel_refuses(
    direction: Direction, negative: Code | None, positive: Code | None
) -> None:
    registry = {"quarter": RegisteredDevice(1, None, (RegisteredChannel(1, direction, 900),), ())}
    result = judge(Row("-1"), Row("1", at_s=900), Row("0", at_s=1800), registry=registry)
    codes = {one.row: one.code for one in result.rejected}
    assert (codes.get(1), codes.get(2), codes.get(3)) == (negative, positive, None)


@pytest.mark.parametrize(
    ("powers", "step_s", "bound_wh"),
    [
        (contract(3_000), 900, 1_237),
        (contract(6_000), 900, 2_475),
        (contract(10_000), 900, 4_125),
        (contract(400_000), 900, 150_000),
        (contract(3_000), 3600, 4_950),
        (contract(None), 900, 37_500),
        (None, 900, 37_500),
        (contract(3_000, available_w=4_000), 900, 1_500),
        (contract(30_000), 900, 12_375),
        (contract(30_001), 900, 11_250),
    ],
)
def test_withdrawal_bound__vectors_11_1_and_11_2__come_out(powers: Contract | None, step_s: int, bound_wh: int) -> None:
    assert withdrawal_bound_wh(powers, step_s) == bound_wh


def test_plant_bound__peak_power__passes_a_quarter_more() -> None:
    assert plant_bound_wh(contract(None, plant_peak_w=10_000), 900) == 3_125
    assert plant_bound_wh(contract(3_000), 3600) == 125_000


@pytest.mark.parametrize(
    ("direction", "wh", "held"),
    [
        (Direction.WITHDRAWAL, 4_125, False),
        (Direction.WITHDRAWAL, 4_126, True),
        (Direction.PRODUCTION, -1_250, False),
        (Direction.PRODUCTION, -1_251, True),
        (Direction.INJECTION, -1_251, True),
        (Direction.EXCHANGE, -1_251, True),
        (Direction.EXCHANGE, 4_125, False),
        (Direction.STORAGE, -4_125, False),
        (Direction.STORAGE, -4_126, True),
    ],
)
def test_validate__power_bound__exactly_the_bound_passes(direction: Direction, wh: int, held: bool) -> None:
    powers = contract(10_000, plant_peak_w=4_000)
    registry = {"quarter": RegisteredDevice(1, None, (RegisteredChannel(1, direction, 900),), (powers,))}
    result = judge(Row(str(wh)), registry=registry)
    assert (len(result.held), len(result.accepted)) == ((1, 0) if held else (0, 1))
    assert result.codes == ({Code.P_BOUND: 1} if held else {})


def test_validate__contracts_in_turn__each_bounds_its_own_slots() -> None:
    contracts = (Contract(0, SLOT + 1, 3_000, None, None), Contract(SLOT + 2, None, 6_000, None, None))
    registry = {"quarter": RegisteredDevice(1, None, (RegisteredChannel(1, Direction.WITHDRAWAL, 900),), contracts)}
    rows = [Row(str(wh), at_s=900 * slot) for slot, wh in enumerate((1_238, 37_500, 2_475))]
    result = judge(*rows, registry=registry)
    assert tuples_of(result.held.values) == [(1, 0, 1_238, Quality.ACTUAL, 10)]
    assert wh_of(result) == [37_500, 2_475]


def test_validate__end_300_s_after_receipt__is_the_last() -> None:
    last = RECEIPT_S + 300 - (RECEIPT_S + 300) % 900 - 900 - START_S
    assert len(judge(Row("1", at_s=last)).accepted) == 1
    assert len(judge(Row("1", at_s=last + 900)).rejected) == 1


def test_oldest__61_months_before_receipt__is_the_first_day() -> None:
    receipt_s = int(datetime(2021, 11, 15, 12, tzinfo=UTC).timestamp())
    assert oldest_s(receipt_s) == int(datetime(2016, 10, 15, tzinfo=UTC).timestamp())


def test_oldest__last_day_of_a_long_month__exists() -> None:
    received, first = datetime(2021, 3, 31, tzinfo=UTC), datetime(2016, 2, 28, tzinfo=UTC)
    assert oldest_s(int(received.timestamp())) == int(first.timestamp())


def test_validate__device_becomes_active__from_that_second_on() -> None:
    result = judge(*(Row("1", device="both", direction=1, at_s=at_s) for at_s in (-4500, -3600)))
    assert [one.row for one in result.rejected] == [1]
    assert [slot for _, slot, *_ in tuples_of(result.accepted)] == [-4]
