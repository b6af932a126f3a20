"""The job that writes a community's month as UrbanDataset, with what the rules of disclosure allow."""

from datetime import date, timedelta

from gettone.db.engine import Database
from gettone.errors import InputError, MissingInput
from gettone.metering.calendar.slots import Resolution
from gettone.metering.indicators.bucket_totals import BucketTotals
from gettone.metering.indicators.comparison import DateRange
from gettone.periods import load_zone, midnight_s
from oracle.exports.kpi_dataset import HOUR_S, LEAST_MEMBERS, Totals, kpi_dataset
from oracle.indicators.query import IndicatorQuery
from oracle.indicators.viewer import Role, Viewer, disclosure

# Property of the data set -> column of the totals.
_COLUMNS = {
    "WithdrawnEnergy": "withdrawn_wh",
    "InjectedEnergy": "injected_wh",
    "SharedEnergy": "shared_wh",
    "LoadEnergy": "load_wh",
    "ProducedEnergy": "production_wh",
    "SelfConsumedEnergy": "self_wh",
}


def export_month(database: Database, community: str, month: str, *, producer: str, made_at_s: int) -> bytes:
    """The data set of a local month, as `2016-09`: its totals, and those of its hours from eight members on.

    Hours stand in it only where at least eight members are behind every total of the month; hours in which nothing
    is known are left out.  Raises InputError for another period, MissingInput for a month without any reading.
    """
    asked = _dates(month)
    query = IndicatorQuery(database, community)
    zone = load_zone(query.registry.community.tz)
    start_s, end_s = midnight_s(asked.first, zone), midnight_s(asked.end, zone)
    whole = query.totals(asked, Resolution.MONTH, None).totals
    if not whole.known_slots.sum():
        raise MissingInput("month_without_readings", f"community {community!r} has no reading in {month}")
    members = len(query.registry.member_ids)
    shown = disclosure(query, Viewer(Role.PUBLIC), asked, frozenset())
    hours: list[Totals] = []
    if shown.slots and members >= LEAST_MEMBERS:
        hours = _hours(query.totals(asked, Resolution.HOUR, None).totals, start_s, end_s)
    return kpi_dataset(
        community, members, _totals(whole, 0, start_s, end_s), hours, producer=producer, made_at_s=made_at_s
    )


def _dates(month: str) -> DateRange:
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise InputError("period_syntax", f"{month!r} is no month: write it as 2016-09") from None
    return DateRange(first, (first + timedelta(days=31)).replace(day=1))


def _hours(totals: BucketTotals, start_s: int, end_s: int) -> list[Totals]:
    """The hours of the month in which something is known; there are as many as the month is long."""
    known = totals.known_slots[0]
    if len(known) * HOUR_S != end_s - start_s:
        raise InputError(
            "hours_of_month",
            f"the month has {len(known)} hours by its clock and {(end_s - start_s) // HOUR_S} in UTC: "
            "its time zone is not a whole number of hours from UTC",
        )
    return [
        _totals(totals, at, start_s + at * HOUR_S, start_s + (at + 1) * HOUR_S) for at in known.nonzero()[0].tolist()
    ]


def _totals(totals: BucketTotals, at: int, from_s: int, to_s: int) -> Totals:
    return Totals(from_s, to_s, {name: int(getattr(totals, column)[0, at]) for name, column in _COLUMNS.items()})
