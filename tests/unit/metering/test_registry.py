"""Where a row finds its channel: by device, step and direction."""

import numpy as np
import pytest

from gettone.metering.received import NO_DIRECTION
from gettone.metering.registry import ChannelTable, Contract, NoChannel, RegisteredChannel, RegisteredDevice
from gettone.types import Direction

pytestmark = pytest.mark.unit

CHANNELS = (
    RegisteredChannel(11, Direction.EXCHANGE, 3600),
    RegisteredChannel(12, Direction.WITHDRAWAL, 900),
    RegisteredChannel(13, Direction.INJECTION, 900),
)
TABLE = ChannelTable.of(
    ("meter", "stranger", "bare"),
    {"meter": RegisteredDevice(1, None, CHANNELS, ()), "bare": RegisteredDevice(2, None, (), ())},
)


def find(device: int, interval_s: int | None, direction: int) -> int:
    length = None if interval_s is None else np.array([interval_s], np.int32)
    return int(TABLE.find(np.array([device], np.int32), length, np.array([direction], np.int8))[0])


@pytest.mark.parametrize(
    ("interval_s", "direction", "found"),
    [
        (3600, NO_DIRECTION, 0),
        (3600, Direction.EXCHANGE, 0),
        (900, Direction.WITHDRAWAL, 1),
        (300, Direction.INJECTION, 2),
        (60, Direction.INJECTION, 2),
        (900, NO_DIRECTION, NoChannel.SEVERAL_DIRECTIONS),
        (900, Direction.LOAD, NoChannel.NO_SUCH_DIRECTION),
        (3600, Direction.LOAD, NoChannel.NO_SUCH_DIRECTION),
        (3600, Direction.INJECTION, NoChannel.NO_SUCH_STEP),
        (1800, NO_DIRECTION, NoChannel.NO_SUCH_STEP),
        (700, NO_DIRECTION, NoChannel.NO_SUCH_STEP),
        (700, Direction.WITHDRAWAL, NoChannel.NO_SUCH_STEP),
        (700, Direction.LOAD, NoChannel.NO_SUCH_DIRECTION),
        (0, Direction.WITHDRAWAL, NoChannel.NO_SUCH_STEP),
        (None, Direction.EXCHANGE, 0),
        (None, Direction.LOAD, NoChannel.NO_SUCH_DIRECTION),
        (None, NO_DIRECTION, NoChannel.SEVERAL_DIRECTIONS),
    ],
)
def test_find__step_and_direction__give_one_channel_or_a_reason(
    interval_s: int | None, direction: int, found: int
) -> None:
    assert find(0, interval_s, direction) == found


def test_find__unknown_device__says_so_for_any_step() -> None:
    assert {find(1, step, NO_DIRECTION) for step in (900, 700, None)} == {NoChannel.UNKNOWN_DEVICE}


def test_find__device_without_channels__has_no_direction() -> None:
    assert find(2, 900, NO_DIRECTION) == NoChannel.NO_SUCH_DIRECTION


def test_find__one_direction_at_two_steps__needs_the_step() -> None:
    channels = (RegisteredChannel(1, Direction.LOAD, 900), RegisteredChannel(2, Direction.LOAD, 3600))
    table = ChannelTable.of(("a",), {"a": RegisteredDevice(1, None, channels, ())})
    device, load = np.zeros(1, np.int32), np.array([4], np.int8)
    assert table.find(device, None, load).tolist() == [NoChannel.SEVERAL_DIRECTIONS]
    assert table.find(device, np.array([3600], np.int32), load).tolist() == [1]


def test_find__two_spellings_of_one_device__share_a_channel() -> None:
    meter = RegisteredDevice(1, None, CHANNELS, ())
    table = ChannelTable.of(("IT001E12345678", "IT001E123456781"), {"IT001E12345678": meter, "IT001E123456781": meter})
    found = table.find(np.array([0, 1], np.int32), None, np.array([1, 1], np.int8))
    assert found.tolist() == [1, 1]
    assert table.channel_id.tolist() == [11, 12, 13]


def test_contract_at__validity__is_half_open() -> None:
    first, second = Contract(0, 10, 3_000, None, None), Contract(12, None, 6_000, None, None)
    one = RegisteredDevice(1, None, (), (first, second))
    assert [one.contract_at(slot) for slot in (0, 9, 10, 12, 99)] == [first, first, None, second, second]
