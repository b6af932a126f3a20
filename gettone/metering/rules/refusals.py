"""Rules V3 to V9 and V11 of the metering specification §4 that refuse a row, in order, each by column.

A rule marks the rows that break it; only these are looked at one by one, to say why.  The first rule a row breaks
is the one it is refused by.
"""

from datetime import UTC, datetime

import numpy as np

from gettone.metering.codes import Code
from gettone.metering.energy import power_units, product_overflows
from gettone.metering.exact import BoolArray
from gettone.metering.flow import POWER_MEAN, POWER_SAMPLE
from gettone.metering.received import Unit
from gettone.metering.registry import NoChannel
from gettone.metering.rules.bounds import NEVER_NEGATIVE, NEVER_POSITIVE, WH_LIMIT
from gettone.metering.rules.judgement import Rows, Rule
from gettone.types import Direction

FUTURE_TOLERANCE_S = 300
OLDEST_MONTHS = 61


def oldest_s(receipt_s: int) -> int:
    """The first instant of the UTC day 61 calendar months before receipt [unix s]."""
    received = datetime.fromtimestamp(receipt_s, UTC)
    months = received.year * 12 + received.month - 1 - OLDEST_MONTHS
    # Day 28 exists in every month, and so late a day errs on the side of keeping a reading by no more than three days.
    day = min(received.day, 28)
    return int(datetime(months // 12, months % 12 + 1, day, tzinfo=UTC).timestamp())


def _unknown_device(rows: Rows) -> BoolArray:
    return np.asarray(rows.channel == NoChannel.UNKNOWN_DEVICE, np.bool_)


def _say_unknown_device(rows: Rows, at: int) -> str:
    return f"device {rows.device_name(at)!r} is not registered for this flow"


def _inactive(rows: Rows) -> BoolArray:
    return rows.start_s < rows.table.active_at_s[rows.received.device]


def _say_inactive(rows: Rows, at: int) -> str:
    return f"device {rows.device_name(at)!r} was not active yet"


def _no_direction(rows: Rows) -> BoolArray:
    return np.isin(rows.channel, (NoChannel.NO_SUCH_DIRECTION, NoChannel.SEVERAL_DIRECTIONS))


def _say_no_direction(rows: Rows, at: int) -> str:
    several = rows.channel[at] == NoChannel.SEVERAL_DIRECTIONS
    what = "several channels: name the direction in the rows or the flow" if several else "no channel of this direction"
    return f"device {rows.device_name(at)!r} has {what}"


def _unknown_unit(rows: Rows) -> BoolArray:
    unit = rows.received.unit
    fits = power_units(unit) if rows.flow.kind in (POWER_MEAN, POWER_SAMPLE) else unit <= Unit.MWH
    return np.asarray(~fits, np.bool_)


def _say_unknown_unit(rows: Rows, at: int) -> str:
    unit = Unit(int(rows.received.unit[at]))
    if unit is Unit.UNKNOWN:
        return "the unit is none of Wh, kWh, MWh, W and kW"
    return f"a number in {unit.symbol} does not count what the flow sends, {rows.flow.kind}"


def _unstated_multiplier(rows: Rows) -> BoolArray:
    factor, power = rows.received.k_mantissa, rows.received.k_exponent
    if factor is None or power is None or rows.flow.k_factor is not None:
        return np.zeros(len(rows.wh), np.bool_)
    is_one = (power <= 0) & (power >= -15) & (factor == 10 ** np.clip(-power.astype(np.int64), 0, 15))
    return np.asarray(~is_one, np.bool_)


def _say_unstated_multiplier(rows: Rows, at: int) -> str:
    return "the row states a multiplier, and the flow does not say whether it is applied already: set k_factor"


def _too_many_digits(rows: Rows) -> BoolArray:
    return product_overflows(rows.received, rows.flow)


def _say_too_many_digits(rows: Rows, at: int) -> str:
    return f"{rows.number(at)} times its multiplier has more than 18 digits"


def _future(rows: Rows) -> BoolArray:
    return rows.end_s > rows.receipt_s + FUTURE_TOLERANCE_S


def _say_future(rows: Rows, at: int) -> str:
    return f"the row speaks of {int(rows.end_s[at]) - rows.receipt_s} s after it was received"


def _too_old(rows: Rows) -> BoolArray:
    return rows.start_s < oldest_s(rows.receipt_s)


def _say_too_old(rows: Rows, at: int) -> str:
    return f"the row speaks of more than {OLDEST_MONTHS} months ago"


def _no_step(rows: Rows) -> BoolArray:
    return np.asarray(rows.channel == NoChannel.NO_SUCH_STEP, np.bool_)


def _say_no_step(rows: Rows, at: int) -> str:
    length_s = int(rows.length_s[at])
    if length_s <= 0 or (length_s not in (1800, 3600) and 900 % length_s):
        return f"an interval of {length_s} s is not possible: it must divide 900, or be 1800 or 3600"
    return f"device {rows.device_name(at)!r} has no channel for intervals of {length_s} s"


def _misaligned(rows: Rows) -> BoolArray:
    return np.asarray(rows.off_s != 0, np.bool_)


def _say_misaligned(rows: Rows, at: int) -> str:
    return f"the interval begins {int(rows.off_s[at])} s after a boundary of {int(rows.length_s[at])} s in UTC"


def _negative(rows: Rows) -> BoolArray:
    return below_zero(rows) & rows.direction_in(NEVER_NEGATIVE)


def _positive(rows: Rows) -> BoolArray:
    return above_zero(rows) & rows.direction_in(NEVER_POSITIVE)


def below_zero(rows: Rows) -> BoolArray:
    """Negative rows: whole intervals by their Wh, parts by the exact number, since they are added before rounding."""
    return np.asarray(np.where(rows.length_s < 900, rows.energy.numerator, rows.wh) < 0, np.bool_)


def above_zero(rows: Rows) -> BoolArray:
    """Positive rows, as `below_zero`."""
    return np.asarray(np.where(rows.length_s < 900, rows.energy.numerator, rows.wh) > 0, np.bool_)


def _say_sign(rows: Rows, at: int) -> str:
    direction = Direction(int(rows.table.direction[rows.channel[at]]))
    return f"{rows.number(at)} has the wrong sign for a {direction.name.lower()} channel"


def _beyond_range(rows: Rows) -> BoolArray:
    return np.abs(rows.wh) >= WH_LIMIT


def _say_beyond_range(rows: Rows, at: int) -> str:
    return f"{rows.number(at)} is beyond any meter"


DEVICE_RULES = (
    Rule(Code.R_UNKNOWN, "device", _unknown_device, _say_unknown_device),
    Rule(Code.R_INACTIVE, "timestamp", _inactive, _say_inactive),
    Rule(Code.R_DIRECTION, "direction", _no_direction, _say_no_direction),
    Rule(Code.U_UNKNOWN, "unit", _unknown_unit, _say_unknown_unit),
    Rule(Code.U_MULTIPLIER, "k_factor", _unstated_multiplier, _say_unstated_multiplier),
    Rule(Code.R_SYNTAX, "value", _too_many_digits, _say_too_many_digits),
    Rule(Code.T_FUTURE, "timestamp", _future, _say_future),
    Rule(Code.T_TOO_OLD, "timestamp", _too_old, _say_too_old),
    Rule(Code.R_STEP, "interval_s", _no_step, _say_no_step),
)
"""What refuses a row of any kind, in the order of V3 to V8; without a step there is no boundary to judge."""

INTERVAL_RULES = (
    *DEVICE_RULES,
    Rule(Code.T_MISALIGNED, "timestamp", _misaligned, _say_misaligned),
    Rule(Code.N_NEGATIVE, "value", _negative, _say_sign),
    Rule(Code.N_POSITIVE, "value", _positive, _say_sign),
    Rule(Code.R_RANGE, "value", _beyond_range, _say_beyond_range),
)
"""What refuses an interval row, in the order of the rules."""
