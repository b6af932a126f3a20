"""K15 and K17: a range beside earlier ones, beside the community, a group of similar members, a household norm."""

from collections.abc import Collection

from gettone.db.repositories.reference import Norm
from gettone.metering.indicators.arithmetic import rhe
from gettone.metering.indicators.comparison import DateRange, previous_range, same_of_last_year
from gettone.metering.indicators.figures import against_bp
from oracle.indicators.asking import Asking
from oracle.indicators.similar import similar_members
from oracle.indicators.widget import Cell

_DAYS_OF_A_YEAR = 365


def change_to_previous_bp(asking: Asking) -> int | None:
    """Change of consumption against the nearest earlier range of equal length and day types."""
    return _change(asking, previous_range(asking.asked, asking.query.registry.rules))


def change_to_last_year_bp(asking: Asking) -> int | None:
    """Change of consumption against the same range of last year."""
    return _change(asking, same_of_last_year(asking.asked, asking.query.registry.rules))


def community_mean_wh(asking: Asking) -> int | None:
    """Mean consumption [Wh] of the members who had a meter in the range; None where it may not be shown."""
    if asking.community_reason(asking.asked):
        return None
    return _mean(asking, asking.query.registry.member_ids)


def against_community_bp(asking: Asking) -> int | None:
    """A member's consumption against the community's mean."""
    return against_bp(asking.figures.load_wh, community_mean_wh(asking))


def against_similar_bp(asking: Asking) -> int | None:
    """A member's consumption against the mean of the stable group of at least five that the member is in."""
    if asking.member_id is None:
        return None
    members = similar_members(asking.database, asking.community_id, asking.member_id)
    return against_bp(asking.figures.load_wh, _mean(asking, members) if members else None)


def norm_of(asking: Asking) -> Norm | None:
    """The norm of households of a member's size; None without one, or where the size is not known."""
    if asking.member_id is None:
        return None
    people = asking.query.registry.members[asking.query.row_of(asking.member_id)].people
    return next((norm for norm in asking.norms() if norm.people == people), None)


def norm_wh(asking: Asking) -> int | None:
    """What a household of that size uses in as many days [Wh]; None where there is no norm."""
    norm = norm_of(asking)
    return None if norm is None else rhe(norm.year_wh * asking.asked.days, _DAYS_OF_A_YEAR)


def norm_note(asking: Asking) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    """Where the norm comes from, to be printed beside each figure that is compared with it; empty without one."""
    norm = norm_of(asking)
    return () if norm is None else (("norm", (norm.people, rhe(norm.year_wh, 1000), norm.source)),)


def against_norm_bp(asking: Asking) -> int | None:
    """A member's consumption against the norm of households of that size."""
    return against_bp(asking.figures.load_wh, norm_wh(asking))


def _change(asking: Asking, earlier: DateRange | None) -> int | None:
    if earlier is None or asking.whole_reason(earlier):
        return None
    then = asking.query.figures(earlier, asking.member_id)
    return against_bp(asking.figures.load_wh, then.load_wh) if then.trust.coverage_bp else None


def _mean(asking: Asking, member_ids: Collection[str]) -> int | None:
    figures = asking.query.members_figures(asking.asked)
    loads = [figures[one].load_wh for one in member_ids if figures[one].trust.coverage_bp is not None]
    return rhe(sum(loads), len(loads)) if loads else None
