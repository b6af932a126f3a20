"""The figures of one member or community over one range, from its totals: K4 to K8, K11, K12, K14 to K16, K18."""

from collections.abc import Mapping
from dataclasses import dataclass

from gettone.metering.indicators.arithmetic import change_bp, ratio_bp, rhe
from gettone.metering.indicators.band_shares import BandShares, shares_of
from gettone.rewards.self_consumption import UWH_PER_WH

PROVISIONAL_BELOW_BP = 9_000
_MG_PER_G = 1_000


@dataclass(frozen=True, slots=True)
class Trust:
    """How far figures can be trusted: parts of the expected time with a value, and with a measured one."""

    coverage_bp: int | None
    measured_bp: int | None

    @property
    def provisional(self) -> bool:
        """Below 9,000 bp coverage figures are provisional; so they are where nothing was expected."""
        return self.coverage_bp is None or self.coverage_bp < PROVISIONAL_BELOW_BP


@dataclass(frozen=True, slots=True)
class Figures:
    """Indicators of one range; energies in Wh, ratios in basis points, None where a ratio has no denominator.

    self_wh, self_consumption_bp, self_sufficiency_bp, production_to_load_bp: K4 to K7.
    shared_wh: K8, of a community S, of a member the own part as consumer; shared_produced_wh: as producer.
    max_wh, max_slot, min_wh, min_slot: K11 as energies of a slot (K1 makes them power).  load_factor_bp: K12.
    bands: K14.  mean_day_wh: K15.  co2_wh: the energy that K18 multiplies.
    """

    load_wh: int
    production_wh: int
    withdrawn_wh: int
    injected_wh: int
    self_wh: int
    self_consumption_bp: int | None
    self_sufficiency_bp: int | None
    production_to_load_bp: int | None
    shared_wh: int
    shared_produced_wh: int
    max_wh: int | None
    max_slot: int | None
    min_wh: int | None
    min_slot: int | None
    load_factor_bp: int | None
    bands: BandShares
    mean_day_wh: int
    co2_wh: int
    trust: Trust


def figures_of(totals: Mapping[str, int], days: int, band_slots: tuple[int, ...], *, is_community: bool) -> Figures:
    """Figures of the totals of one row and bucket (`BucketTotals.cell`), which spans `days` local days.

    `band_slots` counts the slots of the range in F1, F2, F3.
    """
    load, production, own = totals["load_wh"], totals["production_wh"], totals["self_wh"]
    shared = totals["shared_wh"] if is_community else totals["consumer_uwh"] // UWH_PER_WH
    known = totals["known_slots"] > 0
    return Figures(
        load,
        production,
        totals["withdrawn_wh"],
        totals["injected_wh"],
        own,
        ratio_bp(own, production),
        ratio_bp(own, load),
        ratio_bp(production, load),
        shared,
        totals["producer_uwh"] // UWH_PER_WH,
        totals["max_wh"] if known else None,
        totals["max_slot"] if known else None,
        totals["min_wh"] if known else None,
        totals["min_slot"] if known else None,
        ratio_bp(load, totals["known_slots"] * totals["max_wh"]),
        shares_of((totals["f1_wh"], totals["f2_wh"], totals["f3_wh"]), band_slots),
        rhe(load, days),
        own if is_community else own + shared,
        Trust(
            ratio_bp(totals["covered"], totals["expected"]),
            ratio_bp(totals["measured"], totals["expected"]),
        ),
    )


def intensity_per_person_wh(load_wh: int, people: int | None) -> int | None:
    """K16 per person [Wh], None while the people of the home are unknown.

    >>> intensity_per_person_wh(396_195, 3)
    132065
    """
    return rhe(load_wh, people) if people else None


def intensity_per_m2_wh(load_wh: int, area_dm2: int | None) -> int | None:
    """K16 per square metre [Wh], None while the area is unknown.

    >>> intensity_per_m2_wh(396_195, 8_500)
    4661
    """
    return rhe(100 * load_wh, area_dm2) if area_dm2 else None


def against_bp(own_wh: int, reference_wh: int | None) -> int | None:
    """K15, K17: how far above a reference, in basis points; None without one.

    >>> against_bp(120, 100), against_bp(120, None)
    (2000, None)
    """
    return None if reference_wh is None else change_bp(own_wh, reference_wh)


def co2_g(energy_wh: int, factor_mg_per_wh: int | None) -> int | None:
    """K18: carbon dioxide avoided [g]; None without an emission factor.

    >>> co2_g(1_457_968, 300), co2_g(1_457_968, None)
    (437390, None)
    """
    return None if factor_mg_per_wh is None else rhe(energy_wh * factor_mg_per_wh, _MG_PER_G)
