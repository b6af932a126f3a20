"""Faults of time: gaps, late files, shifted labels, labels of the changeover days."""

from datetime import UTC, date, datetime, timedelta

from gettone.generator.faults.case import (
    REJECTED,
    ROWS,
    SLOT_S,
    Case,
    Fault,
    FaultFile,
    profile,
    table,
    table_flow,
)
from gettone.generator.files.decimals import kwh_text

DAY = 96
SHORT_GAP, LONG_GAP = 4, 30
SNAP_S, SMALL_SHIFT_S, LARGE_SHIFT_S = 30, 7, 437
FIRST_REPEATED, AFTER_REPEATED = 8, 16


def gap_short(case: Case) -> Fault:
    """One hour is missing: it is estimated along a line, and never earns."""
    first = 40 + case.drawn(0, 40)
    rows = [row for at, row in enumerate(case.rows) if not first <= at < first + SHORT_GAP]
    return Fault("V17", ROWS, (FaultFile("readings.csv", profile(case, rows)),), after={"E_LINE": SHORT_GAP})


def gap_long(case: Case) -> Fault:
    """Seven and a half hours are missing: too long to be filled."""
    first = 30 + case.drawn(0, 20)
    rows = [row for at, row in enumerate(case.rows) if not first <= at < first + LONG_GAP]
    return Fault("V18", ROWS, (FaultFile("readings.csv", profile(case, rows)),), after={"M_LONG": 1})


def late(case: Case) -> Fault:
    """The first day comes after the others; in a settled period its rows open the next revision."""
    files = (
        FaultFile("1-readings.csv", profile(case, case.rows[DAY:]), counters={"rows_new": len(case.rows) - DAY}),
        FaultFile("2-late.csv", profile(case, case.rows[:DAY]), counters={"rows_new": DAY}),
    )
    return Fault("V20", ROWS, files)


def label_shift(case: Case) -> Fault:
    """A clock that is 7 s late is taken to its boundary; one that is 437 s late is not."""

    def shifted(shift_s: int) -> str:
        rows = [(_utc_label(start_s + shift_s), kwh_text(wh)) for start_s, wh in case.rows]
        return table(case, rows)

    count = len(case.rows)
    files = (
        FaultFile("1-seven-seconds.csv", shifted(SMALL_SHIFT_S), codes={"T_SNAPPED": count}),
        FaultFile("2-seven-minutes.csv", shifted(LARGE_SHIFT_S), REJECTED, {"T_MISALIGNED": count}),
    )
    return Fault("V7", table_flow(snap_s=SNAP_S), files)


def dst_labels(case: Case) -> Fault:
    """Local labels without offset: an hour that does not exist, one that is repeated in order, and one that is not."""
    spring, autumn = case.changeover(DAY - 4), case.changeover(DAY + 4)
    values = [kwh_text(wh) for wh in case.wh[:DAY]]
    every = [*range(AFTER_REPEATED - 4), *range(FIRST_REPEATED, DAY)]
    ordered = table(case, [(_local_label(autumn, at), values[at]) for at in every])
    single = table(case, [(_local_label(autumn, at), values[at]) for at in range(DAY)])
    files = (
        FaultFile(
            "1-spring.csv",
            table(case, [(_local_label(spring, at), values[at]) for at in range(DAY)]),
            codes={"T_NONEXISTENT": 4},
            counters={"rows_rejected": 4, "rows_new": DAY - 4},
        ),
        FaultFile("2-autumn-in-order.csv", ordered, codes={"T_ORDER": 8}, counters={"rows_new": DAY + 4}),
        FaultFile("3-autumn-once.csv", single, codes={"T_AMBIGUOUS": 4}, counters={"rows_rejected": 4}),
    )
    return Fault("V6", table_flow(clock=str(case.zone)), files)


def _utc_label(at_s: int) -> str:
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _local_label(day: date, quarter: int) -> str:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a label of a wall clock has no zone
    return (midnight + timedelta(seconds=SLOT_S * quarter)).strftime("%Y-%m-%d %H:%M:%S")
