"""The groups as one SVG picture: a panel each, its mean curve and the band of one standard deviation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from xml.sax.saxutils import escape

WIDTH, PANEL_HEIGHT, HEAD, LINE_HEIGHT = 760, 190, 46, 18
LEFT, RIGHT, TOP, BOTTOM = 76, 24, 34, 28
MOST_STEPS = 4
_LINES = ("#2c7a7b", "#7b4b00", "#5b3a8c", "#9b2c2c", "#2a4d8f", "#4d6b1f", "#8a3b6b", "#3e4c59", "#b7791f", "#276749")


@dataclass(frozen=True, slots=True)
class Panel:
    """One group: its heading, mean curve and standard deviation by column [W]."""

    heading: str
    mean_w: tuple[int, ...]
    sd_w: tuple[int, ...]


def draw(title: str, lines: Sequence[str], panels: Sequence[Panel], decimal_mark: str = ".") -> str:
    """An SVG document, readable without a style sheet; `lines` stand under the title, all panels have one scale."""
    head = HEAD + LINE_HEIGHT * len(lines)
    height = head + PANEL_HEIGHT * len(panels)
    scale = _Scale.over(max(mean + sd for one in panels for mean, sd in zip(one.mean_w, one.sd_w, strict=True)))
    words = escape("; ".join(one.heading for one in panels))
    under = "".join(
        f'<text x="24" y="{HEAD + LINE_HEIGHT * (at + 1) - 8}" font-size="12" fill="#52606d">{escape(line)}</text>\n'
        for at, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-labelledby="title desc" font-family="system-ui, sans-serif">\n'
        f'<title id="title">{escape(title)}</title>\n<desc id="desc">{words}</desc>\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#fbfaf7"/>\n'
        f'<text x="24" y="36" font-size="18" font-weight="600" fill="#1f2933">{escape(title)}</text>\n{under}'
        + "".join(
            _panel(one, _LINES[at % len(_LINES)], head + PANEL_HEIGHT * at, scale, decimal_mark)
            for at, one in enumerate(panels)
        )
        + "</svg>\n"
    )


class _Scale(NamedTuple):
    """An axis from 0 to `top_w` with a mark every `step_w` [W]."""

    step_w: int
    top_w: int

    @classmethod
    def over(cls, highest_w: int) -> "_Scale":
        """The finest scale of 1, 2 or 5 times a power of ten with at most four steps."""
        power = 1
        while True:
            for step_w in (power, 2 * power, 5 * power):
                steps = -(-max(highest_w, 1) // step_w)
                if steps <= MOST_STEPS:
                    return cls(step_w, steps * step_w)
            power *= 10

    def text(self, value_w: int, mark: str) -> str:
        """A mark of the axis for people: W, or kW with as many decimals as the steps have."""
        if self.top_w < 1000:
            return f"{value_w} W"
        decimals = next(at for at in range(4) if self.step_w * 10**at % 1000 == 0)
        whole, rest = divmod(value_w * 10**decimals // 1000, 10**decimals)
        return f"{whole}{mark}{rest:0{decimals}d} kW" if decimals else f"{whole} kW"


def _panel(panel: Panel, color: str, y: int, scale: _Scale, mark: str) -> str:
    pairs = list(zip(panel.mean_w, panel.sd_w, strict=True))
    high = _points([mean + sd for mean, sd in pairs], scale.top_w)
    low = _points([max(0, mean - sd) for mean, sd in pairs], scale.top_w)
    return (
        f'<g transform="translate(0 {y})">\n'
        f'<text x="{LEFT}" y="20" font-size="14" font-weight="600" fill="{color}">{escape(panel.heading)}</text>\n'
        + _axes(scale, mark)
        + f'<polygon points="{" ".join([*high, *reversed(low)])}" fill="{color}" fill-opacity="0.15"/>\n'
        f'<polyline points="{" ".join(_points(panel.mean_w, scale.top_w))}" fill="none" stroke="{color}" '
        'stroke-width="2"/>\n</g>\n'
    )


def _points(values: Sequence[int], top_w: int) -> list[str]:
    """Corners of a line over the day, each value in the middle of its column."""
    wide, high = WIDTH - LEFT - RIGHT, PANEL_HEIGHT - TOP - BOTTOM
    return [
        f"{LEFT + wide * (2 * column + 1) / (2 * len(values)):.1f},{TOP + high - high * value / top_w:.1f}"
        for column, value in enumerate(values)
    ]


def _axes(scale: _Scale, mark: str) -> str:
    bottom, right = PANEL_HEIGHT - BOTTOM, WIDTH - RIGHT
    hours = "".join(
        f'<text x="{LEFT + (right - LEFT) * hour / 24:.1f}" y="{bottom + 16}" font-size="11" text-anchor="middle" '
        f'fill="#52606d">{hour:02}:00</text>\n'
        for hour in range(0, 25, 3)
    )
    marks = []
    for value_w in range(0, scale.top_w + 1, scale.step_w):
        y = f"{bottom - (bottom - TOP) * value_w / scale.top_w:.1f}"
        color = "#e4e7eb" if value_w else "#9aa5b1"
        marks.append(
            f'<line x1="{LEFT}" y1="{y}" x2="{right}" y2="{y}" stroke="{color}"/>\n'
            f'<text x="{LEFT - 8}" y="{y}" dy="4" font-size="11" text-anchor="end" fill="#52606d">'
            f"{scale.text(value_w, mark)}</text>\n"
        )
    return "".join(marks) + hours
