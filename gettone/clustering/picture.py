"""The groups as one SVG picture: a panel each, its mean curve and the band of one standard deviation."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from gettone.clustering.outcome import CurveGroup

WIDTH, PANEL_HEIGHT, HEAD = 760, 190, 56
LEFT, RIGHT, TOP, BOTTOM = 70, 24, 34, 28
_LINES = ("#2c7a7b", "#7b4b00", "#5b3a8c", "#9b2c2c", "#2a4d8f", "#4d6b1f", "#8a3b6b", "#3e4c59", "#b7791f", "#276749")


def draw(title: str, groups: Sequence[CurveGroup], language: str = "en") -> str:
    """An SVG document, readable without a style sheet; `language` is `en` or `it`."""
    height = HEAD + PANEL_HEIGHT * len(groups)
    top_w = max(max(one.mean_w[i] + one.sd_w[i] for i in range(len(one.mean_w))) for one in groups) or 1
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-labelledby="title desc" font-family="system-ui, sans-serif">\n'
        f'<title id="title">{escape(title)}</title>\n<desc id="desc">{escape(_description(groups, language))}</desc>\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#fbfaf7"/>\n'
        f'<text x="24" y="36" font-size="18" font-weight="600" fill="#1f2933">{escape(title)}</text>\n'
    )
    panels = (_panel(one, number, top_w, language) for number, one in enumerate(groups))
    return head + "".join(panels) + "</svg>\n"


def _text(group: CurveGroup, language: str) -> str:
    return group.facts.italian if language == "it" else group.facts.english


def _description(groups: Sequence[CurveGroup], language: str) -> str:
    return "; ".join(f"{one.label} ({len(one.members)}): {_text(one, language)}" for one in groups)


def _panel(group: CurveGroup, number: int, top_w: int, language: str) -> str:
    y = HEAD + PANEL_HEIGHT * number
    color = _LINES[number % len(_LINES)]
    high = _points([a + b for a, b in zip(group.mean_w, group.sd_w, strict=True)], top_w)
    low = _points([max(0, a - b) for a, b in zip(group.mean_w, group.sd_w, strict=True)], top_w)
    heading = f"{group.label}  {_text(group, language)}  ({len(group.members)})"
    return (
        f'<g transform="translate(0 {y})">\n'
        f'<text x="{LEFT}" y="20" font-size="14" font-weight="600" fill="{color}">{escape(heading)}</text>\n'
        + _axes(top_w)
        + f'<polygon points="{" ".join([*high, *reversed(low)])}" fill="{color}" fill-opacity="0.15"/>\n'
        f'<polyline points="{" ".join(_points(group.mean_w, top_w))}" fill="none" stroke="{color}" '
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
