"""Level 2 of the dashboard, for those who look closer (ENEA report §4.3.9): each widget is one function."""

from datetime import timedelta

import numpy as np

from gettone.metering.calendar.slots import HOUR_S, SLOT_S, Resolution, day_date
from gettone.metering.indicators.anomalies import REFERENCE_DAYS, daily_anomalies
from gettone.metering.indicators.arithmetic import rhe
from gettone.metering.indicators.comparison import DateRange
from gettone.metering.indicators.curves import mean_day
from gettone.metering.indicators.ranking import own_percentile_bp, ranked
from oracle.indicators.asking import Asking
from oracle.indicators.comparisons import community_mean_wh, norm_note, norm_wh
from oracle.indicators.essential import MONTHS, WEEK_DAYS, clock_text, months_before, trust_of
from oracle.indicators.registry import day_number
from oracle.indicators.summary import slot_text
from oracle.indicators.viewer import Role, last_days
from oracle.indicators.widget import Cell, Column, Unit, Widget, withheld

MEAN_LOAD = (
    Column("time", Unit.LABEL),
    *(Column(key, Unit.WH) for key in ("last_week", "week_before", "community_week")),
)
REFERENCES = (Column("indicator", Unit.TEXT), Column("value", Unit.BY_ROW), Column("unit", Unit.TEXT))
EXTREMES = (
    Column("period", Unit.LABEL),
    Column("max_power", Unit.W),
    Column("max_at", Unit.LABEL),
    Column("min_power", Unit.W),
    Column("min_at", Unit.LABEL),
)
BANDS = (
    Column("band", Unit.TEXT),
    Column("energy", Unit.WH),
    Column("share", Unit.BP),
    Column("normalised", Unit.BP),
)
ANOMALIES = (Column("period", Unit.LABEL), Column("slots_outside", Unit.COUNT), Column("anomalous", Unit.TEXT))
RANKING = (Column("place", Unit.COUNT), Column("member", Unit.TEXT), Column("mean_month", Unit.WH))


def mean_load(asking: Asking) -> Widget:
    """K2: the mean day of the last week, of the week before, and of the community's mean member."""
    week = last_days(asking.asked, WEEK_DAYS)
    before = DateRange(week.first - timedelta(days=WEEK_DAYS), week.first)
    reason = asking.fine_reason(DateRange(before.first, week.end))
    if reason:
        return withheld("mean_load", MEAN_LOAD, reason)
    own = [_mean_day(asking, one, asking.member_id) for one in (week, before)]
    others: tuple[int | None, ...] = (None,) * len(own[0])
    members = _present(asking, week)
    if asking.member_id is not None and members and not asking.community_reason(week):
        others = tuple(None if one is None else rhe(one, members) for one in _mean_day(asking, week, None))
    step_s = asking.query.registry.step_s
    rows = tuple((clock_text(at * step_s), *values) for at, values in enumerate(zip(*own, others, strict=True)))
    return Widget("mean_load", MEAN_LOAD, rows, *trust_of(asking, week))


def mean_power(asking: Asking) -> Widget:
    """K17: mean power of the range beside the community's mean member and the norm of such a household."""
    first, end = asking.slots_of(asking.asked)
    hours = (end - first) * SLOT_S // HOUR_S
    reason = asking.whole_reason(asking.asked)
    if reason:
        return withheld("mean_power", REFERENCES, reason)
    energies = (
        ("own_mean_power", asking.figures.load_wh),
        ("community_mean_power", community_mean_wh(asking)),
        ("norm_mean_power", norm_wh(asking)),
    )
    rows = tuple((key, None if wh is None else rhe(wh, hours), Unit.W.value) for key, wh in energies)
    return Widget("mean_power", REFERENCES, rows, *trust_of(asking, asking.asked), notes=norm_note(asking))


