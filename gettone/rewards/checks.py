"""What a reward calculation refuses before it begins (specification §1, §7)."""

from collections.abc import Sequence
from itertools import pairwise

from gettone.errors import InputError
from gettone.rewards.inputs import NETTING_NONE, NETTING_POD, Community, Membership
from gettone.rewards.model import Model
from gettone.types import SettlementPeriod


def check_inputs(community: Community, model: Model, period: SettlementPeriod) -> None:
    """Refuse inputs for which the rules give no figure; InputError names the device, zone or option."""
    slot_s = model.sharing.slot_s
    _check_netting(community.netting, model)
    _check_period(period, slot_s)
    _check_intervals(community, slot_s)
    overlap = first_overlap(community.memberships)
    if overlap is not None:
        device = community.memberships[overlap].device
        raise InputError(
            "membership_overlap",
            f"device {device!r} is in two memberships at once: end the earlier before the later begins",
        )


def first_overlap(memberships: Sequence[Membership]) -> int | None:
    """Number of the first membership whose device is in another one at the same time, or None."""
    latest: dict[str, Membership] = {}
    in_order = sorted(enumerate(memberships), key=lambda item: (item[1].from_s is not None, item[1].from_s or 0))
    overlapping = []
    for number, one in in_order:
        before = latest.get(one.device)
        if before and (before.to_s is None or one.from_s is None or one.from_s < before.to_s):
            overlapping.append(number)
        else:
            latest[one.device] = one
    return min(overlapping, default=None)


def _check_netting(netting: str, model: Model) -> None:
    if netting not in (NETTING_NONE, NETTING_POD):
        raise InputError("netting", f"netting is {netting!r}, and must be none or pod")
    if netting == NETTING_POD and model.sharing.basis == "physical":
        raise InputError(
            "netting_physical",
            "basis physical compares production with load and forbids netting by POD: use --netting none",
        )


def _check_period(period: SettlementPeriod, slot_s: int) -> None:
    offsets = [offset_s for _, offset_s in period.clock.points]
    if any(instant % slot_s for instant in (period.start_s, period.end_s, *offsets)):
        raise InputError(
            "timezone_midnight",
            f"time zone {period.timezone!r} cannot be used with slots of {slot_s} s: its midnights fall"
            " inside a slot; take a model with shorter slots",
        )


def _check_intervals(community: Community, slot_s: int) -> None:
    known = {}
    for membership in community.memberships:
        device = membership.device
        series = community.series.get(device)
        if series is None:
            raise InputError("series_missing", f"device {device!r} of a member has no series of readings")
        if series.interval_s > slot_s:
            raise InputError(
                "interval_too_long",
                f"device {device!r} has readings of {series.interval_s} s, longer than the model's slot of {slot_s} s",
            )
        known[series.interval_s] = device
    ascending = [*sorted(known), slot_s]
    for finer_s, coarser_s in pairwise(ascending):
        if finer_s <= 0 or coarser_s % finer_s:
            raise InputError(
                "interval_mixture",
                f"device {known[finer_s]!r} has readings of {finer_s} s, which do not divide slots of {coarser_s} s",
            )
