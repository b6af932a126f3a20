"""Rules V3 to V11, with the vectors of the metering specification §4."""

from datetime import UTC, datetime

import pytest

from gettone.metering.codes import Code
from gettone.metering.registry import Contract, RegisteredChannel, RegisteredDevice
from gettone.metering.rules import (
    Finding,
    check_active,
    check_boundary,
    check_range,
    check_sign,
    check_time,
    exceeds_power,
    find_channel,
    oldest_s,
    plant_bound_wh,
    withdrawal_bound_wh,
)
from gettone.types import Direction

pytestmark = pytest.mark.unit

NET = RegisteredChannel(1, Direction.EXCHANGE, 3600)
WITHDRAWAL = RegisteredChannel(2, Direction.WITHDRAWAL, 900)
INJECTION = RegisteredChannel(3, Direction.INJECTION, 900)


def device(*channels: RegisteredChannel, active_at_ms: int | None = None) -> RegisteredDevice:
    return RegisteredDevice(1, active_at_ms, channels, ())


def contract(contract_w: int | None = None, available_w: int | None = None, peak_w: int | None = None) -> Contract:
    return Contract(0, None, contract_w, available_w, peak_w)


def code_of(finding: object) -> Code | None:
    return finding.code if isinstance(finding, Finding) else None


@pytest.mark.parametrize(
    ("contract_w", "step_s", "bound_wh"),
    [
        (3_000, 900, 1_237),
        (6_000, 900, 2_475),
        (10_000, 900, 4_125),
        (400_000, 900, 150_000),
        (3_000, 3600, 4_950),
        (None, 900, 37_500),
        (30_000, 900, 12_375),
        (30_001, 900, 11_250),
    ],
)
def test_withdrawal_bound__vectors_11__come_out(contract_w: int | None, step_s: int, bound_wh: int) -> None:
    assert withdrawal_bound_wh(contract(contract_w), step_s) == bound_wh


def test_withdrawal_bound__available_power__goes_before_the_contract() -> None:
    assert withdrawal_bound_wh(contract(3_000, 5_000), 3600) == 7_500
    assert withdrawal_bound_wh(None, 900) == 37_500


def test_plant_bound__peak_and_unknown__are_a_quarter_above() -> None:
    assert plant_bound_wh(contract(peak_w=4_000), 3600) == 5_000
    assert plant_bound_wh(contract(), 900) == 31_250


@pytest.mark.parametrize(
    ("direction", "wh", "exceeds"),
    [
        (Direction.WITHDRAWAL, 4_950, False),
        (Direction.WITHDRAWAL, 4_951, True),
        (Direction.EXCHANGE, 4_951, True),
        (Direction.EXCHANGE, -2_500, False),
        (Direction.EXCHANGE, -2_501, True),
        (Direction.PRODUCTION, -2_501, True),
        (Direction.STORAGE, -4_950, False),
    ],
)
def test_exceeds_power__exactly_the_bound__passes(direction: Direction, wh: int, exceeds: bool) -> None:
    assert exceeds_power(direction, 3600, wh, contract(3_000, peak_w=2_000)) is exceeds


def test_check_range__two_to_the_31__is_refused() -> None:
    assert check_range(2**31 - 1) is None
    assert code_of(check_range(2**31)) == code_of(check_range(-(2**31))) == Code.R_RANGE


@pytest.mark.parametrize(
    ("direction", "wh", "code"),
    [
        (Direction.WITHDRAWAL, -6_370, Code.N_NEGATIVE),
        (Direction.LOAD, -1, Code.N_NEGATIVE),
        (Direction.INJECTION, 1, Code.N_POSITIVE),
        (Direction.PRODUCTION, 1, Code.N_POSITIVE),
        (Direction.WITHDRAWAL, 0, None),
        (Direction.INJECTION, 0, None),
        (Direction.EXCHANGE, -5, None),
        (Direction.STORAGE, 5, None),
    ],
)
def test_check_sign__vector_9_1__is_refused_not_clipped(direction: Direction, wh: int, code: Code | None) -> None:
    assert code_of(check_sign(direction, wh)) == code


def test_check_time__300_s_after_receipt__is_the_last_end() -> None:
    assert check_time(9_000_000_000, 9_000_000_300, 9_000_000_000) is None
    assert code_of(check_time(9_000_000_000, 9_000_000_301, 9_000_000_000)) == Code.T_FUTURE


def test_check_time__61_months_before_receipt__is_the_first_day() -> None:
    receipt_s = int(datetime(2021, 11, 15, 12, tzinfo=UTC).timestamp())
    first_s = int(datetime(2016, 10, 15, tzinfo=UTC).timestamp())
    assert oldest_s(receipt_s) == first_s
    assert check_time(first_s, first_s + 900, receipt_s) is None
    assert code_of(check_time(first_s - 900, first_s, receipt_s)) == Code.T_TOO_OLD


def test_oldest__last_day_of_a_long_month__exists() -> None:
    received, first = datetime(2021, 3, 31, tzinfo=UTC), datetime(2016, 2, 28, tzinfo=UTC)
    assert oldest_s(int(received.timestamp())) == int(first.timestamp())


def test_check_boundary__vector_5_2__is_misaligned() -> None:
    stamped = int(datetime(2020, 10, 5, 12, 37, 27, tzinfo=UTC).timestamp())
    assert code_of(check_boundary(stamped, 900)) == Code.T_MISALIGNED
    assert check_boundary(stamped - stamped % 900, 900) is None
    assert code_of(check_boundary(900, 3600)) == Code.T_MISALIGNED


def test_check_active__before_activation__is_refused() -> None:
    assert check_active(device(NET, active_at_ms=900_000), 900) is None
    assert code_of(check_active(device(NET, active_at_ms=900_001), 900)) == Code.R_INACTIVE
    assert check_active(device(NET), 0) is None


@pytest.mark.parametrize(
    ("interval_s", "direction", "found"),
    [
        (3600, None, NET),
        (900, Direction.WITHDRAWAL, WITHDRAWAL),
        (300, Direction.INJECTION, INJECTION),
        (60, Direction.INJECTION, INJECTION),
        (900, None, Code.R_DIRECTION),
        (900, Direction.LOAD, Code.R_DIRECTION),
        (3600, Direction.LOAD, Code.R_DIRECTION),
        (1800, None, Code.R_STEP),
        (700, None, Code.R_STEP),
        (7200, None, Code.R_STEP),
    ],
)
def test_find_channel__step_and_direction__give_one_channel(
    interval_s: int, direction: Direction | None, found: RegisteredChannel | Code
) -> None:
    answer = find_channel(device(NET, WITHDRAWAL, INJECTION), interval_s, direction)
    assert (answer.code if isinstance(answer, Finding) else answer) == found


def test_contract_at__validity__is_half_open() -> None:
    first, second = Contract(0, 10, 3_000, None, None), Contract(12, None, 6_000, None, None)
    one = RegisteredDevice(1, None, (), (first, second))
    assert [one.contract_at(slot) for slot in (0, 9, 10, 12, 99)] == [first, first, None, second, second]
