"""Faults of registers: a roll-over, a meter that was replaced, one that begins again without a word."""

from gettone.generator.faults.case import SLOT_S, Case, Fault, FaultFile, instant, table, table_flow
from gettone.generator.files.decimals import kwh_text
from gettone.metering.flow import REGISTER
from gettone.periods import utc_text
from gettone.types import Direction

DIGITS = 6
FULL_WH = 10 ** (DIGITS + 3)
BEFORE, AFTER = 6, 6


def roll_over(case: Case) -> Fault:
    """The register passes 999,999 kWh and begins again at 0."""
    before_wh = sum(case.wh[:BEFORE])
    registers = _counted(case, FULL_WH - before_wh - case.wh[BEFORE] // 2)
    rows = [(at_s, wh % FULL_WH) for at_s, wh in registers]
    return _fault(case, rows, {"R_ROLL": 1}, len(rows) - 1, digits=DIGITS)


def meter_change(case: Case) -> Fault:
    """The meter is replaced between two readings, and the registers of both are known."""
    registers = _counted(case, 12_345_600)
    at_s, wh = registers[BEFORE]
    final_wh, initial_wh = wh + case.wh[BEFORE] // 3, 10
    shift = final_wh - initial_wh
    rows = [(one_s, one if one_s <= at_s else one - shift) for one_s, one in registers]
    change = (Direction.WITHDRAWAL, instant(at_s + SLOT_S // 2), final_wh, initial_wh)
    return _fault(case, rows, {"R_CHANGE": 1}, len(rows) - 1, meter_changes=(change,))


def register_reset(case: Case) -> Fault:
    """The register begins again without a known reason: the energy in between is not known."""
    registers = _counted(case, 12_345_600)
    at_s = registers[BEFORE][0]
    rows = [(one_s, one if one_s <= at_s else one - 12_342_400) for one_s, one in registers]
    return _fault(case, rows, {"R_RESET": 1}, len(rows) - 2)


def _counted(case: Case, first_wh: int) -> list[tuple[int, int]]:
    """A register [Wh] at the start of each of the first slots, and at the end of the last one."""
    registers = [(case.start_s, first_wh)]
    for at_s, wh in case.rows[: BEFORE + AFTER]:
        registers.append((at_s + SLOT_S, registers[-1][1] + wh))
    return registers


def _fault(case: Case, rows: list[tuple[int, int]], codes: dict[str, int], new: int, **registered: object) -> Fault:
    text = table(case, [(utc_text(at_s), kwh_text(wh)) for at_s, wh in rows])
    file = FaultFile("registers.csv", text, codes=codes, counters={"rows_new": new})
    return Fault("V10", table_flow(kind=REGISTER), (file,), **registered)  # type: ignore[arg-type]  # typed above
