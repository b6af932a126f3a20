"""Words and numbers in which sources write units, qualities and directions."""

from enum import IntEnum

from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Unit
from gettone.types import Direction, Quality
from oracle.payload.refusals import unusable


def _by_number_or_word(words: type[IntEnum]) -> dict[str, int]:
    return {name: int(word) for word in words for name in (str(int(word)), word.name.lower())}


QUALITIES = _by_number_or_word(Quality)
DIRECTIONS = _by_number_or_word(Direction)
UNITS = {"Wh": int(Unit.WH), "kWh": int(Unit.KWH), "MWh": int(Unit.MWH), "W": int(Unit.W), "kW": int(Unit.KW)}

PROFILE_UNITS = {"Wh": int(Unit.WH)}


def unit_of_flow(flow: FlowConfig) -> int:
    """The unit of rows that say none; UNKNOWN where the flow says none either."""
    return UNITS.get(flow.unit or "", int(Unit.UNKNOWN))


def words_of_flow(flow: FlowConfig, ours: str, known: dict[str, int]) -> dict[str, int]:
    """The source's own words for a column, from options as `direction.consumption` = `withdrawal`.

    Raises InputError F_SCHEMA where a word stands for none of ours.
    """
    own = {key.removeprefix(f"{ours}."): text for key, text in flow.options if key.startswith(f"{ours}.")}
    if wrong := next((text for text in own.values() if text not in known), None):
        raise unusable(Code.F_SCHEMA, f"cannot be read: its flow says {ours} {wrong!r}, which is no word of ours")
    return {word: known[text] for word, text in own.items()}
