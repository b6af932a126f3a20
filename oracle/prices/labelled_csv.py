"""A table of prices with local labels, one column for each zone (§7)."""

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

from gettone.errors import InputError
from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.received import Rejected
from gettone.metering.zonal_prices import ZONES, PriceDay, parse_price, place_labels
from oracle.payload.delimited import read_delimited
from oracle.payload.instants import parse_label
from oracle.payload.refusals import unusable
from oracle.payload.table import LAYOUT_OPTION, Layout, Table
from oracle.prices.price_file import PriceFile, RefusedDay, kind_of

TIMESTAMP = "timestamp"
_EPOCH = date(1970, 1, 1)
_DAY_S = 86_400


def read(payload: Path, flow: FlowConfig) -> PriceFile:
    """The days of a table, whose labels are those of the local clock of the market, in the order of the rows.

    Columns of the flow: `timestamp` and the zones, under their names in the file.  An actual day must have the
    labels of the calendar; a scenario may have the same every day.  Raises InputError with an F code for an unusable
    whole, F_SCHEMA where the flow states no step and no kind.
    """
    kind = kind_of(flow)
    if flow.step_s is None:
        raise unusable(Code.F_SCHEMA, "cannot be read: its flow states no step_s")
    layout = Layout({name: flow.column(name) for name in (TIMESTAMP, *ZONES)}, (TIMESTAMP,))
    table = read_delimited(payload, flow, layout)
    zones = [zone for zone in ZONES if zone in table.columns]
    if not zones:
        raise unusable(Code.F_COLUMN, f"has no column of a zone: {', '.join(ZONES)}")
    found = PriceFile(kind, ignored=table.ignored_columns)
    texts = {zone: table.columns[zone].to_pylist() for zone in zones}
    for day, rows in sorted(_by_day(table, flow, found).items()):
        _add_day(found, day, rows, flow, texts)
    return found


def _by_day(table: Table, flow: FlowConfig, found: PriceFile) -> dict[date, list[tuple[int, int]]]:
    """(label, position) of the rows of each local day; rows without a label break, and their day will lack it."""
    found.broken.extend(table.broken)
    layout = flow.option(LAYOUT_OPTION) or ""
    days: dict[date, list[tuple[int, int]]] = defaultdict(list)
    for at, text in enumerate(table.columns[TIMESTAMP].to_pylist()):
        label = parse_label(text or "", layout)
        if label is None or label.fixed:
            reason = f"{str(text)[:40]!r} is no label of a local clock as 2026-03-29T00:00"
            found.broken.append(Rejected(int(table.row[at]), Code.R_SYNTAX, flow.column(TIMESTAMP), reason))
        else:
            days[_EPOCH + timedelta(days=label.seconds // _DAY_S)].append((label.seconds, at))
    return days


def _add_day(
    found: PriceFile, day: date, rows: list[tuple[int, int]], flow: FlowConfig, texts: dict[str, list[str]]
) -> None:
    step_s = flow.step_s or _DAY_S
    positions = place_labels(day, step_s, [label for label, _ in rows], found.kind)
    if positions is None:
        reason = f"its {len(rows)} labels are not those of the calendar, in order"
        found.refused.append(RefusedDay(day, Code.X_DAYLEN, reason))
        return
    try:
        prices = {
            zone: tuple(parse_price(column[rows[at][1]] or "", flow.decimal) for at in positions)
            for zone, column in texts.items()
        }
    except InputError as refusal:
        found.refused.append(RefusedDay(day, Code.R_SYNTAX, refusal.message))
        return
    found.dropped += len(set(range(len(rows))) - set(positions))
    found.days.append(PriceDay(day, step_s, prices))
