"""The groups as one SVG picture: a panel each, its mean curve and the band of one standard deviation."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, PANEL_HEIGHT, HEAD = 760, 190, 56
LEFT, RIGHT, TOP, BOTTOM = 70, 24, 34, 28
_LINES = ("#2c7a7b", "#7b4b00", "#5b3a8c", "#9b2c2c", "#2a4d8f", "#4d6b1f", "#8a3b6b", "#3e4c59", "#b7791f", "#276749")


@dataclass(frozen=True, slots=True)
class Panel:
    """One group: its heading, mean curve and standard deviation by column [W]."""

    heading: str
    mean_w: tuple[int, ...]
    sd_w: tuple[int, ...]


def draw(title: str, panels: Sequence[Panel]) -> str:
    """An SVG document, readable without a style sheet; all panels have one scale."""
    height = HEAD + PANEL_HEIGHT * len(panels)
    top_w = max(mean + sd for one in panels for mean, sd in zip(one.mean_w, one.sd_w, strict=True)) or 1
    words = escape("; ".join(one.heading for one in panels))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-labelledby="title desc" font-family="system-ui, sans-serif">\n'
        f'<title id="title">{escape(title)}</title>\n<desc id="desc">{words}</desc>\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#fbfaf7"/>\n'
        f'<text x="24" y="36" font-size="18" font-weight="600" fill="#1f2933">{escape(title)}</text>\n'
    )
    return head + "".join(_panel(one, number, top_w) for number, one in enumerate(panels)) + "</svg>\n"


def _panel(panel: Panel, number: int, top_w: int) -> str:
    y = HEAD + PANEL_HEIGHT * number
    color = _LINES[number % len(_LINES)]
    pairs = list(zip(panel.mean_w, panel.sd_w, strict=True))
    high = _points([mean + sd for mean, sd in pairs], top_w)
    low = _points([max(0, mean - sd) for mean, sd in pairs], top_w)
    return (
        f'<g transform="translate(0 {y})">\n'
        f'<text x="{LEFT}" y="20" font-size="14" font-weight="600" fill="{color}">{escape(panel.heading)}</text>\n'
        + _axes(top_w)
        + f'<polygon points="{" ".join([*high, *reversed(low)])}" fill="{color}" fill-opacity="0.15"/>\n'
        f'<polyline points="{" ".join(_points(panel.mean_w, top_w))}" fill="none" stroke="{color}" '
        'stroke-width="2"/>\n</g>\n'
    )


def _points(values: Sequence[int], top_w: int) -> list[str]:
    """Corners of a line over the day, each value in the middle of its column."""
    wide, high = WIDTH - LEFT - RIGHT, PANEL_HEIGHT - TOP - BOTTOM
    return [
        f"{LEFT + wide * (2 * column + 1) / (2 * len(values)):.1f},{TOP + high - high * value / top_w:.1f}"
        for column, value in enumerate(values)
    ]


def _axes(top_w: int) -> str:
    bottom, right = PANEL_HEIGHT - BOTTOM, WIDTH - RIGHT
    hours = "".join(
        f'<text x="{LEFT + (right - LEFT) * hour / 24:.1f}" y="{bottom + 16}" font-size="11" text-anchor="middle" '
        f'fill="#52606d">{hour}</text>\n'
        for hour in range(0, 25, 3)
    )
    return (
        f'<line x1="{LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}" stroke="#9aa5b1"/>\n'
        f'<line x1="{LEFT}" y1="{TOP}" x2="{right}" y2="{TOP}" stroke="#e4e7eb"/>\n'
        f'<text x="{LEFT - 8}" y="{TOP + 4}" font-size="11" text-anchor="end" fill="#52606d">{top_w} W</text>\n'
        f'<text x="{LEFT - 8}" y="{bottom}" font-size="11" text-anchor="end" fill="#52606d">0</text>\n{hours}'
    )
