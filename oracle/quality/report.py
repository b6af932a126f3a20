"""`readings quality`: coverage, gaps, anomalies and quarantine of a community over a period, one line per channel."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from gettone.db.columns import SLOT_S
from gettone.db.repositories.communities import Communities
from gettone.db.repositories.gate_facts import GateTables
from gettone.db.repositories.quality_rows import (
    DayRow,
    GapRow,
    HeldChannel,
    OpenAnomaly,
    QualityRows,
    WaitingRow,
)
from gettone.metering.gate.decision import permille
from gettone.periods import local_date, parse_period, utc_text
from gettone.types import SettlementPeriod

_EPOCH = date(1970, 1, 1)
COUNTED = ("expected", "actual", "estimated", "substituted", "quarantined")


@dataclass(frozen=True, slots=True)
class QualityLine:
    """One channel of one member over a period: counts of native slots, closed days only; codes with their number.

    missing: expected and neither measured, estimated, substituted nor in quarantine.  days_open: local days that
    were not closed yet, whose slots are in no count.
    """

    member_id: str
    channel_id: int
    direction: int
    step_s: int
    expected: int
    actual: int
    estimated: int
    substituted: int
    quarantined: int
    missing: int
    permille: int
    days_open: int
    gaps: int
    long_gaps: int
    anomalies: dict[str, int]


@dataclass(frozen=True, slots=True)
class QualityReport:
    """The lines by member and channel, what waits for a person, and what is said of flows as a whole."""

    community: str
    period: SettlementPeriod
    lines: tuple[QualityLine, ...]
    waiting: tuple[WaitingRow, ...]
    flow_anomalies: tuple[OpenAnomaly, ...]

    def to_document(self) -> dict[str, Any]:
        """The report for programs: instants in UTC, no outside id."""
        return {
            "community": self.community,
            "period_start": utc_text(self.period.start_s),
            "period_end": utc_text(self.period.end_s),
            "lines": [asdict(one) for one in self.lines],
            "waiting": [_waiting(one) for one in self.waiting],
            "flows": [
                {"flow_id": one.flow_id, "code": one.code, "first": utc_text(one.first_slot * SLOT_S)}
                for one in self.flow_anomalies
            ],
        }


def report_quality(
    connection: Connection, community: str, period: str, *, member: str | None = None, channel_id: int | None = None
) -> QualityReport:
    """The quality of the readings of `period` (as people write it), of all members or of one, or of one channel.

    `member` is a pseudonym or its first digits.  MissingInput for an unknown community or member.
    """
    found = Communities(connection).get(community)
    wanted = parse_period(period, found.tz)
    only = None if member is None else Communities(connection).member(found.community_id, member).member_id
    slots = (wanted.start_s // SLOT_S, wanted.end_s // SLOT_S)
    rows = QualityRows(connection, *slots)
    held = [
        one
        for one in rows.held_channels(found.community_id)
        if only in (None, one.member_id) and channel_id in (None, one.channel_id)
    ]
    ids = sorted({one.channel_id for one in held})
    days = _days(wanted)
    closed = rows.days(ids, days.start, days.stop)
    flows = () if only or channel_id else GateTables(connection, found.community_id, *slots).flow_ids
    anomalies = rows.anomalies(ids, flows)
    lines = _lines(held, wanted, closed, rows.gaps(ids), anomalies)
    of_flows = tuple(one for one in anomalies if one.channel_id is None)
    return QualityReport(community, wanted, lines, rows.waiting(ids), of_flows)


def _lines(
    held: Iterable[HeldChannel],
    period: SettlementPeriod,
    closed: Iterable[DayRow],
    gaps: Iterable[GapRow],
    anomalies: Iterable[OpenAnomaly],
) -> tuple[QualityLine, ...]:
    by_day = {(one.channel_id, one.local_day): one for one in closed}
    gaps, anomalies = list(gaps), list(anomalies)
    return tuple(_line(one, _days_of(one, period), by_day, gaps, anomalies) for one in held)


def _line(
    held: HeldChannel,
    days: range,
    by_day: dict[tuple[int, int], DayRow],
    gaps: list[GapRow],
    anomalies: list[OpenAnomaly],
) -> QualityLine:
    closed = [row for day in days if (row := by_day.get((held.channel_id, day))) is not None]
    counts = {name: sum(getattr(row, name) for row in closed) for name in COUNTED}
    inside = [one for one in gaps if one.channel_id == held.channel_id and _inside(held, one.first_slot)]
    codes = Counter(one.code for one in anomalies if one.channel_id == held.channel_id)
    return QualityLine(
        member_id=held.member_id,
        channel_id=held.channel_id,
        direction=held.direction,
        step_s=held.step_s,
        missing=counts["expected"] - sum(counts[name] for name in COUNTED[1:]),
        permille=permille(counts["actual"], counts["expected"]),
        days_open=len(days) - len(closed),
        gaps=len(inside),
        long_gaps=sum(one.state == "long" for one in inside),
        anomalies=dict(sorted(codes.items())),
        **counts,
    )


def _days(period: SettlementPeriod) -> range:
    """Local days of a period, counted from 1970-01-01."""
    first, end = (local_date(instant_s, period.timezone) for instant_s in (period.start_s, period.end_s))
    return range((first - _EPOCH).days, (end - _EPOCH).days)


def _days_of(held: HeldChannel, period: SettlementPeriod) -> range:
    """The local days that touch a holding: the day of a handover stands in the lines of both."""
    days = _days(period)
    first = (local_date(held.from_slot * SLOT_S, period.timezone) - _EPOCH).days
    last = (local_date(held.to_slot * SLOT_S - 1, period.timezone) - _EPOCH).days
    return range(max(first, days.start), min(last + 1, days.stop))


def _inside(held: HeldChannel, slot: int) -> bool:
    return held.from_slot <= slot < held.to_slot


def _waiting(one: WaitingRow) -> dict[str, Any]:
    return one._asdict() | {"at": utc_text(one.slot * SLOT_S)}
