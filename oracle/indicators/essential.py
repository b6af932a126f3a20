"""Level 1 of the dashboard, what is essential (ENEA report §4.3.9): each widget is one function."""

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import func, select

from gettone.db.repositories.holdings import OPEN_END_SLOT, HeldChannel
from gettone.db.tables import Device, DeviceContract
from gettone.metering.calendar.slots import HOUR_S, Resolution
from gettone.metering.indicators.arithmetic import rhe
from gettone.metering.indicators.comparison import DateRange
from gettone.metering.indicators.curves import DayProfile, day_profiles
from gettone.metering.indicators.figures import against_bp, intensity_per_m2_wh, intensity_per_person_wh
from gettone.types import Direction
from oracle.indicators.asking import Asking
from oracle.indicators.summary import series
from oracle.indicators.viewer import last_days
from oracle.indicators.widget import Cell, Column, Unit, Widget, withheld

WEEK_DAYS = 7
MONTHS = 12

CARD = (Column("indicator", Unit.TEXT), Column("value", Unit.BY_ROW), Column("unit", Unit.TEXT))
CURVE = (
    Column("period", Unit.LABEL),
    Column("load", Unit.W),
    Column("production", Unit.W),
    Column("withdrawn", Unit.W),
    Column("injected", Unit.W),
    Column("self", Unit.W),
)
CONSUMPTION = (
    Column("period", Unit.LABEL),
    Column("load", Unit.WH),
    Column("mean_day", Unit.WH),
    Column("change_previous", Unit.BP),
    Column("per_person", Unit.WH),
    Column("per_m2", Unit.WH),
)
PROFILES = (
    Column("season", Unit.TEXT),
    Column("day_type", Unit.TEXT),
    Column("time", Unit.LABEL),
    *(Column(key, Unit.WH) for key in ("minimum", "maximum", "mean", "deviation")),
)
RATES = (
    Column("period", Unit.LABEL),
    Column("self_consumption", Unit.BP),
    Column("self_sufficiency", Unit.BP),
    Column("self", Unit.WH),
    Column("shared", Unit.WH),
)


def community_card(asking: Asking) -> Widget:
    """Residents, members by kind, devices by use, plants and their power, from the registers."""
    registry = asking.query.registry
    current = held_at_end(asking)
    members = {one.member_id for one in current}
    people = [one.people for one in registry.members if one.member_id in members]
    kinds = Counter(one.kind for one in registry.members if one.member_id in members)
    plants = {one.device_id for one in current if one.direction is Direction.PRODUCTION}
    device_ids = {one.device_id for one in current}
    powers = [power_w for device_id, power_w in plant_powers_w(asking).items() if device_id in device_ids]
    known = sum(one for one in people if one is not None)
    rows: list[tuple[Cell, ...]] = [
        ("members", len(members), "count"),
        ("residents", known if any(one is not None for one in people) else None, "count"),
        *((f"kind_{kind}", number, "count") for kind, number in sorted(kinds.items())),
        *((f"use_{use}", number, "count") for use, number in sorted(_uses(asking, device_ids).items())),
        ("plants", len(plants), "count"),
        ("plant_power", sum(powers) if powers else None, "W"),
    ]
    return Widget("community_card", CARD, tuple(rows))


def load_last_week(asking: Asking) -> Widget:
    """K1: load of the last seven days with production on top, in every metering slot."""
    week = last_days(asking.asked, WEEK_DAYS)
    reason = asking.fine_reason(week)
    if reason:
        return withheld("load_last_week", CURVE, reason)
    by_slot = asking.query.totals(week, Resolution.SLOT, asking.member_id)
    flows = (
        by_slot.totals.load_wh,
        by_slot.totals.production_wh,
        by_slot.totals.withdrawn_wh,
        by_slot.totals.injected_wh,
        by_slot.totals.self_wh,
    )
    known = (by_slot.totals.known_slots[0] > 0).tolist()
    a_watt = HOUR_S // asking.query.registry.step_s
    powers = zip(*((flow[0] * a_watt).tolist() for flow in flows), strict=True)
    rows = tuple(
        (label, *(power if there else (None,) * len(flows)))
        for label, power, there in zip(by_slot.labels, powers, known, strict=True)
    )
    return Widget("load_last_week", CURVE, rows, *trust_of(asking, week))


