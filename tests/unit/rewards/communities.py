"""Small communities for the tests of the rewards, and strategies that draw them."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from hypothesis import strategies as st

from gettone.periods import parse_period
from gettone.rewards.inputs import Community, Membership, Series
from gettone.rewards.model import Model, parse_model
from gettone.types import SettlementPeriod

DAY = parse_period("2026-01-15", "UTC")


def one_slot(withdrawn: Mapping[str, int], injected: Mapping[str, int]) -> Community:
    """One slot of one hour: energies [Wh] by member, each side on a register of its own."""
    signed = {f"{who}-w": (who, wh) for who, wh in withdrawn.items()}
    signed |= {f"{who}-j": (who, -wh) for who, wh in injected.items()}
    series = {name: Series(name, 3600, {DAY.start_s: wh}) for name, (_, wh) in signed.items()}
    memberships = tuple(Membership(who, name, None, None, 0, None) for name, (who, _) in signed.items())
    return Community(series, memberships, "none")


def device(who: str, name: str, readings: Mapping[int, int], **options: object) -> tuple[Membership, Series]:
    """One device of a member; options: interval_s, from_s, to_s, power_w, pod."""
    interval_s = int(str(options.pop("interval_s", 900)))
    bounds = {"from_s": None, "to_s": None, "power_w": 0, "pod": None} | options
    membership = Membership(who, name, bounds["from_s"], bounds["to_s"], bounds["power_w"], bounds["pod"])
    return membership, Series(name, interval_s, readings)


def community_of(*devices: tuple[Membership, Series], netting: str = "none") -> Community:
    """The community of some devices."""
    return Community({series.device: series for _, series in devices}, tuple(one for one, _ in devices), netting)


def every_slot(period: SettlementPeriod, wh: int, interval_s: int = 900) -> dict[int, int]:
    """The same energy [Wh] in every slot of a period."""
    return dict.fromkeys(range(period.start_s, period.end_s, interval_s), wh)


PERMILLE = st.integers(0, 1000)
UNITS = st.sampled_from([0, 1, 7, 1000, 1_000_003, 10**18, 10**21 + 7])


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Any model, in any mode, that the rules accept."""
    mode = draw(st.sampled_from(["pool", "rate"]))
    kind = draw(st.sampled_from(["self_consumption", "no_peaks", "combined"]))
    document: dict[str, object] = {"kind": kind, "mode": mode}
    if mode == "pool" or draw(st.booleans()):
        document["budget_units"] = draw(UNITS)
    sharing = {
        "slot_s": draw(st.sampled_from([900, 3600])),
        "consumer_share_permille": draw(PERMILLE),
        "rate_units_per_kwh": draw(UNITS),
    }
    peaks = draw(peak_parameters())
    if kind == "combined":
        name = draw(st.sampled_from(["self_consumption_weight_permille", "gate_permille"]))
        document |= {"combination": "gated" if name == "gate_permille" else "additive", name: draw(PERMILLE)}
        document |= {"self_consumption": sharing, "no_peaks": peaks}
    else:
        document |= sharing if kind == "self_consumption" else peaks
    return parse_model(document)


@st.composite
def peak_parameters(draw: st.DrawFn) -> dict[str, object]:
    """Parameters of model 2."""
    windows = st.sampled_from([[], [[18, 22]], [[0, 6], [7, 8], [22, 24]]])
    peaks: dict[str, object] = {
        "limit_mode": draw(st.sampled_from(["contract", "percentile"])),
        "threshold_permille": draw(st.integers(1, 1100)),
        "percentile_permille": draw(st.integers(500, 1000)),
        "limit_min_w": draw(st.sampled_from([0, 1000])),
        "penalty_permille": draw(st.sampled_from([1, 17, 250, 1000])),
        "completeness_permille": draw(st.sampled_from([0, 500, 900, 1000])),
        "min_day_wh": draw(st.sampled_from([0, 2000])),
        "window_hours": draw(windows),
        "rate_units_per_day": draw(UNITS),
    }
    if draw(st.booleans()):
        peaks["min_expected_slots"] = draw(st.integers(1, 100))
    return peaks


PERIODS = [
    parse_period("2026-01-15/2026-01-17", "Europe/Rome"),
    parse_period("2026-03-29", "Europe/Rome"),
    parse_period("2026-10-25", "Europe/Rome"),
]


@st.composite
def communities(draw: st.DrawFn, period: SettlementPeriod, slot_s: int, past_days: int = 0) -> Community:
    """Up to five members with up to three devices each; readings with gaps, memberships with bounds."""
    intervals = draw(st.sampled_from([[900], [900, 1800], [3600], [900, 3600], [1800]]))
    intervals = [one for one in intervals if one <= slot_s] or [900]
    # One drawn seed for all readings: drawing them one by one would exceed what hypothesis can hold.
    random = Random(draw(st.integers(0, 2**32)))  # noqa: S311 - test data
    devices = []
    for number in range(draw(st.integers(0, 5))):
        for part in range(draw(st.integers(1, 3))):
            interval_s = draw(st.sampled_from(intervals))
            first_s = period.start_s - past_days * 86_400
            gaps = draw(st.sampled_from([0.0, 0.02, 0.5]))
            readings = {
                slot_s: random.choice([0, random.randint(-900, 900), random.randint(0, 90)])
                for slot_s in range(first_s, period.end_s, interval_s)
                if random.random() >= gaps
            }
            bounds = sorted(draw(st.lists(st.integers(0, 30), min_size=2, max_size=2, unique=True)))
            cut = [None if draw(st.booleans()) else period.start_s + bound * 2700 for bound in bounds]
            devices.append(
                device(
                    f"{random.choice('aZé')}{number}",
                    f"d{number}-{part}",
                    readings,
                    interval_s=interval_s,
                    from_s=cut[0],
                    to_s=cut[1],
                    power_w=draw(st.sampled_from([0, 1, 3000])),
                    pod=draw(st.sampled_from([None, "p1", "p2"])),
                )
            )
    community = community_of(*devices, netting=draw(st.sampled_from(["none", "pod"])))
    return replace(community, roster=draw(st.sampled_from([(), ("without devices",)])))
