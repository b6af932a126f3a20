"""All indicators of a range in one table, and the same by slot, hour, day, week, month or year."""

from gettone.db.columns import SLOT_S
from gettone.metering.calendar.slots import HOUR_S, Resolution, SlotCalendar
from gettone.metering.indicators.figures import (
    Figures,
    co2_g,
    figures_of,
    intensity_per_m2_wh,
    intensity_per_person_wh,
)
from oracle.indicators.asking import Asking
from oracle.indicators.comparisons import (
    against_community_bp,
    against_norm_bp,
    against_similar_bp,
    change_to_last_year_bp,
    change_to_previous_bp,
    norm_note,
)
from oracle.indicators.query import TotalsByBucket
from oracle.indicators.widget import Cell, Column, Unit, Widget, withheld

Row = tuple[str, Cell, str]

SUMMARY = (Column("indicator", Unit.TEXT), Column("value", Unit.BY_ROW), Column("unit", Unit.TEXT))
SERIES = (
    Column("period", Unit.LABEL),
    Column("load", Unit.WH),
    Column("production", Unit.WH),
    Column("withdrawn", Unit.WH),
    Column("injected", Unit.WH),
    Column("self", Unit.WH),
    Column("shared", Unit.WH),
    Column("self_consumption", Unit.BP),
    Column("self_sufficiency", Unit.BP),
    Column("max_power", Unit.W),
    Column("coverage", Unit.BP),
    Column("measured", Unit.BP),
)
_FINE = (Resolution.SLOT, Resolution.HOUR, Resolution.DAY, Resolution.WEEK)
_WH, _W, _BP, _COUNT, _LABEL = (one.value for one in (Unit.WH, Unit.W, Unit.BP, Unit.COUNT, Unit.LABEL))


def summary(asking: Asking) -> Widget:
    """K4 to K18 and K22 of the range; ratios without a denominator, and figures without a basis, are null."""
    reason = asking.whole_reason(asking.asked)
    if reason:
        return withheld("summary", SUMMARY, reason)
    figures = asking.figures
    shape = [] if asking.fine_reason(asking.asked) else _shape(asking)
    parts = (_energies(figures), shape, _bands(figures), _consumption(asking), _carbon_and_tokens(asking))
    trust, factor = figures.trust, asking.factor()
    notes = () if factor is None else (("factor", (factor.mg_per_wh, factor.source, factor.year)),)
    return Widget(
        "summary",
        SUMMARY,
        tuple(row for part in parts for row in part),
        trust.coverage_bp,
        trust.measured_bp,
        trust.provisional,
        notes=((f"basis_{basis_of(asking)}", ()), *notes, *norm_note(asking)),
    )


def series(asking: Asking, resolution: Resolution) -> Widget:
    """Energies and rates by bucket of a resolution."""
    reason = (asking.fine_reason if resolution in _FINE else asking.whole_reason)(asking.asked)
    if reason:
        return withheld("series", SERIES, reason)
    by_bucket = asking.query.totals(asking.asked, resolution, asking.member_id)
    step_s = asking.query.registry.step_s
    rows = tuple(_bucket(by_bucket, at, step_s) for at in range(len(by_bucket.labels)))
    trust = asking.figures.trust
    return Widget("series", SERIES, rows, trust.coverage_bp, trust.measured_bp, trust.provisional)


def basis_of(asking: Asking) -> str:
    """`physical` with a production meter among the channels, else `grid`."""
    return "physical" if bool(asking.curve.energies.has_plant[0]) else "grid"


def slot_text(asking: Asking, slot: int) -> str:
    """The local time at which a slot begins, with its offset."""
    registry = asking.query.registry
    one = SlotCalendar(slot, slot + 1, SLOT_S, registry.community.tz, registry.rules)
    return one.buckets(Resolution.SLOT).labels[0]


def _bucket(by_bucket: TotalsByBucket, at: int, step_s: int) -> tuple[Cell, ...]:
    figures = figures_of(by_bucket.totals.cell(0, at), 1, (1, 1, 1), is_community=by_bucket.is_community)
    return (
        by_bucket.labels[at],
        figures.load_wh,
        figures.production_wh,
        figures.withdrawn_wh,
        figures.injected_wh,
        figures.self_wh,
        figures.shared_wh,
        figures.self_consumption_bp,
        figures.self_sufficiency_bp,
        None if figures.max_wh is None else figures.max_wh * HOUR_S // step_s,
        figures.trust.coverage_bp,
        figures.trust.measured_bp,
    )


