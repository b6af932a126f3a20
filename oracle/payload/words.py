"""Words and numbers in which sources write units, qualities and directions."""

from enum import IntEnum

from gettone.metering.flow import FlowConfig
from gettone.metering.received import Unit
from gettone.types import Direction, Quality


def _by_number_or_word(words: type[IntEnum]) -> dict[str, int]:
    return {name: int(word) for word in words for name in (str(int(word)), word.name.lower())}


QUALITIES = _by_number_or_word(Quality)
DIRECTIONS = _by_number_or_word(Direction)
UNITS = {"Wh": int(Unit.WH), "kWh": int(Unit.KWH), "MWh": int(Unit.MWH), "W": int(Unit.W), "kW": int(Unit.KW)}

PROFILE_UNITS = {"Wh": int(Unit.WH)}


def unit_of_flow(flow: FlowConfig) -> int:
    """The unit of rows that say none; UNKNOWN where the flow says none either."""
    return UNITS.get(flow.unit or "", int(Unit.UNKNOWN))
