"""A file of zonal prices into its table: days that stand, with an anomaly for each that does not (§7)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from gettone.db.engine import Database
from gettone.db.repositories.anomalies import Anomalies, Finding
from gettone.db.repositories.batches import Counters
from gettone.db.repositories.flows import FlowRow
from gettone.db.repositories.prices import PriceCounts, Prices, StoredPrice
from gettone.metering.codes import Code
from gettone.metering.registry import Registry
from gettone.metering.zonal_prices import MARKET_ZONE, PriceDay, beyond_bounds, starts_of
from oracle.prices import labelled_csv, market_xml
from oracle.prices.price_file import PriceFile, Reader
from oracle.sources.table_file import Refusal, Tabled

SLOT_S = 900
_READERS: dict[str, Reader] = {"price_csv": labelled_csv.read, "price_xml": market_xml.read}
PRICE_SYNTAXES = tuple(sorted(_READERS))
_REFUSED_DAY = (str(Code.X_DAYLEN), str(Code.R_SYNTAX))
_SEVERITIES = dict.fromkeys(_REFUSED_DAY, 2) | {str(Code.P_BOUND): 1}


def read_prices(_database: Database, payload: Path, flow: FlowRow) -> "PriceTable":
    """The prices of a file by the syntax of its flow; InputError with an F code for an unusable file."""
    return PriceTable(_READERS[flow.config.syntax](payload, flow.config))


@dataclass(frozen=True, slots=True)
class PriceTable:
    """A file of prices that was read: it speaks of no device."""

    found: PriceFile
    devices: tuple[str, ...] = ()

    def named(self, _rows: Collection[int]) -> dict[int, str]:
        """Nothing: prices name no device."""
        return {}

    def taking(self, _rows: Collection[int]) -> "PriceTable":
        """The same file: its days stand or fall whole, and none of its rows ever waits."""
        return self

    def store(self, connection: Connection, _registry: Registry, flow: FlowRow, batch_id: int) -> Tabled:
        """Store the days that stand; what is refused or waits for a person is kept, with an anomaly for each day.

        A day that stands closes the anomalies of its earlier refusals.
        """
        found = self.found
        prices = [price for day in found.days for price in prices_of(day, found.kind)]
        held = [one for one in prices if beyond_bounds(one.ueur_mwh)]
        kept = [(one.code, one.field, one.reason) for one in found.broken]
        kept += [(one.code, "", f"{one.day}: {one.reason}") for one in found.refused]
        waiting = [(Code.P_BOUND, one.zone, f"{one.zone} {one.slot} {one.ueur_mwh}") for one in held]
        refusals = [Refusal(number, *one) for number, one in enumerate([*kept, *waiting], 1)]
        decided = Prices(connection).decide([one for one in prices if not beyond_bounds(one.ueur_mwh)])
        Prices(connection).write(decided, batch_id)
        _close(Anomalies(connection), [one.day for one in found.days], flow.flow_id)
        Anomalies(connection).add(_findings(found, held, flow.flow_id), _SEVERITIES)
        counters = _counters(decided.counts, len(kept), len(held))
        return Tabled(counters, Counter(one.code for one in refusals), refusals, found.ignored)


def prices_of(day: PriceDay, kind: str) -> list[StoredPrice]:
    """The rows of a day."""
    slots = [start // SLOT_S for start in starts_of(day.day, day.step_s)]
    return [
        StoredPrice(zone, slot, day.step_s, ueur_mwh, kind)
        for zone, row in day.ueur_mwh.items()
        for slot, ueur_mwh in zip(slots, row, strict=True)
    ]


def day_of(slot: int) -> date:
    """The local day of the market in which a slot begins."""
    return datetime.fromtimestamp(slot * SLOT_S, UTC).astimezone(ZoneInfo(MARKET_ZONE)).date()


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
    for day in sorted({day_of(one.slot) for one in held}):
        slots = [one.slot for one in held if day_of(one.slot) == day]
        findings.append(Finding(None, flow_id, str(Code.P_BOUND), min(slots), max(slots), len(slots)))
    return findings


def _close(anomalies: Anomalies, days: list[date], flow_id: int) -> None:
    if not days:
        return
    firsts = {starts_of(day, SLOT_S).start // SLOT_S for day in days}
    known = anomalies.overlapping(_REFUSED_DAY, min(firsts), max(firsts), flow_ids=[flow_id])
    refused = [one for one in known if one.state == "open" and one.finding.first_slot in firsts]
    anomalies.change([one._replace(state="closed") for one in refused])
