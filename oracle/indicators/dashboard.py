"""The dashboard of a community or a member: level 1 is essential, level 2 the detail (ENEA report §4.3.9)."""

from collections.abc import Callable

from oracle.indicators.asking import Asking
from oracle.indicators.community_map import community_map
from oracle.indicators.day_clusters import day_clusters
from oracle.indicators.detail import anomalies, bands_and_base, extremes, mean_load, mean_power, ranking
from oracle.indicators.detail_tables import data_quality, found_anomalies, other_signals, user_clusters
from oracle.indicators.essential import community_card, consumption, daily_rates, day_type_profiles, load_last_week
from oracle.indicators.summary import summary
from oracle.indicators.widget import Widget

WidgetOf = Callable[[Asking], Widget]

LEVELS: dict[int, tuple[WidgetOf, ...]] = {
    1: (community_card, community_map, load_last_week, consumption, day_type_profiles, daily_rates, summary),
    2: (
        mean_load,
        mean_power,
        extremes,
        bands_and_base,
        anomalies,
        ranking,
        other_signals,
        day_clusters,
        user_clusters,
        found_anomalies,
        data_quality,
    ),
}


def dashboard(asking: Asking, level: int) -> tuple[Widget, ...]:
    """The widgets of a level, in the order of the report; each has its rows as JSON and CSV."""
    return tuple(widget(asking) for widget in LEVELS[level])