def extremes(asking: Asking) -> Widget:
    """K11: greatest and least power of the twelve months to the end of the range, with their times."""
    months = DateRange(months_before(asking.asked.end, MONTHS), asking.asked.end)
    reason = asking.fine_reason(months)
    if reason:
        return withheld("extremes", EXTREMES, reason)
    by_month = asking.query.totals(months, Resolution.MONTH, asking.member_id)
    a_watt = HOUR_S // asking.query.registry.step_s
    rows: list[tuple[Cell, ...]] = []
    for at, label in enumerate(by_month.labels):
        cell = by_month.totals.cell(0, at)
        if cell["known_slots"]:
            times = (slot_text(asking, cell["max_slot"]), slot_text(asking, cell["min_slot"]))
            rows.append((label[:7], cell["max_wh"] * a_watt, times[0], cell["min_wh"] * a_watt, times[1]))
    return Widget("extremes", EXTREMES, tuple(rows), *trust_of(asking, months))


def bands_and_base(asking: Asking) -> Widget:
    """K14 and K10: energy by tariff band, made comparable by the hours of each, and the base load."""
    reason = asking.whole_reason(asking.asked)
    if reason:
        return withheld("bands_and_base", BANDS, reason)
    bands = asking.figures.bands
    table = zip(bands.energy_wh, bands.share_bp, bands.normalised_bp, strict=True)
    rows: list[tuple[Cell, ...]] = [(f"f{number}", *values) for number, values in enumerate(table, 1)]
    if not asking.fine_reason(asking.asked):
        shape = asking.query.shape(asking.curve)
        rows.append(("base", shape.base_wh, shape.base_share_bp, None))
    return Widget("bands_and_base", BANDS, tuple(rows), *trust_of(asking, asking.asked))


def anomalies(asking: Asking) -> Widget:
    """K20: days of the range on which many slots left the usual range of their time of day."""
    longer = DateRange(asking.asked.first - timedelta(days=REFERENCE_DAYS), asking.asked.end)
    reason = asking.fine_reason(longer)
    if reason:
        return withheld("anomalies", ANOMALIES, reason)
    curve = asking.query.curve(longer, asking.member_id)
    found = daily_anomalies(curve.load_wh[0], curve.known[0], curve.calendar, day_number(asking.asked.first))
    rows = tuple(
        (day_date(one.day).isoformat(), one.slots, "yes" if one.is_anomalous else "no") for one in found if one.slots
    )
    return Widget("anomalies", ANOMALIES, rows, *trust_of(asking, asking.asked))


def ranking(asking: Asking) -> Widget:
    """K19: for admins all members by pseudonym; for a member the own percentile, if the member asked for it."""
    means = _monthly_means(asking)
    if asking.member_id is None:
        if asking.viewer.role not in (Role.ADMIN, Role.AUDITOR):
            return withheld("ranking", RANKING, "not_permitted")
        places = enumerate(ranked(means), 1)
        rows: tuple[tuple[Cell, ...], ...] = tuple((place, member_id[:8], wh) for place, (member_id, wh) in places)
        return Widget("ranking", RANKING, rows)
    if asking.viewer.role is Role.MEMBER and asking.member_id not in asking.ranked:
        return withheld("own_percentile", REFERENCES, "no_consent")
    own = own_percentile_bp(means, asking.member_id) if asking.member_id in means else None
    return Widget("own_percentile", REFERENCES, (("own_percentile", own, Unit.BP.value),))


def _monthly_means(asking: Asking) -> dict[str, int]:
    """Mean of the months of the range [Wh] of every member who had a meter; a range within a month is one month."""
    first, last = asking.asked.first, asking.asked.end - timedelta(days=1)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    figures = asking.query.members_figures(asking.asked)
    return {
        member_id: rhe(one.load_wh, months) for member_id, one in figures.items() if one.trust.coverage_bp is not None
    }


def _mean_day(asking: Asking, asked: DateRange, member_id: str | None) -> tuple[int | None, ...]:
    curve = asking.query.curve(asked, member_id)
    return mean_day(curve.load_wh, curve.known, curve.calendar)[0].values_wh


def _present(asking: Asking, asked: DateRange) -> int:
    """Members who had a meter in a range."""
    expected = asking.query.days(asked).members.merged(np.array([0])).expected
    return int(np.count_nonzero(expected))