def _energies(figures: Figures) -> list[Row]:
    return [
        ("load", figures.load_wh, _WH),
        ("production", figures.production_wh, _WH),
        ("withdrawn", figures.withdrawn_wh, _WH),
        ("injected", figures.injected_wh, _WH),
        ("self", figures.self_wh, _WH),
        ("self_consumption", figures.self_consumption_bp, _BP),
        ("self_sufficiency", figures.self_sufficiency_bp, _BP),
        ("production_to_load", figures.production_to_load_bp, _BP),
        ("shared", figures.shared_wh, _WH),
    ]


def _shape(asking: Asking) -> list[Row]:
    curve = asking.curve
    shape = asking.query.shape(curve)
    quarters = curve.calendar.step_s // SLOT_S
    times = [
        None if at is None else slot_text(asking, curve.calendar.from_slot + at * quarters)
        for at in (shape.max_slot, shape.min_slot)
    ]
    return [
        ("peak_limit", shape.peak_limit_wh, _WH),
        ("peaks", shape.peaks, _COUNT),
        ("peak_excess", shape.peak_excess_wh, _WH),
        ("base", shape.base_wh, _WH),
        ("base_share", shape.base_share_bp, _BP),
        ("max_power", shape.max_w, _W),
        ("max_at", times[0], _LABEL),
        ("min_power", shape.min_w, _W),
        ("min_at", times[1], _LABEL),
        ("load_factor", shape.load_factor_bp, _BP),
        *_coincidence(asking),
    ]


def _coincidence(asking: Asking) -> list[Row]:
    """K13: the factor of the community, or what a member drew in the community's peak."""
    if asking.community_reason(asking.asked):
        return []
    found = asking.query.coincidence(asking.asked)
    if asking.member_id is None:
        return [("coincidence", None if found is None else found.factor_bp, _BP)]
    own = None if found is None else found.member_wh[asking.query.row_of(asking.member_id)]
    return [("load_in_peak", own, _WH)]


def _bands(figures: Figures) -> list[Row]:
    bands = figures.bands
    rows: list[Row] = []
    for number, energy_wh in enumerate(bands.energy_wh):
        rows.append((f"f{number + 1}", energy_wh, _WH))
        rows.append((f"f{number + 1}_share", bands.share_bp[number], _BP))
        rows.append((f"f{number + 1}_normalised", bands.normalised_bp[number], _BP))
    return rows


def _consumption(asking: Asking) -> list[Row]:
    rows: list[Row] = [
        ("mean_day", asking.figures.mean_day_wh, _WH),
        ("change_previous", change_to_previous_bp(asking), _BP),
        ("change_last_year", change_to_last_year_bp(asking), _BP),
    ]
    load_wh, registry = asking.figures.load_wh, asking.query.registry
    if asking.member_id is None:
        people = [one.people for one in registry.members]
        known = sum(one for one in people if one is not None) if None not in people else None
        return [*rows, ("per_person", intensity_per_person_wh(load_wh, known), _WH)]
    facts = registry.members[asking.query.row_of(asking.member_id)]
    return [
        *rows,
        ("per_person", intensity_per_person_wh(load_wh, facts.people), _WH),
        ("per_m2", intensity_per_m2_wh(load_wh, facts.area_dm2), _WH),
        ("against_community", against_community_bp(asking), _BP),
        ("against_similar", against_similar_bp(asking), _BP),
        ("against_norm", against_norm_bp(asking), _BP),
    ]


def _carbon_and_tokens(asking: Asking) -> list[Row]:
    factor, tokens = asking.factor(), asking.tokens()
    mg_per_wh = None if factor is None else factor.mg_per_wh
    # A token has 18 digits: its amounts are text for programs, as in every document of the project.
    return [
        ("co2", co2_g(asking.figures.co2_wh, mg_per_wh), Unit.GRAM.value),
        ("tokens_earned", str(tokens.earned_units), Unit.TOKENS.value),
        ("tokens_pending", str(tokens.pending_units), Unit.TOKENS.value),
    ]
