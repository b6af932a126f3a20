"""A grouping as a picture for people: title, period and headings in their language."""

from datetime import date, timedelta

from gettone.clustering.picture import Panel, draw
from gettone.db.repositories.clusters import ClusterRow
from oracle.clustering.request import By, Mode
from oracle.clustering.shown import Shown
from oracle.indicators.wording import label_text
from oracle.indicators.words import Language, word

_TITLES = {
    Mode.USERS: ("Load curves of members", "Curve di carico dei membri"),
    Mode.DEVICES: ("Load curves of devices", "Curve di carico dei dispositivi"),
    Mode.DAYS: ("Load curves of days", "Curve di carico dei giorni"),
}
_KINDS = {
    By.SHAPE: ("alike in shape", "simili per forma"),
    By.USE_TYPE: ("by use", "per uso"),
    By.HOUSEHOLD_SIZE: ("by size of household", "per dimensione della famiglia"),
}
# How many curves a group has: one, and several.
_COUNTED = {
    Mode.USERS: (("member", "members"), ("membro", "membri")),
    Mode.DEVICES: (("device", "devices"), ("dispositivo", "dispositivi")),
    Mode.DAYS: (("day", "days"), ("giorno", "giorni")),
}
_LEGEND = (
    "Line: mean power. Band: one standard deviation more and less. Hours are local.",
    "Linea: potenza media. Fascia: una deviazione standard in più e in meno. Ore locali.",
)


def draw_shown(shown: Shown, community: str, language: Language) -> str:
    """The groups that somebody may see as an SVG document; `community` is its name."""
    config = shown.group.config
    own = 1 if language is Language.IT else 0
    title = f"{_TITLES[Mode(config['mode'])][own]}, {_KINDS[By(config['by'])][own]}"
    lines = (f"{community}, {_period_text(config['period'], language)}", _LEGEND[own])
    panels = [
        Panel(_heading(shown, one, language), one.curves["cluster_mean"], one.curves["cluster_sd"])
        for one in shown.clusters
    ]
    return draw(title, lines, panels, "," if language is Language.IT else ".")


def _heading(shown: Shown, cluster: ClusterRow, language: Language) -> str:
    config, size = shown.group.config, shown.size(cluster)
    own = 1 if language is Language.IT else 0
    counted = _COUNTED[Mode(config["mode"])][own][size != 1]
    by = By(config["by"])
    if by is By.USE_TYPE:
        name = word(f"use_{cluster.label}", language)
    elif by is By.HOUSEHOLD_SIZE:
        name = f"{cluster.label} {('persons', 'persone')[own]}"
    else:
        name = f"{('Group', 'Gruppo')[own]} {cluster.label}"
    return f"{name[:1].upper()}{name[1:]}: {shown.text(cluster, language.value)} ({size} {counted})"


def _period_text(period: str, language: Language) -> str:
    """A period as people write it; the second of two dates is the first that does not count."""
    first, _, end = period.partition("/")
    if not end:
        return label_text(period, language)
    last = date.fromisoformat(end) - timedelta(days=1)
    shown = (label_text(first, language), label_text(last.isoformat(), language))
    return "dal {} al {}".format(*shown) if language is Language.IT else "{} to {}".format(*shown)