def consumption(asking: Asking) -> Widget:
    """K15, K16: consumption of the twelve months to the end of the range, with the mean day and its change."""
    end = asking.asked.end if not asking.fine_reason(asking.asked) else asking.asked.end.replace(day=1)
    first = months_before(end, MONTHS + 1)
    months = DateRange(first, end)
    reason = asking.whole_reason(months)
    if reason:
        return withheld("consumption", CONSUMPTION, reason)
    by_month = asking.query.totals(months, Resolution.MONTH, asking.member_id).totals
    home = _home(asking)
    rows: list[tuple[Cell, ...]] = []
    before: int | None = None
    for at, load_wh in enumerate(by_month.load_wh[0].tolist()):
        following = min(_month_end(first), end)
        mean_wh = rhe(load_wh, (following - first).days) if by_month.expected[0, at] else None
        if mean_wh is not None and at:
            label = f"{first:%Y-%m}"
            rows.append((label, load_wh, mean_wh, against_bp(mean_wh, before), *_intensities(load_wh, home)))
        first, before = following, mean_wh
    return Widget("consumption", CONSUMPTION, tuple(rows), *trust_of(asking, months))


def day_type_profiles(asking: Asking) -> Widget:
    """K3: work and non-work days by season, with least, greatest, mean and deviation at every time of day."""
    reason = asking.fine_reason(asking.asked)
    if reason:
        return withheld("day_type_profiles", PROFILES, reason)
    curve = asking.curve
    profiles = day_profiles(curve.load_wh, curve.known, curve.calendar)[0]
    rows = tuple(row for profile in profiles for row in _profile_rows(profile, curve.calendar.step_s))
    return Widget("day_type_profiles", PROFILES, rows, *trust_of(asking, asking.asked))


def daily_rates(asking: Asking) -> Widget:
    """K5, K6: self-consumption and self-sufficiency day by day."""
    by_day = series(asking, Resolution.DAY)
    if by_day.withheld:
        return withheld("daily_rates", RATES, by_day.withheld)
    places = [next(at for at, one in enumerate(by_day.columns) if one.key == column.key) for column in RATES]
    rows = tuple(tuple(row[place] for place in places) for row in by_day.rows)
    return Widget("daily_rates", RATES, rows, by_day.coverage_bp, by_day.measured_bp, by_day.provisional)


def held_at_end(asking: Asking) -> tuple[HeldChannel, ...]:
    """The channels that members hold in the last slot of the range."""
    last_slot = asking.slots_of(asking.asked)[1] - 1
    return tuple(one for one in asking.query.registry.held if one.from_slot <= last_slot < one.to_slot)


def plant_powers_w(asking: Asking) -> dict[int, int]:
    """Peak power [W] of each plant in force in the last slot of the range, by device, where it is registered."""
    slot = asking.slots_of(asking.asked)[1] - 1
    query = select(DeviceContract.device_id, DeviceContract.plant_peak_w).where(
        DeviceContract.plant_peak_w.is_not(None),
        DeviceContract.valid_from <= slot,
        func.coalesce(DeviceContract.valid_to, OPEN_END_SLOT) > slot,
    )
    with asking.database.read() as connection:
        return {device_id: peak_w or 0 for device_id, peak_w in connection.execute(query)}


def _uses(asking: Asking, device_ids: set[int]) -> Counter[str]:
    query = select(Device.device_id, Device.use_type).where(Device.use_type.is_not(None))
    with asking.database.read() as connection:
        return Counter(str(use) for device_id, use in connection.execute(query) if device_id in device_ids)


def _home(asking: Asking) -> tuple[int | None, int | None]:
    """People and area of the member's home; of a community the people, if they are known of every member."""
    members = asking.query.registry.members
    if asking.member_id is not None:
        facts = members[asking.query.row_of(asking.member_id)]
        return facts.people, facts.area_dm2
    people = [one.people for one in members if one.people is not None]
    return (sum(people) if people and len(people) == len(members) else None), None


def _intensities(load_wh: int, home: tuple[int | None, int | None]) -> tuple[Cell, Cell]:
    return intensity_per_person_wh(load_wh, home[0]), intensity_per_m2_wh(load_wh, home[1])


def months_before(end: date, months: int) -> date:
    """The first day of the month that lies so many months before the one of the last day of a range."""
    number = (end - timedelta(days=1)).year * 12 + (end - timedelta(days=1)).month - 1 - (months - 1)
    return date(number // 12, number % 12 + 1, 1)


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _profile_rows(profile: DayProfile, step_s: int) -> list[tuple[Cell, ...]]:
    curves = (profile.minimum, profile.maximum, profile.mean, profile.deviation)
    kind = "work_days" if profile.work_days else "free_days"
    return [
        (profile.season, kind, clock_text(position * step_s), *figures)
        for position, figures in enumerate(zip(*(one.values_wh for one in curves), strict=True))
    ]


def clock_text(second: int) -> str:
    """A time of day: `07:15`."""
    return f"{second // HOUR_S:02d}:{second % HOUR_S // 60:02d}"


def trust_of(asking: Asking, asked: DateRange) -> tuple[int | None, int | None, bool]:
    """Coverage and measured part of a range [bp], and whether its figures are provisional."""
    trust = asking.query.figures(asked, asking.member_id).trust
    return trust.coverage_bp, trust.measured_bp, trust.provisional
