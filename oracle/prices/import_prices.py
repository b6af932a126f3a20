"""The jobs of zonal prices: a file into the table once, and a forecast for a day that no file came for."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gettone.db.engine import Database
from gettone.db.repositories.anomalies import Anomalies, Finding
from gettone.db.repositories.batches import Batches, BatchRow, Counters
from gettone.db.repositories.flows import FlowRow, Flows
from gettone.db.repositories.prices import PriceCounts, Prices, StoredPrice
from gettone.errors import InputError
from gettone.metering.codes import Code
from gettone.metering.zonal_prices import (
    FORECAST,
    MARKET_ZONE,
    ZONES,
    PriceDay,
    beyond_bounds,
    repeat_day,
    starts_of,
)
from gettone.vault import Vault
from oracle.prices import labelled_csv, market_xml
from oracle.prices.price_file import PriceFile, Reader
from oracle.sources.recorded_batch import Digest, Recorded, Refusal, digest_of, earlier_batch, record_batch, report_of

SLOT_S = 900
READERS: dict[str, Reader] = {"price_csv": labelled_csv.read, "price_xml": market_xml.read}
_SEVERITIES = {str(Code.X_DAYLEN): 2, str(Code.R_SYNTAX): 2, str(Code.P_BOUND): 1}


def import_prices(database: Database, vault: Vault, payload: Path, flow_name: str, *, now_ms: int) -> Recorded:
    """Store the prices of a file; the same file again is a duplicate and changes nothing.

    1. read the file   2. this flow did it already: duplicate   3. store the days that stand   4. keep what is refused
    or waits for a person, with an anomaly for each day

    Raises InputError with an F code for an unusable file, MissingInput for an unknown flow.
    """
    digest = digest_of(payload)
    with database.ingest() as connection:
        flow = Flows(connection).get(flow_name)
        earlier = earlier_batch(connection, flow.flow_id, digest)
        if earlier is not None:
            return earlier
        return _store(connection, vault, _read(payload, flow), flow, digest, now_ms)


def forecast_day(database: Database, day: date) -> int:
    """Repeat the last day of each zone that has no price of a day; returns how many prices were stored."""
    with database.write() as connection:
        prices = Prices(connection)
        decided = prices.decide([one for zone in ZONES for one in _repeated(prices, zone, day)])
        prices.write(decided, None)
        return decided.counts.new


def _read(payload: Path, flow: FlowRow) -> PriceFile:
    reader = READERS.get(flow.config.syntax)
    if reader is None:
        raise InputError(
            "syntax_unknown",
            f"flow {flow.name!r} has syntax {flow.config.syntax!r}: prices are read as {' or '.join(sorted(READERS))}",
        )
    return reader(payload, flow.config)


def _store(
    connection: Connection, vault: Vault, found: PriceFile, flow: FlowRow, digest: Digest, now_ms: int
) -> Recorded:
    batches = Batches(connection)
    batch_id = batches.next_id()
    prices = [price for day in found.days for price in _prices_of(day, found.kind)]
    held = [one for one in prices if beyond_bounds(one.ueur_mwh)]
    refusals = [Refusal(one.code, one.field, one.reason) for one in found.broken]
    refusals += [Refusal(one.code, "", f"{one.day}: {one.reason}") for one in found.refused]
    codes = Counter(one.code for one in refusals)
    waiting = [Refusal(Code.P_BOUND, one.zone, f"{one.zone} {one.slot} {one.ueur_mwh}") for one in held]
    codes[Code.P_BOUND] += len(held)
    decided = Prices(connection).decide([one for one in prices if not beyond_bounds(one.ueur_mwh)])
    counters = _counters(decided.counts, len(refusals), len(held))
    report = report_of(+codes, found.ignored, counters.total)
    row = BatchRow(batch_id, flow.flow_id, digest.sha256, digest.size_bytes, now_ms, "done", counters, report)
    recorded = record_batch(connection, vault, row, [*refusals, *waiting], +codes)
    Prices(connection).write(decided, batch_id)
    Anomalies(connection).add(_findings(found, held, flow.flow_id), _SEVERITIES)
    return recorded


def _prices_of(day: PriceDay, kind: str) -> list[StoredPrice]:
    slots = [start // SLOT_S for start in starts_of(day.day, day.step_s)]
    return [
        StoredPrice(zone, slot, day.step_s, ueur_mwh, kind)
        for zone, row in day.ueur_mwh.items()
        for slot, ueur_mwh in zip(slots, row, strict=True)
    ]


def _counters(stored: PriceCounts, rejected: int, held: int) -> Counters:
    return Counters(
        rows_new=stored.new,
        rows_changed=stored.changed,
        rows_confirmed=stored.confirmed,
        rows_equal=stored.equal,
        rows_older=stored.older,
        rows_rejected=rejected,
        rows_quarantined=held,
    )


def _findings(found: PriceFile, held: list[StoredPrice], flow_id: int) -> list[Finding]:
    """One for each refused day, one for each zone and local day with prices that wait."""
    findings = []
    for one in found.refused:
        starts = starts_of(one.day, SLOT_S)
        findings.append(Finding(None, flow_id, str(one.code), starts[0] // SLOT_S, starts[-1] // SLOT_S, 1))
    for day in sorted({_day_of(one.slot) for one in held}):
        slots = [one.slot for one in held if _day_of(one.slot) == day]
        findings.append(Finding(None, flow_id, str(Code.P_BOUND), min(slots), max(slots), len(slots)))
    return findings


def _repeated(prices: Prices, zone: str, day: date) -> list[StoredPrice]:
    starts = starts_of(day, SLOT_S)
    first, end = starts.start // SLOT_S, starts.stop // SLOT_S
    last = prices.last_slot(zone, first)
    if last is None or prices.read(zone, first, end):
        return []
    before = _day_of(last)
    known = prices.read(zone, starts_of(before, SLOT_S).start // SLOT_S, starts_of(before, SLOT_S).stop // SLOT_S)
    step_s = known[0].step_s
    row = {one.slot: one.ueur_mwh for one in known}
    slots = [start // SLOT_S for start in starts_of(before, step_s)]
    # A price of the last day that waits for a person leaves a hole: the one before it, or the first known, fills it.
    filled: list[int] = []
    for slot in slots:
        filled.append(row.get(slot, filled[-1] if filled else known[0].ueur_mwh))
    return _prices_of(repeat_day(PriceDay(before, step_s, {zone: tuple(filled)}), day), FORECAST)


def _day_of(slot: int) -> date:
    return datetime.fromtimestamp(slot * SLOT_S, UTC).astimezone(ZoneInfo(MARKET_ZONE)).date()
