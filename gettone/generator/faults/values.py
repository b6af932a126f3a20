"""Faults of values: doubled, contradicting, stuck, too large, of the wrong sign, unit or decimal mark."""

from gettone.generator.faults.case import DONE, REJECTED, ROWS, Case, Fault, FaultFile, profile, table, table_flow
from gettone.generator.files.decimals import kwh_text
from gettone.generator.files.distributor import DST, curves_of, point_of
from gettone.metering.flow import FlowConfig
from gettone.periods import utc_text

DAY = 96
STUCK, STUCK_WH = 24, 999
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n<FlussoMisure CodFlusso="PDO">{point}</FlussoMisure>\n'


def equal_duplicates(case: Case) -> Fault:
    """Five rows come twice with the same value."""
    first = case.drawn(0, DAY - 5)
    text = profile(case, [*case.rows, *case.rows[first : first + 5]])
    return Fault("V12", ROWS, (FaultFile("readings.csv", text, counters={"rows_equal": 5}),))


def conflicting_duplicates(case: Case) -> Fault:
    """Three slots come twice with different values: neither counts."""
    first = case.drawn(0, DAY - 3)
    others = [(start_s, wh + 1) for start_s, wh in case.rows[first : first + 3]]
    file = FaultFile(
        "readings.csv", profile(case, [*case.rows, *others]), codes={"D_CONFLICT": 6}, counters={"rows_quarantined": 6}
    )
    return Fault("V12", ROWS, (file,))


def stuck(case: Case) -> Fault:
    """A meter repeats a value for six hours."""
    first = 20 + case.drawn(0, 40)
    rows = [(start_s, STUCK_WH if first <= at < first + STUCK else wh) for at, (start_s, wh) in enumerate(case.rows)]
    return Fault("V14", ROWS, (FaultFile("readings.csv", profile(case, rows)),), after={"S_STUCK": STUCK})


def spikes(case: Case) -> Fault:
    """Three values are above what the contract lets pass; the bound itself is not."""
    first = case.drawn(0, DAY - 9)
    wrong = {first: case.bound_wh + 1, first + 3: 10 * case.bound_wh, first + 6: case.bound_wh + 250}
    rows = [(start_s, wrong.get(at, wh)) for at, (start_s, wh) in enumerate(case.rows)]
    rows[first + 8] = (rows[first + 8][0], case.bound_wh)
    file = FaultFile("readings.csv", profile(case, rows), codes={"P_BOUND": 3}, counters={"rows_quarantined": 3})
    return Fault("V11", ROWS, (file,))


def negatives(case: Case) -> Fault:
    """Four values of a one-way register are negative."""
    first = case.drawn(0, DAY - 4)
    rows = [(start_s, -wh - 1 if first <= at < first + 4 else wh) for at, (start_s, wh) in enumerate(case.rows)]
    file = FaultFile("readings.csv", profile(case, rows), codes={"N_NEGATIVE": 4}, counters={"rows_rejected": 4})
    return Fault("V9", ROWS, (file,))


def wrong_unit(case: Case) -> Fault:
    """A file counts apparent energy, which is no energy: no half of it is stored."""
    rows = [(utc_text(start_s), kwh_text(wh)) for start_s, wh in case.rows]
    codes = {"U_UNKNOWN": len(rows)}
    file = FaultFile("readings.csv", table(case, rows, [("unit", "kVAh")]), REJECTED, codes)
    return Fault("V4", table_flow(unit=None), (file,))


def wrong_scale(case: Case) -> Fault:
    """Values in Wh come in a flow that states kWh: a thousand times too large, and held by the contract's bound."""
    rows = [(utc_text(start_s), str(wh)) for start_s, wh in case.rows if wh > 1]
    held = sum(1000 * wh > case.bound_wh for _, wh in case.rows if wh > 1)
    file = FaultFile("readings.csv", table(case, rows), codes={"P_BOUND": held}, counters={"rows_quarantined": held})
    return Fault("V11", table_flow(), (file,))


def comma(case: Case) -> Fault:
    """Eight numbers are written with a decimal comma, and the flow states a point."""
    first = case.drawn(0, DAY - 8)
    rows = [
        (utc_text(start_s), kwh_text(wh, "," if first <= at < first + 8 else "."))
        for at, (start_s, wh) in enumerate(case.rows)
    ]
    file = FaultFile("readings.csv", table(case, rows), codes={"R_SYNTAX": 8}, counters={"rows_rejected": 8})
    return Fault("V2", table_flow(), (file,))


def multiplier(case: Case) -> Fault:
    """A distributor states K 40, and the flow does not say whether it is applied."""
    config = FlowConfig(
        source_class=7,
        unit="kWh",
        syntax="distributor_xml",
        separator=";",
        decimal=",",
        clock=str(case.zone),
        step_s=900,
        options=(("flow.PDO", "withdrawal periodic"), ("dialect", DST)),
    )
    curve = "".join(curves_of(case.first.day, list(case.wh[:DAY]), DST))
    text = _XML.format(point=point_of(case.home.pod, case.first.strftime("%m/%Y"), curve, ka="40"))
    return Fault("V4", config, (FaultFile("readings.xml", text, REJECTED, {"U_MULTIPLIER": DAY}),))


def corrected(case: Case) -> Fault:
    """A second file changes four values: the earlier ones are kept as versions."""
    first = case.drawn(0, DAY - 4)
    rows = [(start_s, wh + 7 if first <= at < first + 4 else wh) for at, (start_s, wh) in enumerate(case.rows)]
    again = {"rows_changed": 4, "rows_equal": len(rows) - 4}
    files = (
        FaultFile("1-readings.csv", profile(case, case.rows), counters={"rows_new": len(rows)}),
        FaultFile("2-corrected.csv", profile(case, rows), DONE, counters=again),
    )
    return Fault("V13", ROWS, files)
