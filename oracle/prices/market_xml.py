"""The market operator's file of day-ahead prices: `Prezzi` with `Ora`, `Prezzi15` with `Periodo` (§7)."""

import re
from collections import defaultdict
from datetime import date
from pathlib import Path

from gettone.errors import InputError
from gettone.metering.codes import Code
from gettone.metering.flow import FlowConfig
from gettone.metering.zonal_prices import HOUR_S, QUARTER_S, ZONES, PriceDay, parse_price, starts_of
from oracle.payload.elements import local_name, open_xml
from oracle.payload.opened import open_payload
from oracle.payload.refusals import unusable
from oracle.prices.price_file import PriceFile, RefusedDay, kind_of

_ITEMS = {"Prezzi": ("Ora", HOUR_S), "Prezzi15": ("Periodo", QUARTER_S)}
_NOT_ZONES = {"Data", "Mercato", "Ora", "Periodo", "Granularity"}
_DATE = re.compile(r"(20\d\d)(\d\d)(\d\d)", re.ASCII)

Row = tuple[str, dict[str, str]]


def read(payload: Path, flow: FlowConfig) -> PriceFile:
    """The days of a file; a day with another count than the calendar's, or a price that is none, is refused.

    Raises InputError F_SCHEMA for any other layout, and with the codes of `open_payload` and `open_xml`.
    """
    days: dict[tuple[date, int], list[Row]] = defaultdict(list)
    ignored: set[str] = set()
    with open_payload(payload) as plain:
        _, items = open_xml(plain, "NewDataSet", tuple(_ITEMS))
        for item in items:
            number, step_s = _ITEMS[local_name(item)]
            fields = {local_name(one): (one.text or "").strip() for one in item}
            days[_day(fields), step_s].append((fields.get(number, ""), fields))
            ignored |= set(fields) - _NOT_ZONES - set(ZONES)
    if not days:
        raise unusable(Code.F_SCHEMA, "has neither Prezzi nor Prezzi15")
    found = PriceFile(kind_of(flow), ignored=tuple(sorted(ignored)))
    for (day, step_s), rows in sorted(days.items()):
        _add_day(found, day, step_s, rows, flow.decimal)
    return found


def _day(fields: dict[str, str]) -> date:
    match = _DATE.fullmatch(fields.get("Data", ""))
    try:
        if match is None:
            raise ValueError
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise unusable(Code.F_SCHEMA, "has a Data that is no day as 20260329") from None


def _add_day(found: PriceFile, day: date, step_s: int, rows: list[Row], mark: str) -> None:
    count = len(starts_of(day, step_s))
    numbers = [number for number, _ in rows]
    if sorted(numbers) != sorted(map(str, range(1, count + 1))):
        reason = f"it has {len(rows)} prices of a zone, and the calendar {count} intervals numbered from 1"
        found.refused.append(RefusedDay(day, Code.X_DAYLEN, reason))
        return
    ordered = [fields for _, fields in sorted(rows, key=lambda row: int(row[0]))]
    zones = [zone for zone in ZONES if any(zone in fields for fields in ordered)]
    try:
        prices = {zone: tuple(parse_price(fields.get(zone, ""), mark) for fields in ordered) for zone in zones}
    except InputError as refusal:
        found.refused.append(RefusedDay(day, Code.R_SYNTAX, refusal.message))
        return
    found.days.append(PriceDay(day, step_s, prices))
