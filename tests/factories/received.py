"""Rows of a batch for tests of the metering rules, written one by one, and the columns the rules take."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gettone.metering.exact import parse_decimal
from gettone.metering.flow import FlowConfig
from gettone.metering.received import NO_DIRECTION, Received, ReceivedRegisters, Unit
from gettone.metering.registry import Contract, MeterChange, RegisteredChannel, RegisteredDevice
from gettone.metering.rules.validation import validate
from gettone.metering.values import Validated, Values
from gettone.types import Direction, Quality

# 1 September 2016 00:00 UTC, and a receipt two months later.
START_S = 1_472_688_000
RECEIPT_S = 1_478_000_000
SLOT = START_S // 900
CONTRACT_3_KW = Contract(0, None, 3_000, None, None)
REGISTRY = {
    "quarter": RegisteredDevice(1, None, (RegisteredChannel(1, Direction.WITHDRAWAL, 900),), (CONTRACT_3_KW,)),
    "hour": RegisteredDevice(2, None, (RegisteredChannel(2, Direction.EXCHANGE, 3600),), (CONTRACT_3_KW,)),
    "panels": RegisteredDevice(3, None, (RegisteredChannel(3, Direction.PRODUCTION, 900),), ()),
    "both": RegisteredDevice(
        4,
        START_S * 1000 - 3_600_000,
        (RegisteredChannel(4, Direction.WITHDRAWAL, 900), RegisteredChannel(5, Direction.INJECTION, 900)),
        (),
    ),
}


@dataclass(frozen=True)
class Row:
    """One row: seconds after `START_S`, the number as text, and what else it says."""

    value: str | None
    at_s: int = 0
    device: str = "quarter"
    interval_s: int = 900
    quality: int = 1
    direction: int = NO_DIRECTION
    unit: Unit = Unit.WH
    k: str = "1"
    source_class: int = 0


def received_of(rows: Sequence[Row], numbers: Sequence[int] | None = None) -> Received:
    """Rows by column; their numbers count from 1, or are given."""
    registers = registers_of(rows, numbers)
    columns = {name: getattr(registers, name) for name in registers.__slots__ if name != "at_s"}
    interval_s = np.array([one.interval_s for one in rows], np.int32)
    return Received(start_s=registers.at_s, interval_s=interval_s, **columns)


def registers_of(rows: Sequence[Row], numbers: Sequence[int] | None = None) -> ReceivedRegisters:
    """Rows as readings of registers, by column."""
    devices = tuple(dict.fromkeys(one.device for one in rows))
    values = [parse_decimal(one.value or "0") for one in rows]
    factors = [parse_decimal(one.k) for one in rows]
    return ReceivedRegisters(
        devices=devices,
        row=np.array(numbers if numbers is not None else range(1, len(rows) + 1), np.int64),
        device=np.array([devices.index(one.device) for one in rows], np.int32),
        direction=np.array([one.direction for one in rows], np.int8),
        at_s=np.array([START_S + one.at_s for one in rows], np.int64),
        mantissa=np.array([mantissa for mantissa, _ in values], np.int64),
        exponent=np.array([exponent for _, exponent in values], np.int8),
        unit=np.array([one.unit for one in rows], np.int8),
        quality=np.array([0 if one.value is None else one.quality for one in rows], np.int8),
        k_mantissa=np.array([mantissa for mantissa, _ in factors], np.int64),
        k_exponent=np.array([exponent for _, exponent in factors], np.int8),
        source_class=np.array([one.source_class for one in rows], np.int8),
    )


def judge(*rows: Row, flow: FlowConfig | None = None, registry: dict[str, RegisteredDevice] | None = None) -> Validated:
    """Rows through the rules of interval readings."""
    return validate(received_of(rows), registry or REGISTRY, flow or FlowConfig(), RECEIPT_S)


def tuples_of(values: Values) -> list[tuple[int, int, int, Quality, int]]:
    """Values one by one: channel id, slot counted from `SLOT`, Wh, quality, rank."""
    return [
        (channel, slot - SLOT, wh, Quality(quality), rank)
        for channel, slot, wh, quality, rank in zip(*(one.tolist() for one in values.columns()), strict=True)
    ]


def wh_of(validated: Validated) -> list[int]:
    """The accepted energies [Wh]."""
    return list(validated.accepted.wh.tolist())


def metered(
    channel: RegisteredChannel, *contracts: Contract, changes: tuple[MeterChange, ...] = ()
) -> RegisteredDevice:
    """A device with one channel, and meter changes of it."""
    return RegisteredDevice(9, None, (replace(channel, changes=changes),), contracts)
